package answer

import (
	"fmt"
	"strings"
	"time"

	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// Cell writes a value of a result as the language has it. A column that holds
// years or codes keeps its digits together.
func Cell(v any, unit string, plain bool, l lang.Lang) string {
	switch x := v.(type) {
	case nil:
		return "–"
	case bool:
		if x {
			return texts.Say(l, "answer.yes")
		}
		return texts.Say(l, "answer.no")
	case int64:
		if plain {
			return fmt.Sprint(x)
		}
		return withUnit(lang.FormatInt(x, l), unit, l)
	case float64:
		if plain {
			return lang.FormatNumber(x, -1, l)
		}
		return withUnit(lang.FormatNumber(x, decimals(x, unit), l), unit, l)
	case time.Time:
		if x.Hour() == 0 && x.Minute() == 0 && x.Second() == 0 {
			return lang.Day(x, l)
		}
		return lang.Day(x, l) + x.Format(" 15:04")
	}
	return fmt.Sprint(v)
}

func decimals(v float64, unit string) int {
	if unit == "%" {
		if v > -0.1 && v < 0.1 && v != 0 {
			return -1
		}
		if d, ok := lang.Decimals(v); ok && d > 1 {
			return d // published with so many
		}
		return 1
	}
	if v >= 100_000 || v <= -100_000 {
		return 0
	}
	return -1
}

// withUnit writes a number with its unit: "496 779 162 €", "29,9 %"; in
// English the euro sign comes first and the percent sign touches the number.
func withUnit(number, unit string, l lang.Lang) string {
	size, sign := number, ""
	if rest, below := strings.CutPrefix(number, "-"); below {
		size, sign = rest, "-"
	}
	switch unit {
	case "":
		return number
	case "EUR", "€":
		return texts.Say(l, "answer.euros", "sign", sign, "number", size)
	case "%":
		return texts.Say(l, "answer.percent", "number", number)
	}
	if rest, ok := strings.CutPrefix(unit, "EUR/"); ok {
		return texts.Say(l, "answer.euros_per", "sign", sign, "number", size, "unit", rest)
	}
	return number + "\u00a0" + unitName(unit, l)
}

func unitName(unit string, l lang.Lang) string {
	if unit == "habitants" {
		return texts.Say(l, "answer.inhabitants")
	}
	return unit
}

// What a text shows of a long result; the JSON form has all.
const (
	shownRows  = 25
	shownNames = 40
)

// exactly writes a value of a result that was published as it is: looked up, listed,
// the largest or the middle one.
func exactly(v any, unit string, l lang.Lang) (string, bool) {
	x, ok := v.(float64)
	if !ok {
		return "", false
	}
	d, ok := lang.Decimals(x)
	return withUnit(lang.FormatNumber(x, d, l), unit, l), ok
}

// CellOf is Cell for a value of a column of an answer.
func CellOf(v any, c Column, l lang.Lang) string {
	if s, ok := exactly(v, c.Unit, l); ok && c.Published && !c.Plain {
		return s
	}
	return Cell(v, c.Unit, c.Plain, l)
}

// Table writes rows as a Markdown table, the first rows only.
func Table(columns []Column, rows [][]any, l lang.Lang) string {
	var b strings.Builder
	for _, c := range columns {
		b.WriteString("| " + escape(c.Name) + " ")
	}
	b.WriteString("|\n")
	for i := range columns {
		if i > 0 && len(rows) > 0 && !columns[i].Plain && lang.IsNumber(rows[0][i]) {
			b.WriteString("|---:")
		} else {
			b.WriteString("|---")
		}
	}
	b.WriteString("|\n")
	for i, row := range rows {
		if i == shownRows {
			fmt.Fprintf(&b, "\n%s", texts.Say(l, "answer.and_more_rows", "n", len(rows)-shownRows))
			break
		}
		for j, v := range row {
			b.WriteString("| " + escape(CellOf(v, columns[j], l)) + " ")
		}
		b.WriteString("|\n")
	}
	return strings.TrimRight(b.String(), "\n")
}

// List writes one column as plain text: "Metz, Nancy et 3 autres".
func List(rows [][]any, l lang.Lang) string {
	var names []string
	for i, row := range rows {
		if i == shownNames {
			names = append(names, texts.Say(l, "answer.and_more", "n", len(rows)-shownNames))
			break
		}
		names = append(names, Cell(row[0], "", true, l))
	}
	return strings.Join(names, ", ")
}

// escape keeps a cell's text from being read as Markdown or as a mention.
func escape(s string) string {
	return strings.NewReplacer("\\", "\\\\", "]", "\\]", "|", "\\|", "\n", " ", "*", "\\*", "_", "\\_", "`", "\\`", "<", "\\<", "[", "\\[", "@", "@\u200b").Replace(s)
}

// SourceLine is the line under a figure: title, publisher, licence, period, dates.
func SourceLine(s Source, l lang.Lang) string {
	title := escape(s.Title)
	if s.URL != "" {
		title = "[" + title + "](" + strings.NewReplacer(")", "%29", " ", "%20").Replace(s.URL) + ")"
	}
	parts := []string{title}
	for _, x := range []string{s.Publisher, s.Licence} {
		if x != "" {
			parts = append(parts, escape(x))
		}
	}
	if s.Period != "" {
		from, to, _ := strings.Cut(s.Period, "/")
		period := from
		if to != "" && to != from {
			period = from + "–" + to
		}
		parts = append(parts, texts.Say(l, "answer.data")+" "+period)
	}
	if s.Modified != "" {
		parts = append(parts, texts.Say(l, "answer.published")+" "+Day(s.Modified, l))
	}
	if s.Retrieved != "" {
		parts = append(parts, texts.Say(l, "answer.downloaded")+" "+Day(s.Retrieved, l))
	}
	return strings.Join(parts, " · ")
}

// Day writes an ISO date as the language has it.
func Day(iso string, l lang.Lang) string {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return iso
	}
	return lang.Day(t, l)
}
