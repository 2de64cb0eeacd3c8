package terminal

import (
	"math"
	"strings"
	"unicode/utf8"

	"cigogne/internal/answer"
	"cigogne/internal/answer/chart"
	"cigogne/internal/surface/plain"
)

// eighths are the parts of a cell that a bar's end fills.
var eighths = []rune(" ▏▎▍▌▋▊▉█")

// Bars draws an answer's chart in characters, a line a figure; "" where it has
// none, or more than one figure a name, or figures below zero: the table says
// those better.
func Bars(a *answer.Answer, s Style) string {
	c, err := chart.Of(a)
	if err != nil || len(c.Series) != 1 {
		return ""
	}
	width := s.Width
	if width <= 0 {
		width = 80
	}
	name, figure, top := 0, 0, 0.0
	for i, v := range c.Series[0].Values {
		if v.V < 0 {
			return ""
		}
		name = max(name, utf8.RuneCountInString(plain.Line(c.Labels[i])))
		if v.OK {
			top = max(top, v.V)
			figure = max(figure, utf8.RuneCountInString(c.Figure(v.V)))
		}
	}
	name = min(name, max(8, width/3))
	room := min(40, width-name-figure-4)
	if room < 6 || top == 0 {
		return ""
	}
	var out []string
	for i, v := range c.Series[0].Values {
		label := []rune(plain.Line(c.Labels[i]))
		if len(label) > name {
			label = append(label[:name-1], '…')
		}
		line := string(label) + strings.Repeat(" ", name-len(label)) + "  "
		if !v.OK {
			out = append(out, line+"–")
			continue
		}
		cells := v.V / top * float64(room)
		full := int(cells)
		bar := strings.Repeat("█", full)
		if part := int(math.Round((cells - float64(full)) * 8)); part > 0 && full < room {
			bar += string(eighths[part])
		}
		out = append(out, line+bar+" "+c.Figure(v.V))
	}
	return strings.Join(out, "\n")
}
