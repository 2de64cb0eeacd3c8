package harvest

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
)

// layouts of the instants that portals write. Those without a zone are UTC.
var layouts = []string{
	time.RFC3339Nano,
	"2006-01-02T15:04:05.999999999",
	"2006-01-02T15:04:05-0700",
	"2006-01-02T15:04Z07:00",
	"2006-01-02T15:04",
	"2006-01-02T15",
	"2006-01-02 15:04:05.999999999Z07:00",
	"2006-01-02 15:04:05.999999999 Z0700",
	"2006-01-02 15:04:05.999999999 MST",
	"2006-01-02 15:04:05.999999999",
	"2006-01-02 15:04",
	"2006-01-02Z07:00", // a date of XML Schema
	"2006-1-2",
	"2006/1/2",
	"2006.1.2",
	"2/1/2006 15:04:05",
	"2/1/2006 15:04",
	"2/1/2006",
	"2-1-2006",
	"2.1.2006",
	"20060102",
	"20060102T150405Z0700",
	time.RFC1123,
	time.RFC1123Z,
	"2006-01", // a month or a year is its first day
	"2006",
}

var (
	dkanDate = regexp.MustCompile(`^\p{L}+\.?,?\s+(\d{1,2}/\d{1,2}/\d{4})\s*-\s*(\d{1,2}:\d{2})$`)
	epoch    = regexp.MustCompile(`^\d{10}(?:\d{3})?(?:\.\d+)?$`)
)

// Time reads an instant as portals write them: ISO with or without a zone, day
// first with slashes, "mar, 10/12/2019 - 09:23", in words ("1er mars 2021"), as
// seconds or milliseconds since 1970. A month or a year is its first day. The
// zero time where it cannot.
func Time(s string) time.Time {
	s = strings.TrimSpace(s)
	if m := dkanDate.FindStringSubmatch(s); m != nil {
		s = m[1] + " " + m[2]
	}
	s = strings.Replace(s, "T24:00:00", "T00:00:00", 1)
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil {
			return sensible(t)
		}
	}
	if epoch.MatchString(s) {
		seconds, _ := strconv.ParseFloat(s, 64)
		if seconds >= 1e12 {
			seconds /= 1000
		}
		return sensible(time.UnixMilli(int64(seconds * 1000)))
	}
	return sensible(written(s))
}

// sensible leaves out years in which no data was published.
func sensible(t time.Time) time.Time {
	if t.Year() < 1600 || t.Year() >= 3000 {
		return time.Time{}
	}
	return t.UTC()
}

// dated are a day (optional), the name of a month and a year; beside them at most
// the name of a weekday and a time of day.
var dated = regexp.MustCompile(`^(?:le |the )?(?:\p{L}+\.?,? )?(?:(\d{1,2})(?:er|st|nd|rd|th|\.)? )?(\p{L}{3,})\.?,? (?:(\d{1,2})(?:st|nd|rd|th)?,? )?(\d{4})(?:,? (?:à |at |um )?\d{1,2}(?:[:h]\d{2})*)?$`)

// written reads a date in words, in any language spoken here: "le mardi 2 août
// 2021 à 10:05", "February 28, 2021", "mars 2021".
func written(s string) time.Time {
	m := dated.FindStringSubmatch(strings.ToLower(Line(s)))
	if m == nil || m[1] != "" && m[3] != "" {
		return time.Time{}
	}
	month := monthNamed(lang.Fold(m[2]))
	if month == 0 {
		return time.Time{}
	}
	day, err := strconv.Atoi(m[1] + m[3])
	if err != nil {
		day = 1
	}
	year, _ := strconv.Atoi(m[4])
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if t.Day() != day {
		return time.Time{}
	}
	return t
}

// monthNamed is the month that a folded name or its beginning means: "fevr", "sept";
// 0 where none or several begin so.
func monthNamed(name string) int {
	found := 0
	for full, month := range months() {
		switch {
		case full == name:
			return month
		case !strings.HasPrefix(full, name) || month == found:
		case found != 0:
			return 0
		default:
			found = month
		}
	}
	return found
}

// months are the folded names of months in every language spoken, and their
// number.
var months = sync.OnceValue(func() map[string]int {
	all := map[string]int{}
	for _, l := range lang.Spoken {
		for m := 1; m <= 12; m++ {
			all[lang.Fold(lang.Month(m, l))] = m
		}
	}
	return all
})

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

