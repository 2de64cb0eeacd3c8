package table

import (
	"math"
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

// formatOfNumber reads a number format: a built-in by its id, else its code.
func formatOfNumber(id, code string) numberFormat {
	switch n, _ := strconv.Atoi(id); {
	case n == 9 || n == 10:
		return numberFormat{percent: true}
	case n >= 14 && n <= 17 || n >= 27 && n <= 36 || n >= 50 && n <= 58:
		return numberFormat{date: true}
	case n == 22:
		return numberFormat{date: true, clock: true}
	case n >= 18 && n <= 21 || n == 45 || n == 47:
		return numberFormat{clock: true}
	case n == 46: // [h]:mm:ss
		return numberFormat{clock: true, lasting: true}
	}
	code, _, _ = strings.Cut(code, ";")
	if code != "" && strings.Trim(code, "0") == "" && len(code) > 1 && len(code) < 20 {
		return numberFormat{width: len(code)}
	}
	var bare strings.Builder // without quoted text, escapes, colours and locales
	for i := 0; i < len(code); i++ {
		switch code[i] {
		case '"', '[':
			end := byte('"')
			if code[i] == '[' {
				end = ']'
			}
			j := strings.IndexByte(code[i+1:], end)
			if j < 0 {
				i = len(code)
			} else {
				i += j + 1
			}
		case '\\', '_', '*':
			i++
		default:
			bare.WriteByte(code[i] | 0x20)
		}
	}
	b := bare.String()
	if strings.Contains(b, "general") {
		return numberFormat{}
	}
	f := numberFormat{percent: strings.Contains(b, "%")} // a quoted one is but a word
	if digits := strings.TrimRight(b, " "); !strings.Contains(digits, ".") {
		f.scale = len(digits) - len(strings.TrimRight(digits, ","))
	}
	f.date = strings.ContainsAny(b, "dyj") || strings.Contains(b, "aa") || strings.Contains(b, "mmm")
	f.clock = strings.Contains(b, "h") || strings.Contains(b, "ss")
	low := strings.ToLower(code)
	f.lasting = !f.date && (strings.Contains(low, "[h") || strings.Contains(low, "[m") || strings.Contains(low, "[s"))
	f.clock = f.clock || f.lasting
	return f
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
		if f.lasting {
			return hours(v * 24)
		}
		if v >= 1 && v < 60 && epoch.Day() == 30 && f.date { // the 29th of February 1900 is a day for spreadsheets
			v++
		}
		days := math.Floor(math.Round(v*86_400) / 86_400)
		t := epoch.AddDate(0, 0, int(days)).Add(time.Duration(math.Round(v*86_400)-days*86_400) * time.Second)
		switch {
		case !f.date && v < 1:
			return t.Format("15:04:05")
		case !f.date:
		case f.clock && v != math.Trunc(v):
			return t.Format("2006-01-02T15:04:05")
		default:
			return t.Format("2006-01-02")
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

// hours writes how long something lasts.
func hours(v float64) string {
	return strconv.FormatFloat(math.Round(v*3600)/3600, 'f', -1, 64) + " heures"
}
