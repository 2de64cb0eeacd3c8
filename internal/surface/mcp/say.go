package mcp

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
	"cigogne/internal/surface/plain"
)

// maxText bounds the text of a result, in characters: what a model reads well.
const maxText = 20_000

// readable is a text as an agent gets it.
func readable(s string) string {
	s = strings.TrimSpace(plain.Text(s))
	if r := []rune(s); len(r) > maxText {
		return string(r[:maxText]) + "\n…"
	}
	return s
}

// scrubbed is the JSON form of a result, its texts without control characters.
func scrubbed(v any) (any, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode result: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber() // whole numbers stay whole
	var out any
	if err := d.Decode(&out); err != nil {
		return nil, fmt.Errorf("encode result: %w", err)
	}
	return scrub(out), nil
}

func scrub(v any) any {
	switch x := v.(type) {
	case string:
		return plain.Text(x)
	case []any:
		for i := range x {
			x[i] = scrub(x[i])
		}
	case map[string]any:
		for k := range x {
			x[k] = scrub(x[k])
		}
	}
	return v
}

// table writes every row as a Markdown table: what a page shows with a link to
// the rest, an agent has to be given.
func table(columns []answer.Column, rows [][]any, l lang.Lang) string {
	var b strings.Builder
	flat := strings.NewReplacer("|", `\|`, "\n", " ")
	for _, c := range columns {
		b.WriteString("| " + flat.Replace(c.Name) + " ")
	}
	b.WriteString("|\n" + strings.Repeat("|---", len(columns)) + "|\n")
	for _, row := range rows {
		for i, v := range row {
			b.WriteString("| " + flat.Replace(answer.Cell(v, columns[i].Unit, columns[i].Plain, l)) + " ")
		}
		b.WriteString("|\n")
	}
	return strings.TrimRight(b.String(), "\n")
}

// end is what stands under figures: caveats and sources.
func end(caveats []string, sources []answer.Source, l lang.Lang) string {
	var b strings.Builder
	for _, c := range caveats {
		b.WriteString("\n\n⚠ " + c)
	}
	for _, s := range sources {
		b.WriteString("\n\nSource: " + answer.SourceLine(s, l))
	}
	return b.String()
}
