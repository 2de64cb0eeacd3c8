package chart

import (
	"strings"
	"unicode"

	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// clean keeps of a text what can be drawn on one line: no control characters,
// no marks that turn the direction of reading, no more than a picture holds.
func clean(s string) string {
	const most = 300
	var b strings.Builder
	n := 0
	for _, r := range s {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			r = ' '
		case unicode.Is(unicode.Cf, r) || !unicode.IsPrint(r) && r != '\u00a0' && r != '\u202f':
			continue
		}
		if n++; n > most {
			b.WriteString("…")
			break
		}
		b.WriteRune(r)
	}
	return strings.Join(strings.FieldsFunc(b.String(), func(r rune) bool { return r == ' ' }), " ")
}

// said is what figures are, and their unit.
func said(what, unit string, l lang.Lang) string {
	what = clean(what)
	switch unit {
	case "":
	case "EUR":
		what += texts.Say(l, "chart.in_euros")
	case "%":
		what += texts.Say(l, "chart.in")
	case "habitants":
		if !strings.Contains(strings.ToLower(what), "habitant") {
			what += texts.Say(l, "chart.in_inhabitants")
		}
	default:
		if per, ok := strings.CutPrefix(unit, "EUR/"); ok {
			what += texts.Say(l, "chart.in_euros_per") + " " + clean(per)
		} else if !strings.Contains(strings.ToLower(what), strings.ToLower(unit)) {
			what += texts.Say(l, "chart.in_2") + " " + clean(unit)
		}
	}
	return capital(what)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
