package terminal

import (
	"strings"

	"cigogne/internal/lang"
)

const (
	gap       = 2 // columns between those of a table
	narrowest = 8 // columns that a cut cell still has
)

// table aligns the rows of a Markdown table; columns marked ---: go right. Where
// it is wider than the terminal, the widest columns of text are cut; numbers
// never are.
func table(lines []string, s Style) []string {
	var rows [][]string
	var right []bool
	for i, l := range lines {
		cells := cells(l)
		if i == 1 {
			for _, c := range cells {
				right = append(right, strings.HasSuffix(c, ":"))
			}
			continue
		}
		rows = append(rows, cells)
	}
	widths := make([]int, len(right))
	for _, row := range rows {
		for j, c := range row[:min(len(row), len(widths))] {
			widths[j] = max(widths[j], visible(c))
		}
	}
	narrow(widths, right, s.Width)
	var out []string
	for i, row := range rows {
		var b strings.Builder
		for j, c := range row[:min(len(row), len(widths))] {
			if j > 0 {
				b.WriteString(strings.Repeat(" ", gap))
			}
			c = lang.CutBy(c, widths[j], columns)
			pad := strings.Repeat(" ", max(0, widths[j]-visible(c)))
			if right[j] {
				b.WriteString(pad + c)
			} else {
				b.WriteString(c + pad)
			}
		}
		line := strings.TrimRight(b.String(), " ")
		if i == 0 {
			out = append(out, s.in(bold, line), strings.Repeat("─", max(0, sum(widths))))
			continue
		}
		out = append(out, line)
	}
	return out
}

func sum(widths []int) int {
	n := -gap
	for _, w := range widths {
		n += w + gap
	}
	return n
}

// narrow takes columns of text in until the table fits, the widest first.
func narrow(widths []int, right []bool, width int) {
	if width < 20 {
		return
	}
	for over := sum(widths) - width; over > 0; over-- {
		widest := -1
		for j, w := range widths {
			if !right[j] && w > narrowest && (widest < 0 || w > widths[widest]) {
				widest = j
			}
		}
		if widest < 0 {
			return // the terminal wraps it
		}
		widths[widest]--
	}
}

// cells cuts a row at its bars, escaped bars left in.
func cells(line string) []string {
	line = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(line), "|"), "|")
	var out []string
	for _, c := range strings.Split(strings.ReplaceAll(line, `\|`, "\x00"), "|") {
		c = strings.ReplaceAll(strings.TrimSpace(c), "\x00", `\|`)
		out = append(out, inline(c, Style{}))
	}
	return out
}
