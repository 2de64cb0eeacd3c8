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
	if len(s) < 8 || len(s) > 35 {
		return date{}
	}
	f, ok := dateFieldsOf(s)
	if !ok {
		return date{}
	}
	d := f.date()
	if f.end < len(s) {
		clock, offset, ok := scanClock(s[f.end:])
		if !ok || d.form == notDate {
			return date{}
		}
		d.form++ // the form with a time
		d.clock, d.offset = clock, offset
	}
	d.midnight = d.clock == 0
	if !d.possible() {
		return date{}
	}
	return d
}

// dateFields are the three numbers that a date begins with, and how many digits
// each is written in.
type dateFields struct {
	value, width [3]int
	sep          byte
	end          int // where they end
}

// dateFieldsOf reads three numbers that one sign sets apart.
func dateFieldsOf(s string) (f dateFields, ok bool) {
	f.value[0], f.width[0] = digitsAt(s, 0)
	f.end = f.width[0]
	if f.end == 0 || strings.IndexByte("-/.", s[f.end]) < 0 {
		return f, false
	}
	f.sep = s[f.end]
	for k := 1; k < len(f.value); k++ {
		if f.end >= len(s) || s[f.end] != f.sep {
			return f, false
		}
		f.value[k], f.width[k] = digitsAt(s, f.end+1)
		f.end += 1 + f.width[k]
	}
	return f, f.width[1] == 1 || f.width[1] == 2
}

// date tells which of the fields is the year, by how many digits they have.
func (f dateFields) date() date {
	switch w := f.width; {
	case w[0] == 4 && (w[2] == 1 || w[2] == 2) && f.sep != '.':
		return date{form: isoDate, year: f.value[0], a: f.value[2], b: f.value[1]}
	case w[0] <= 2 && w[2] == 4:
		return date{form: slashDate, year: f.value[2], a: f.value[0], b: f.value[1]}
	}
	return date{}
}

// possible tells whether the calendar has the day; of a slash form, whether it
// may have it, months first or days.
func (d date) possible() bool {
	if min(d.year, d.a, d.b) < 1 || max(d.a, d.b) > 31 || min(d.a, d.b) > 12 {
		return false
	}
	return d.form > isoTime || valid(d.year, d.b, d.a)
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