var (
	dcmi      = regexp.MustCompile(`(?i)\b(start|end)\s*=\s*([^;]*)`) // DCMI's encoding of a period
	opening   = regexp.MustCompile(`(?i)^(?:du|de|from|von|vom|entre|between)\s+`)
	since     = regexp.MustCompile(`(?i)^(?:depuis|since|seit|à partir de|from|ab)\s+(?:le\s+|the\s+)?(.+)$`)
	until     = regexp.MustCompile(`(?i)^(?:jusqu['’](?:à|en|au)|until|bis)\s+(.+)$`)
	separator = regexp.MustCompile(`\s*/\s*|\s+[-–—]\s+|\s+(?:à|au|to|bis|et|and|until)\s+|[–—]`)
)

// Period reads "2011-01-01/2011-12-31", "2011 - 2013", "du 01/01/2011 au
// 31/12/2013", "depuis 2011", DCMI's "start=2011; end=2013", a list of years, or
// one date or year.
func Period(s string) dataset.Period {
	s = Line(s)
	if bounds := dcmi.FindAllStringSubmatch(s, -1); bounds != nil {
		return named(bounds)
	}
	if d := Day(s); d != "" {
		return dataset.Period{Start: d, End: d}
	}
	for _, at := range separator.FindAllStringIndex(s, -1) {
		p := dataset.Period{Start: Day(opening.ReplaceAllString(s[:at[0]], "")), End: Day(s[at[1]:])}
		if a, b := strings.TrimSpace(s[:at[0]]), strings.TrimSpace(s[at[1]:]); p.Start != "" && (p.End != "" || b == "" || b == ".." || b == "...") || p.End != "" && (a == "" || a == "..") {
			return p
		}
	}
	if m := since.FindStringSubmatch(s); m != nil {
		return dataset.Period{Start: Day(m[1])}
	}
	if m := until.FindStringSubmatch(s); m != nil {
		return dataset.Period{End: Day(m[1])}
	}
	return years(s)
}

// named are the bounds that DCMI's encoding names.
func named(bounds [][]string) (p dataset.Period) {
	for _, b := range bounds {
		if strings.EqualFold(b[1], "start") {
			p.Start = Day(b[2])
		} else {
			p.End = Day(b[2])
		}
	}
	return p
}

// years are a list of years, or two with a dash between.
func years(s string) (p dataset.Period) {
	for _, y := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" ,;-|[]\"'", r) }) {
		if !year.MatchString(y) {
			return dataset.Period{}
		}
		if p.Start == "" || y < p.Start {
			p.Start = y
		}
		p.End = max(p.End, y)
	}
	return p
}

// PeriodOf reads a period in whichever form JSON has it: a text, a pair of
// bounds, an object that names them, or a list of any of these, which it spans.
func PeriodOf(v any) dataset.Period {
	switch v := v.(type) {
	case map[string]any:
		return periodOfObject(v)
	case []any:
		return periodOfList(v)
	case string:
		s := strings.TrimSpace(v)
		if strings.HasPrefix(s, "{") || strings.HasPrefix(s, "[") {
			var inner any
			if Decode([]byte(s), &inner) == nil {
				return PeriodOf(inner)
			}
		}
	}
	return Period(Text(v))
}

func periodOfObject(o Object) dataset.Period {
	if l := o.List("interval"); len(l) > 0 {
		return PeriodOf(l)
	}
	p := dataset.Period{Start: Day(o.Text("start", "startDate", "start_date", "from", "begin", "beginning", "gte", "min")), End: Day(o.Text("end", "endDate", "end_date", "to", "until", "lte", "max"))}
	if p == (dataset.Period{}) {
		p = Period(o.Text("date", "timestamp", "value", "label"))
	}
	return p
}

// periodOfList reads a pair of bounds, or what spans several periods.
func periodOfList(v []any) dataset.Period {
	if len(v) == 2 {
		a, b := Day(Text(v[0])), Day(Text(v[1]))
		if _, nested := v[0].([]any); !nested && (a != "" || b != "") {
			return dataset.Period{Start: a, End: b}
		}
	}
	var span dataset.Period
	for i, e := range v {
		p := PeriodOf(e)
		if i == 0 || p.Start != "" && p.Start < span.Start {
			span.Start = p.Start
		}
		span.End = max(span.End, p.End)
	}
	return span
}
