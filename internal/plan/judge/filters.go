package judge

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"cigogne/internal/lang"
	"cigogne/internal/plan/ground"
	"cigogne/internal/query"
)

// filter weighs a condition by the words that say it.
func (w *weigher) filter(f query.Filter) {
	col := columnOf(w.g.Table, f.Column)
	if col < 0 {
		return
	}
	c := w.g.Table.Columns[col]
	op := string(f.Op)
	w.add(1, "filter", op, string(c.Type), string(c.Role))
	w.nameOf(col, op)
	switch f.Op {
	case query.Null, query.NotNull:
		w.void(col, f.Op)
		return
	}
	if f.Than != nil {
		w.add(1, "filter", op, "than a figure")
		return
	}
	if other := columnOf(w.g.Table, f.Other); other >= 0 {
		w.add(1, "filter", op, "than a column")
		w.nameOf(other, op+" other")
		w.add(1, "filter", op, "than a column", w.inTurn(col, other))
		return
	}
	for _, v := range f.Values {
		if !w.value(f, col, v) {
			w.add(1, "filter", op, "not said")
		}
	}
}

// nameOf weighs whether and where the column of a condition is named.
func (w *weigher) nameOf(col int, op string) {
	for _, m := range w.g.Columns {
		if m.Col == col && m.How != ground.Meaning {
			w.cover(m.From, m.To)
			for _, o := range w.g.Scattered(col) {
				w.cover(o.From, o.To)
			}
			w.add(m.Strength, "filter", "column named", string(m.How), op)
			return
		}
	}
	for _, m := range w.g.Columns {
		if m.Col == col {
			w.cover(m.From, m.To)
			w.add(m.Strength, "filter", "column named", string(m.How), op)
			return
		}
	}
	w.add(1, "filter", "column unnamed", op)
	w.add(w.g.Nearest[col], "filter", "column unnamed", "nearness")
	for _, t := range w.g.Tokens {
		if !t.Small && !t.IsNum {
			for _, h := range w.g.Table.Columns[col].Stems {
				w.add(1, "pair", t.Stem+"~"+h)
			}
		}
	}
}

// inTurn tells whether the words name two columns one after the other.
func (w *weigher) inTurn(a, b int) string {
	at := func(col int) int {
		place, most := -1, 0.0
		for _, m := range w.g.Scattered(col) {
			if m.Strength > most {
				place, most = m.From, m.Strength
			}
		}
		return place
	}
	switch x, y := at(a), at(b); {
	case x < 0 || y < 0:
		return "one unnamed"
	case x < y:
		return "in turn"
	case x > y:
		return "turned"
	}
	return "together"
}

// void weighs empty or filled cells by the words around the column's name.
func (w *weigher) void(col int, op query.Op) {
	for _, m := range w.g.Columns {
		if m.Col == col {
			w.near("filter="+string(op), m.From, m.To)
			return
		}
	}
}

// value finds the words that say a value of a condition; false where none do.
func (w *weigher) value(f query.Filter, col int, v any) bool {
	op := string(f.Op)
	best, rank := -1, -1
	for i, m := range w.g.Cells {
		if m.Col != col || !holdsValue(f, m, v, w.g) {
			continue
		}
		if r := order(m.How)*10 + m.To - m.From; r > rank {
			best, rank = i, r
		}
	}
	if best >= 0 {
		m := w.g.Cells[best]
		w.cover(m.From, m.To)
		how := string(m.How)
		w.add(1, "cell", op, how)
		w.add(m.Strength, "cell", op, how, "strength")
		w.add(1, "cell", how, "in other columns", bucket(w.elsewhere(m)))
		w.add(1, "cell", how, "words", bucket(m.To-m.From))
		if w.columnOutright(m) {
			w.add(1, "cell", how, "words of a column")
		}
		if slices.ContainsFunc(w.g.Rows, func(i int) bool { return m.From <= i && i < m.To }) {
			w.add(1, "cell", how, "words for rows")
		}
		w.add(1, "cell", how, "letters", bucket(lettersOf(m)))
		if w.adjacent(m) {
			w.add(1, "cell", how, "beside its column")
		}
		if len(m.Cells) > 1 {
			w.add(1, "cell", how, "of several", bucket(len(m.Cells)))
		}
		w.near("cell="+op, m.From, m.To)
		w.add(1, "cell", op, w.negated(m.From))
		return true
	}
	return w.number(f, col, v)
}

func order(h ground.How) int {
	switch h {
	case ground.Exact:
		return 6
	case ground.Part:
		return 5
	case ground.Some:
		return 4
	case ground.Called, ground.Spelt:
		return 3
	case ground.Flag:
		return 2
	}
	return 1
}

// holds tells whether a condition has a value that a mention of cells means.
func holds(f query.Filter, m ground.Mention, g *ground.Ground) bool {
	for _, v := range f.Values {
		if holdsValue(f, m, v, g) {
			return true
		}
	}
	return false
}

func holdsValue(f query.Filter, m ground.Mention, v any, g *ground.Ground) bool {
	switch x := v.(type) {
	case string:
		if f.Op == query.Contains || f.Op == query.Starts {
			return lang.Fold(x) == lang.Fold(g.Within(m.From, m.To))
		}
		return slices.Contains(m.Cells, x)
	case bool:
		return m.How == ground.Flag
	case float64:
		if m.How == ground.Flag {
			return x == 1
		}
		return m.To == m.From+1 && g.Tokens[m.From].IsNum && g.Tokens[m.From].Plain == x
	}
	return false
}

