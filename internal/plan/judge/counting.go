package judge

import (
	"slices"

	"cigogne/internal/dataset"
	"cigogne/internal/plan/ground"
	"cigogne/internal/query"
)

// rowsAre names what a row of a table is, by its key: one thing, a thing at a
// time, a combination of things; where rows are combinations, to count them is
// seldom to count what is asked about.
func rowsAre(t *ground.Table) string {
	if len(t.Table.Key) == 0 {
		return "of no key"
	}
	for _, name := range t.Table.Key {
		if i := columnOf(t, name); i >= 0 && (t.Columns[i].Dated() || t.Columns[i].Role == dataset.Year) {
			return "things at a time"
		}
	}
	if len(t.Table.Key) == 1 {
		return "things"
	}
	return "combinations"
}

// noNounAfter is how many words after the word for counting its noun stands at most.
const noNounAfter = 4

// countedNoun is the word that says what a question counts: the first that
// carries something after "combien de", "how many". -1 where nothing is counted.
func countedNoun(q *ground.Question) int {
	at := -1
	for i, t := range q.Tokens {
		switch {
		case t.Is(ground.CountOf):
			at = i
		case at >= 0 && i > at+noNounAfter:
			return -1
		case at >= 0 && !t.Small && !t.IsNum && len(t.Senses) == 0:
			return i
		}
	}
	return -1
}

// counting weighs what is counted by what a row is and by the noun that is asked about.
func (w *weigher) counting() {
	agg := "listed"
	if len(w.plan.Measures) > 0 {
		m := w.plan.Measures[0]
		agg = string(m.Agg)
		if m.Agg == query.Count && m.Column == "" {
			agg = "rows"
			w.add(1, "counts rows", w.rows, "measures", bucket(w.measures))
		}
		if at := columnOf(w.g.Table, m.Column); at >= 0 && m.Agg == query.CountDistinct {
			w.add(1, "counts different", w.varied(at))
		}
	}
	w.counts(agg)
	for _, name := range w.plan.GroupBy {
		if at := columnOf(w.g.Table, name); at >= 0 {
			w.add(1, "groups by", w.varied(at))
		}
	}
	if w.noun < 0 {
		return
	}
	noun := w.nounIs()
	w.add(1, "noun", noun, agg)
	w.add(1, "noun", noun, agg, w.rows)
	if likes := w.g.Likes[w.noun]; len(likes) > 0 {
		w.nounLikes(likes, agg)
	}
}

// counts weighs what is counted by the columns that hold how many there are of
// something: where a row stands for many, to count the rows is seldom meant.
func (w *weigher) counts(agg string) {
	held := 0
	for _, c := range w.g.Table.Columns {
		if c.Counts {
			held++
		}
	}
	if held == 0 {
		return
	}
	what := agg + " of another"
	for _, u := range w.uses {
		if u.role == measured && w.g.Table.Columns[u.col].Counts {
			what = agg + " of a count"
		}
	}
	asked := "not how many"
	if slices.Contains(w.said, ground.CountOf) {
		asked = "how many"
	}
	w.add(1, "a table of counts", asked, what)
	w.add(1, "a table of counts", asked, what, "counts", bucket(held))
	w.add(1, "a table of counts", asked, what, w.rows)
}

// nounLikes weighs how near the noun is to the quantities that a table holds, and
// to what the plan measures; likes is by column.
func (w *weigher) nounLikes(likes []float64, agg string) {
	most := 0.0
	for i, c := range w.g.Table.Columns {
		if c.Role == dataset.Measure && c.Additivity != dataset.Never {
			most = max(most, likes[i])
		}
	}
	w.add(most, "noun", "near a quantity", agg)
	for _, u := range w.uses {
		if u.role == measured {
			w.add(likes[u.col], "noun", "near what is measured", agg)
		}
	}
}

// nounIs names what the noun that is counted may be.
func (w *weigher) nounIs() string {
	if slices.Contains(w.g.Rows, w.noun) {
		return "rows"
	}
	return w.kind(w.noun)
}

// varied names how far the cells of a column differ from row to row.
func (w *weigher) varied(col int) string {
	rows, different := w.g.Table.Table.Rows, w.g.Table.Columns[col].Distinct
	switch {
	case different >= rows:
		return "each row another"
	case 2*different > rows:
		return "most rows another"
	case 20*different > rows:
		return "some rows alike"
	}
	return "many rows alike"
}

// words tells what is said, for those who weigh an answer and not one plan beside another.
func (w *weigher) words() {
	for _, s := range w.said {
		w.add(1, "said", string(s))
	}
	w.add(float64(len(w.g.Tokens)), "said", "words")
}

// countsRowsOf: it is asked how many there are of something, a column says how many
// of just that, and the rows are counted.
func (r *Reader) countsRowsOf(p *query.Plan) bool {
	if r.noun < 0 || len(p.Measures) != 1 || p.Measures[0].Agg != query.Count || p.Measures[0].Column != "" {
		return false
	}
	return slices.ContainsFunc(r.g.Table.Columns, func(c ground.Column) bool {
		return c.Counts && slices.Contains(c.Of, r.g.Tokens[r.noun].Norm) && !slices.ContainsFunc(c.Of, func(w string) bool {
			return !slices.ContainsFunc(r.g.Tokens, func(t ground.Token) bool { return t.Norm == w })
		})
	})
}

// panel is how full a table of things and years is at least, of all that it could hold,
// to be one where each thing comes back every year.
const panel = .8

// countsEachYear: rows are counted that are the same things year after year, and no
// year is said.
func (r *Reader) countsEachYear(p *query.Plan) bool {
	t := r.g.Table
	if len(p.Measures) != 1 || p.Measures[0].Agg != query.Count || p.Measures[0].Column != "" || r.noun < 0 || len(t.Table.Key) != 2 {
		return false
	}
	things, years, year := int64(1), int64(0), ""
	for _, name := range t.Table.Key {
		at := columnOf(t, name)
		switch {
		case at < 0:
			return false
		case t.Columns[at].Role == dataset.Year:
			years, year = t.Columns[at].Distinct, name
		default:
			things *= t.Columns[at].Distinct
		}
	}
	said := func(f query.Filter) bool { return f.Column == year }
	return years > 1 && float64(t.Table.Rows) >= panel*float64(things*years) &&
		!slices.Contains(p.GroupBy, year) && !slices.ContainsFunc(p.Where, said) && !slices.ContainsFunc(p.Measures[0].Where, said)
}
