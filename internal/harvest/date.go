package harvest

import (
	"regexp"
	"strings"
	"time"

	"cigogne/internal/dataset"
)

// layouts of the instants that portals write. Those without a zone are UTC.
var layouts = []string{
	time.RFC3339Nano,
	"2006-01-02T15:04:05.999999999",
	"2006-01-02T15:04:05-0700",
	"2006-01-02T15:04",
	"2006-01-02 15:04:05.999999999Z07:00",
	"2006-01-02 15:04:05.999999999",
	"2006-01-02 15:04",
	"2006-01-02",
	"2006/01/02",
	"02/01/2006 15:04:05",
	"02/01/2006 15:04",
	"02/01/2006",
	"02-01-2006",
	"02.01.2006",
	"20060102",
	time.RFC1123,
	time.RFC1123Z,
}

var dkanDate = regexp.MustCompile(`^\p{L}+\.?,?\s+(\d{1,2}/\d{1,2}/\d{4})\s*-\s*(\d{1,2}:\d{2})$`)

// Time reads an instant as portals write them: ISO with or without a zone, day
// first with slashes, "mar, 10/12/2019 - 09:23". The zero time where it cannot.
func Time(s string) time.Time {
	s = strings.TrimSpace(s)
	if m := dkanDate.FindStringSubmatch(s); m != nil {
		s = m[1] + " " + m[2]
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil && t.Year() >= 1600 && t.Year() < 3000 {
			return t.UTC()
		}
	}
	return time.Time{}
}

var (
	year  = regexp.MustCompile(`^[12]\d{3}$`)
	month = regexp.MustCompile(`^[12]\d{3}-(0[1-9]|1[0-2])$`)
)

// Day reads a bound of a period: an ISO date, month or year, or a date in
// another form, as an ISO date. "" where it cannot.
func Day(s string) string {
	s = strings.TrimSpace(s)
	if year.MatchString(s) || month.MatchString(s) {
		return s
	}
	if t := Time(s); !t.IsZero() {
		return t.Format(time.DateOnly)
	}
	return ""
}

// Period reads "2011-01-01/2011-12-31", "2011 - 2013" or one date or year.
func Period(s string) dataset.Period {
	for _, sep := range []string{"/", " - ", " – ", " à ", " to "} {
		if a, b, ok := strings.Cut(s, sep); ok {
			p := dataset.Period{Start: Day(a), End: Day(b)}
			if p != (dataset.Period{}) {
				return p
			}
		}
	}
	if len(s) == 9 && s[4] == '-' && year.MatchString(s[:4]) && year.MatchString(s[5:]) {
		return dataset.Period{Start: s[:4], End: s[5:]}
	}
	d := Day(s)
	return dataset.Period{Start: d, End: d}
}

// frequencies by the words that portals use for them, folded to lower case
// without separators: EU authority, Dublin Core, ISO 19115, CKAN, udata, French.
var frequencies = map[string]string{
	"continuous": "continuous", "continual": "continuous", "cont": "continuous", "updatecont": "continuous", "realtime": "continuous", "tempsréel": "continuous", "tempsreel": "continuous", "encontinu": "continuous", "continue": "continuous",
	"hourly": "hourly", "horaire": "hourly", "bihourly": "hourly", "trihourly": "hourly", "12hrs": "daily", "daily2": "daily", "semidaily": "daily", "threetimesaday": "daily",
	"daily": "daily", "quotidienne": "daily", "quotidien": "daily", "journalière": "daily", "journalier": "daily", "touslesjours": "daily",
	"weekly": "weekly", "hebdomadaire": "weekly",
	"fortnightly": "fortnightly", "fortnighly": "fortnightly", "biweekly": "fortnightly", "bimensuelle": "fortnightly", "bimensuel": "fortnightly",
	"weekly2": "semiweekly", "semiweekly": "semiweekly", "weekly3": "semiweekly", "threetimesaweek": "semiweekly", "weekly5": "daily", "fivetimesaweek": "daily", "workingdays": "daily",
	"monthly2": "semimonthly", "semimonthly": "semimonthly", "monthly3": "semimonthly", "threetimesamonth": "semimonthly",
	"annual3": "threeTimesAYear", "threetimesayear": "threeTimesAYear",
	"monthly": "monthly", "mensuelle": "monthly", "mensuel": "monthly",
	"bimonthly": "bimonthly", "bimestrielle": "bimonthly", "bimestriel": "bimonthly",
	"quarterly": "quarterly", "trimestrielle": "quarterly", "trimestriel": "quarterly",
	"biannual": "biannual", "biannually": "biannual", "biannualy": "biannual", "annual2": "biannual", "semestrielle": "biannual", "semestriel": "biannual", "semiannual": "biannual",
	"annual": "annual", "annually": "annual", "yearly": "annual", "annuelle": "annual", "annuel": "annual",
	"biennial": "biennial", "biennially": "biennial", "bisannuelle": "biennial", "bisannuel": "biennial", "biennale": "biennial",
	"triennial": "triennial", "triennale": "triennial", "quadrennial": "quadrennial", "quinquennial": "quinquennial", "quinquennale": "quinquennial",
	"quadrennale": "quadrennial", "decennial": "decennial", "décennale": "decennial", "bidecennial": "bidecennial", "tridecennial": "tridecennial",
	"irregular": "irregular", "irreg": "irregular", "irrégulière": "irregular", "irregulière": "irregular", "irrégulier": "irregular",
	"asneeded": "asNeeded", "sibesoin": "asNeeded", "aubesoin": "asNeeded", "lorsquenécessaire": "asNeeded",
	"punctual": "punctual", "ponctuelle": "punctual", "ponctuel": "punctual", "once": "punctual",
	"never": "never", "jamais": "never", "notplanned": "notPlanned", "nonplanifiée": "notPlanned",
	"unknown": "", "unkn": "", "inconnue": "", "inconnu": "", "other": "", "autre": "", "notspecified": "",
}

// maxLine bounds values that should be a few words.
const maxLine = 300

// Frequency names a declared update frequency in one vocabulary (daily, weekly,
// monthly, quarterly, annual …), whichever the portal uses; what is in none is
// kept as it is, "unknown" is "".
func Frequency(s string) string {
	s = Line(s)
	last := s
	if i := strings.LastIndexAny(s, "/#"); i >= 0 && strings.Contains(s, "://") {
		last = s[i+1:]
	}
	key := strings.Map(func(r rune) rune {
		if r == ' ' || r == '_' || r == '-' {
			return -1
		}
		return r
	}, strings.ToLower(last))
	if known, ok := frequencies[key]; ok {
		return known
	}
	if p := isoPeriod.FindStringSubmatch(last); p != nil {
		return durations[p[1]]
	}
	return cut(s, maxLine)
}

var isoPeriod = regexp.MustCompile(`^(?:R/)?P(\d+[YMWD])$`)

var durations = map[string]string{
	"1D": "daily", "7D": "weekly", "1W": "weekly", "2W": "fortnightly", "14D": "fortnightly", "15D": "fortnightly",
	"1M": "monthly", "2M": "bimonthly", "3M": "quarterly", "6M": "biannual", "1Y": "annual", "12M": "annual", "2Y": "biennial", "3Y": "triennial", "5Y": "quinquennial",
}
