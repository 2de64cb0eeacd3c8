package table

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// numberFormat is what a cell's format makes of its number.
type numberFormat struct {
	scale                int // times it is shown divided by 1000
	date, clock, percent bool
	lasting              bool // hours past 24: how long, not what time
	width                int  // digits to fill with zeros: "00000" shows a postcode whole
}

// builtIn are the formats that a range of ids means, whatever their code.
var builtIn = []struct {
	first, last int
	format      numberFormat
}{
	{9, 10, numberFormat{percent: true}},
	{14, 17, numberFormat{date: true}},
	{18, 21, numberFormat{clock: true}},
	{22, 22, numberFormat{date: true, clock: true}},
	{27, 36, numberFormat{date: true}},
	{45, 45, numberFormat{clock: true}},
	{46, 46, numberFormat{clock: true, lasting: true}}, // [h]:mm:ss
	{47, 47, numberFormat{clock: true}},
	{50, 58, numberFormat{date: true}},
}

// formatOfNumber reads a number format: a built-in by its id, else its code.
func formatOfNumber(id, code string) numberFormat {
	n, _ := strconv.Atoi(id)
	for _, b := range builtIn {
		if n >= b.first && n <= b.last {
			return b.format
		}
	}
	code, _, _ = strings.Cut(code, ";")
	if len(code) > 1 && len(code) < 20 && strings.Trim(code, "0") == "" {
		return numberFormat{width: len(code)}
	}
	b := bareCode(code)
	if strings.Contains(b, "general") {
		return numberFormat{}
	}
	f := numberFormat{percent: strings.Contains(b, "%")} // a quoted one is but a word
	if digits := strings.TrimRight(b, " "); !strings.Contains(digits, ".") {
		f.scale = len(digits) - len(strings.TrimRight(digits, ","))
	}
	f.date = strings.ContainsAny(b, "dyj") || hasOne(b, "aa", "mmm")
	f.lasting = !f.date && hasOne(strings.ToLower(code), "[h", "[m", "[s")
	f.clock = f.lasting || hasOne(b, "h", "ss")
	return f
}

func hasOne(s string, parts ...string) bool {
	return slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(s, p) })
}

// bareCode is a format's code without quoted text, escapes, colours and locales,
// its letters small.
func bareCode(code string) string {
	var bare strings.Builder
	for i := 0; i < len(code); i++ {
		switch code[i] {
		case '"', '[':
			end := byte('"')
			if code[i] == '[' {
				end = ']'
			}
			j := strings.IndexByte(code[i+1:], end)
			if j < 0 {
				return bare.String()
			}
			i += j + 1
		case '\\', '_', '*':
			i++
		default:
			bare.WriteByte(code[i] | 0x20)
		}
	}
	return bare.String()
}

// show writes a number as its format means it: dates as ISO, percentages with
// their sign, codes with their zeros, the rest in full.
func (f numberFormat) show(s string, epoch time.Time) string {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return s
	}
	switch {
	case (f.date || f.clock) && v >= 0 && v < 2_958_466: // year 9999
		if shown, ok := f.moment(v, epoch); ok {
			return shown
		}
	case f.percent:
		return strconv.FormatFloat(math.Round(v*1e12)/1e10, 'f', -1, 64) + "%"
	case f.width > 0 && v >= 0 && v == math.Trunc(v) && len(s) < f.width:
		return strings.Repeat("0", f.width-len(s)) + s
	}
	if allDigits(strings.TrimPrefix(s, "-")) {
		return s
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// moment writes a number of days as the date, the clock or the hours it means; ok
// is false where a clock shows a number of days as well.
func (f numberFormat) moment(v float64, epoch time.Time) (shown string, ok bool) {
	if f.lasting {
		return hours(v * 24), true
	}
	if v >= 1 && v < 60 && epoch.Day() == 30 && f.date { // the 29th of February 1900 is a day for spreadsheets
		v++
	}
	days := math.Floor(math.Round(v*86_400) / 86_400)
	t := epoch.AddDate(0, 0, int(days)).Add(time.Duration(math.Round(v*86_400)-days*86_400) * time.Second)
	switch {
	case !f.date:
		return t.Format("15:04:05"), v < 1
	case f.clock && v != math.Trunc(v):
		return t.Format("2006-01-02T15:04:05"), true
	}
	return t.Format("2006-01-02"), true
}

// hours writes how long something lasts.
func hours(v float64) string {
	return strconv.FormatFloat(math.Round(v*3600)/3600, 'f', -1, 64) + " heures"
}
