package lang

import (
	"strconv"
	"time"
)

// layouts are how each language writes a day in figures; others write it as ISO does.
var layouts = map[Lang]string{French: "02/01/2006"}

// Day writes a day in figures: 31/12/2020 in French, 2020-12-31 in English.
func Day(t time.Time, l Lang) string {
	if layout, known := layouts[l]; known {
		return t.Format(layout)
	}
	return t.Format(time.DateOnly)
}

// LongDay writes a day in words: 1er mars 2020, 1 March 2020.
func LongDay(t time.Time, l Lang) string {
	day := strconv.Itoa(t.Day())
	if l == French && t.Day() == 1 {
		day = "1er"
	}
	return day + " " + Month(int(t.Month()), l) + " " + strconv.Itoa(t.Year())
}
