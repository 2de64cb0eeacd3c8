package table

import (
	"strings"
	"time"
)

// dateForm is how a cell writes a date.
type dateForm uint8

const (
	notDate   dateForm = iota
	isoDate            // 2021-03-12, 2021/03/12
	isoTime            // 2021-03-12T08:30:00+01:00, 2021-03-12 08:30
	slashDate          // 12/03/2021, 12-03-2021, 12.03.2021: day first unless the column says otherwise
	slashTime          // 12/03/2021 08:30:00
	dateForms
)

// date is a cell taken apart. For slash forms a and b are the first two
// fields: day and month, or month and day.
type date struct {
	form     dateForm
	year     int
	a, b     int
	clock    time.Duration // since midnight, as written: an offset is not applied
	offset   bool          // an offset or Z was written
	midnight bool
}

// scanDate takes a trimmed cell apart.
func scanDate(s string) date {
	if len(s) < 8 || len(s) > 35 || s[0] < '0' || s[0] > '9' {
		return date{}
	}
	first, i := digitsAt(s, 0)
	if i == 0 || i >= len(s) {
		return date{}
	}
	sep := s[i]
	if sep != '-' && sep != '/' && sep != '.' {
		return date{}
	}
	second, n := digitsAt(s, i+1)
	j := i + 1 + n
	if n == 0 || n > 2 || j >= len(s) || s[j] != sep {
		return date{}
	}
	third, n := digitsAt(s, j+1)
	end := j + 1 + n
	var d date
	switch {
	case i == 4 && n >= 1 && n <= 2 && sep != '.':
		d = date{form: isoDate, year: first, a: third, b: second}
	case i <= 2 && n == 4:
		d = date{form: slashDate, year: third, a: first, b: second}
	default:
		return date{}
	}
	if end < len(s) {
		clock, offset, ok := scanClock(s[end:])
		if !ok {
			return date{}
		}
		d.form++ // the form with a time
		d.clock, d.offset = clock, offset
	}
	d.midnight = d.clock == 0
	if d.year < 1 || d.a < 1 || d.b < 1 || d.a > 31 || d.b > 31 || d.a > 12 && d.b > 12 {
		return date{}
	}
	if d.form <= isoTime && !valid(d.year, d.b, d.a) {
		return date{}
	}
	return d
}

// valid tells whether the calendar has the day.
func valid(year, month, day int) bool {
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return t.Day() == day && int(t.Month()) == month
}

// at returns the instant as written, in UTC by convention.
func (d date) at(monthFirst bool) (time.Time, bool) {
	day, month := d.a, d.b
	if monthFirst && (d.form == slashDate || d.form == slashTime) {
		day, month = month, day
	}
	if !valid(d.year, month, day) {
		return time.Time{}, false
	}
	return time.Date(d.year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Add(d.clock), true
}

// scanClock reads "T08:30", " 08:30:15.250", with or without Z or an offset.
func scanClock(s string) (clock time.Duration, offset, ok bool) {
	if s[0] != 'T' && s[0] != ' ' {
		return 0, false, false
	}
	s = s[1:]
	if cut := strings.TrimSuffix(s, "Z"); cut != s {
		s, offset = cut, true
	} else if i := strings.LastIndexAny(s, "+-"); i > 0 {
		o := strings.Replace(s[i+1:], ":", "", 1)
		if !allDigits(o) || len(o) != 2 && len(o) != 4 {
			return 0, false, false
		}
		s, offset = s[:i], true
	}
	s, frac, _ := strings.Cut(s, ".")
	layout := "15:04:05"
	if strings.Count(s, ":") == 1 {
		layout = "15:04"
	}
	t, err := time.Parse(layout, s)
	if err != nil {
		return 0, false, false
	}
	clock = time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute + time.Duration(t.Second())*time.Second
	if frac != "" {
		f, err := time.ParseDuration("0." + frac + "s")
		if err != nil || len(frac) > 9 || !allDigits(frac) {
			return 0, false, false
		}
		clock += f
	}
	return clock, offset, true
}

// digitsAt reads up to four digits of s from i on.
func digitsAt(s string, i int) (v, n int) {
	for n < 4 && i+n < len(s) && s[i+n] >= '0' && s[i+n] <= '9' {
		v = v*10 + int(s[i+n]-'0')
		n++
	}
	return v, n
}
