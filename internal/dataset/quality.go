package dataset

import (
	"slices"
	"time"
)

// Criterion is one thing that makes a dataset usable. They follow the quality
// score of data.gouv.fr (udata, Dataset.compute_quality), as far as harvested
// metadata tell.
type Criterion string

// The closed list of criteria.
const (
	HasLicence     Criterion = "licence"
	HasPeriod      Criterion = "period"
	HasSpatial     Criterion = "spatial"
	HasFrequency   Criterion = "frequency"
	UpToDate       Criterion = "up_to_date"  // judged only where the frequency says when an update is due
	HasDescription Criterion = "description" // more than 100 characters
	HasOpenFormat  Criterion = "open_format" // judged only where there are files
)

// Quality says which criteria a dataset meets.
type Quality struct {
	Met, Missing []Criterion
}

// Score is the share of the judged criteria that are met, 0 to 1.
func (q Quality) Score() float64 {
	n := len(q.Met) + len(q.Missing)
	if n == 0 {
		return 0
	}
	return float64(len(q.Met)) / float64(n)
}

// closedFormats are those that data.gouv.fr does not count as open.
var closedFormats = []string{"", "pdf", "doc", "docx", "word", "xls", "excel", "xlsx"}

// QualityOf judges a dataset on a day.
func QualityOf(d Dataset, now time.Time) Quality {
	var q Quality
	judge := func(c Criterion, met bool) {
		if met {
			q.Met = append(q.Met, c)
		} else {
			q.Missing = append(q.Missing, c)
		}
	}
	judge(HasLicence, d.Licence.ID != "" && d.Licence.ID != "notspecified" || d.Licence.Title != "")
	judge(HasPeriod, d.Period.Start != "" || d.Period.End != "")
	judge(HasSpatial, d.Spatial != "")
	judge(HasFrequency, d.Frequency != "" && d.Frequency != "unknown")
	if stale, ok := Stale(d, now); ok {
		judge(UpToDate, !stale)
	}
	judge(HasDescription, len([]rune(d.Description)) > 100)
	if len(d.Distributions) > 0 {
		judge(HasOpenFormat, slices.ContainsFunc(d.Distributions, func(x Distribution) bool { return !slices.Contains(closedFormats, x.Format) }))
	}
	return q
}

// periods are the longest waits between two updates by declared frequency, in days.
var periods = map[string]int{
	"daily": 1, "semiweekly": 4, "weekly": 7, "semimonthly": 16, "fortnightly": 14, "biweekly": 14, "monthly": 31, "bimonthly": 62, "quarterly": 92,
	"threeTimesAYear": 123, "semiannual": 184, "biannual": 184, "biannually": 184, "annual": 366, "annually": 366, "yearly": 366, "biennial": 731, "triennial": 1096, "quadrennial": 1461, "quinquennial": 1827, "decennial": 3653,
}

// Stale tells whether a dataset is overdue by its declared frequency; ok is
// false where the frequency or the last update does not tell.
func Stale(d Dataset, now time.Time) (stale, ok bool) {
	days, known := periods[d.Frequency]
	if !known || d.Modified.IsZero() {
		return false, false
	}
	return now.Sub(d.Modified) > time.Duration(days+1)*24*time.Hour, true
}