// number finds the number or the day that says a value.
func (w *weigher) number(f query.Filter, col int, v any) bool {
	op := string(f.Op)
	switch x := v.(type) {
	case float64, int64, int:
		n := toFloat(x)
		for i, t := range w.g.Tokens {
			if t.IsNum && (t.Num == n || t.Plain == n) {
				w.cover(i, i+1)
				w.near("number="+op, i, i+1)
				w.add(1, "number", "column", w.distance(col, i))
				if t.Year {
					w.add(1, "year", "on", string(w.g.Table.Columns[col].Role))
				}
				return true
			}
			if t.Month > 0 && float64(t.Month) == n {
				w.cover(i, i+1)
				return true
			}
		}
	case string:
		return w.day(op, x)
	}
	return false
}

func toFloat(v any) float64 {
	switch x := v.(type) {
	case float64:
		return x
	case int64:
		return float64(x)
	case int:
		return float64(x)
	}
	return 0
}

// day finds the words for a day that a column of days is compared with, or for
// the day before one that is not reached: "< 2019-01-01" is until 2018.
func (w *weigher) day(op, iso string) bool {
	if len(iso) < 10 {
		return w.quoted(op, iso)
	}
	days := []string{iso}
	if d, err := time.Parse(time.DateOnly, iso[:10]); err == nil && op == string(query.Lt) {
		days = append(days, d.AddDate(0, 0, -1).Format(time.DateOnly))
	}
	return slices.ContainsFunc(days, func(d string) bool { return w.onDay(op, d) }) ||
		slices.ContainsFunc(days, func(d string) bool { return w.inYear(op, d) }) || w.quoted(op, iso)
}

func (w *weigher) onDay(op, iso string) bool {
	for _, d := range w.g.Days() {
		first, last := d.Bounds()
		if strings.HasPrefix(iso, first) && first != "" || strings.HasPrefix(iso, last) && last != "" {
			w.cover(d.From, d.To)
			w.near("day="+op, d.From, d.To)
			return true
		}
	}
	return false
}

func (w *weigher) inYear(op, iso string) bool {
	for i, t := range w.g.Tokens {
		if t.Year && iso[:4] == fmt.Sprintf("%04d", int(t.Num)) {
			w.cover(i, i+1)
			w.near("day="+op, i, i+1)
			return true
		}
	}
	return false
}

// quoted finds a value that stands in the question word for word though no
// cell is it: "contains the letter a".
func (w *weigher) quoted(op, text string) bool {
	list := strings.Fields(lang.Fold(text))
	if len(list) == 0 {
		return false
	}
	for i := 0; i+len(list) <= len(w.g.Tokens); i++ {
		same := true
		for j, x := range list {
			same = same && w.g.Tokens[i+j].Fold == x
		}
		if same {
			w.cover(i, i+len(list))
			w.near("quoted="+op, i, i+len(list))
			return true
		}
	}
	return false
}

// distance names how far a column is named from a token.
func (w *weigher) distance(col, i int) string {
	best := 99
	for _, m := range w.g.Columns {
		if m.Col == col {
			d := m.From - i
			if m.From < i {
				d = i - m.To + 1
			}
			best = min(best, d)
		}
	}
	switch {
	case best == 99:
		return "unnamed"
	case best <= 2:
		return "beside"
	case best <= 5:
		return "near"
	}
	return "far"
}

// near names the words within three places before a value and two after.
func (w *weigher) near(what string, from, to int) {
	for d := 1; d <= 3; d++ {
		if i := from - d; i >= 0 {
			t := w.g.Tokens[i]
			for _, s := range t.Senses {
				w.add(1, what, "near", "s:"+string(s))
			}
			if d == 1 || t.Is(ground.Not) {
				w.add(1, what, "before", t.Norm)
			}
		}
		if i := to + d - 1; i < len(w.g.Tokens) && d < 3 {
			for _, s := range w.g.Tokens[i].Senses {
				w.add(1, what, "after", "s:"+string(s))
			}
		}
	}
	w.add(1, what)
}

// negated names whether a negation stands before a token, and how near.
func (w *weigher) negated(at int) string {
	for d := 1; d <= 8 && at-d >= 0; d++ {
		if w.g.Tokens[at-d].Is(ground.Not) {
			if d <= 3 {
				return "negated"
			}
			return "negated before"
		}
	}
	if w.g.Has(ground.Not) {
		return "negation elsewhere"
	}
	return "not negated"
}

// elsewhere counts the other columns that have the same words as a cell.
func (w *weigher) elsewhere(m ground.Mention) int {
	n := 0
	for _, o := range w.g.Cells {
		if o.Col != m.Col && o.From <= m.From && m.To <= o.To && order(o.How) >= order(m.How) {
			n++
		}
	}
	return n
}

func (w *weigher) columnOutright(m ground.Mention) bool {
	return slices.ContainsFunc(w.g.Columns, func(c ground.Mention) bool {
		return c.How == ground.Exact && c.From <= m.From && m.To <= c.To
	})
}

func (w *weigher) adjacent(m ground.Mention) bool {
	return slices.ContainsFunc(w.g.Columns, func(c ground.Mention) bool {
		return c.Col == m.Col && c.How != ground.Meaning && (c.To <= m.From && m.From-c.To <= 2 || c.From >= m.To && c.From-m.To <= 1)
	})
}

// lettersOf is the length of the cell that a mention means, in runes.
func lettersOf(m ground.Mention) int {
	if len(m.Cells) == 0 {
		return 0
	}
	return utf8.RuneCountInString(m.Cells[0])
}
