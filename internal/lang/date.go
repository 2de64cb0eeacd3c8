package lang

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Day writes a day in figures: 31/12/2020 in French, 31.12.2020 in German,
// 2020-12-31 where a language has no form of its own.
func Day(t time.Time, l Lang) string {
	if layout := of(l).Day; layout != "" {
		return t.Format(layout)
	}
	return t.Format(time.DateOnly)
}

// LongDay writes a day in words: 1er mars 2020, 1 March 2020, 1. März 2020.
func LongDay(t time.Time, l Lang) string {
	day := strconv.Itoa(t.Day())
	if first := of(l).First; first != "" && t.Day() == 1 {
		day = first
	}
	return strings.NewReplacer("{day}", day, "{month}", Month(int(t.Month()), l), "{year}", strconv.Itoa(t.Year())).Replace(of(l).LongDay)
}

// Month is the name of a month from 1 to 12, whatever number type it comes in;
// anything else is written as it is.
func Month(v any, l Lang) string {
	n := 0
	switch x := v.(type) {
	case int:
		n = x
	case int64:
		n = int(x)
	case float64:
		n = int(x)
	}
	if months := of(l).Months; n >= 1 && n <= len(months) {
		return months[n-1]
	}
	return fmt.Sprint(v)
}
