package judge

import (
	"strings"

	"cigogne/internal/plan/ground"
)

// cuesOf lists what in a question may tell what is asked for: the senses that
// every language shares, the words themselves, pairs of words, how it opens.
func cuesOf(q *ground.Question) []string {
	out := []string{"any"}
	for _, s := range q.Said() {
		out = append(out, "s:"+string(s))
	}
	seen := map[string]bool{}
	for i, t := range q.Tokens {
		w := t.Norm
		if t.IsNum {
			w = "#"
			if t.Year {
				w = "#year"
			}
		}
		if !seen[w] {
			seen[w] = true
			out = append(out, "w:"+w)
		}
		if i == 0 {
			out = append(out, "first:"+w)
			continue
		}
		before := q.Tokens[i-1].Norm
		if q.Tokens[i-1].IsNum {
			before = "#"
		}
		if b := before + "_" + w; !seen[b] {
			seen[b] = true
			out = append(out, "b:"+b)
		}
		if i == 1 {
			out = append(out, "first2:"+before+"_"+w)
		}
	}
	return out
}

// tableCues list what in a table may tell how people ask about it: a page of an
// encyclopaedia, a file of an office and the table of a database are not asked alike.
func tableCues(t *ground.Table) []string {
	var snake, upper, words int
	for _, c := range t.Columns {
		switch name := c.Name; {
		case strings.ToUpper(name) == name:
			upper++
		case strings.ContainsRune(name, '_') || !strings.ContainsRune(name, ' ') && strings.ToLower(name) == name:
			snake++
		default:
			words++
		}
	}
	style := "words"
	switch n := len(t.Columns); {
	case 2*upper > n:
		style = "capitals"
	case 2*snake > n:
		style = "names"
	}
	return []string{"t:" + style, "t:" + bucket(int(min(t.Table.Rows, 1000))) + " rows"}
}
