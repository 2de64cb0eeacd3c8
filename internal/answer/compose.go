package answer

import (
	"fmt"
	"math"
	"strings"

	"cigogne/internal/answer/phrase"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

// Result is a plan that was run: what Compose needs to say it.
type Result struct {
	Plan       *query.Plan
	Compiled   *query.Compiled
	Rows       [][]any
	Cut        bool // there were more rows than the limit
	Table      *dataset.Table
	Annotation *dataset.Annotation // of the table; nil where nobody wrote one
	Names      query.Names
	Unit       func(column string) string // of a column, annotations included
	Adds       bool                       // figures of several years may be added up
	Claim      string                     // the cell that the question holds comes first, "" none
	NoTrend    bool                       // nor compared
	Partial    bool                       // the table lacks some of the rows asked for
	Counted    string                     // what rows are called, plural, in the answer's language; "" unknown
}

// Compose fills the figures, the rows, the explanation and the text of an
// answer from the rows of its plan. It returns false where the rows hold
// nothing to say: no row, or one figure that is null.
func Compose(a *Answer, r Result) bool {
	if len(r.Rows) == 0 || len(r.Rows) == 1 && allNull(r) {
		return false
	}
	plain := make([]bool, len(r.Compiled.Outputs))
	for i, o := range r.Compiled.Outputs {
		c := columnOf(i, o, r, a.Lang)
		plain[i] = c.Plain
		a.Columns = append(a.Columns, c)
	}
	a.Plan, a.SQL = r.Plan, r.Compiled.Text
	a.Explanation = query.Explain(r.Plan, r.Names, a.Lang)
	a.Plainly = query.Plain(r.Plan, r.Names, a.Lang)
	a.Rows = r.Rows
	a.Kind = KindTable
	if len(r.Rows) == 1 {
		a.Figures = figures(a, r, plain)
		if oneFigure(a, r) {
			a.Kind = KindFigure
		}
	}
	a.Headline = headline(a, r)
	if a.Sentence = sentence(a, r); a.Sentence == "" {
		a.Sentence = explained(a)
	}
	if r.Partial {
		partial(a)
	}
	a.Text = a.Own()
	if r.Cut {
		a.Caveats = append(a.Caveats, texts.Say(a.Lang, "answer.list_is_cut_there_are_more"))
	}
	return true
}

// columnOf is what a reader is told of an output of the query.
func columnOf(i int, o query.Output, r Result, l lang.Lang) Column {
	c := Column{Name: o.Name, Unit: unitOf(o, r), Published: published(o)}
	if o.Measure {
		c.Name = measureName(o, r, l)
		return c
	}
	if o.Column == "" {
		return c
	}
	c.Name = r.Names(r.Plan.Table, o.Column)
	if col := r.Table.Column(o.Column); col != nil {
		c.Plain = col.Role == dataset.Year || col.Role.Label()
	}
	if as := r.Plan.GroupedAs(i); i < len(r.Plan.GroupBy) && as.Part() { // groups stand before figures
		c.Name, c.Plain = query.PartOf(as, c.Name, l), true
	}
	return c
}

// oneFigure tells whether the one row is one figure, rather than a line of a table.
func oneFigure(a *Answer, r Result) bool {
	if several(r.Plan) || verdict(r) != "" {
		return false
	}
	aggregated := (r.Plan.Tally || len(r.Plan.GroupBy) == 0) && len(r.Plan.Measures) > 0
	return aggregated || len(a.Rows[0]) == 1 && len(a.Figures) == 1
}

// sentence says the figures as a colleague would; "" where no sentence is known,
// or it holds a number that the rows do not.
func sentence(a *Answer, r Result) string {
	units := make([]string, len(a.Columns))
	for i, c := range a.Columns {
		units[i] = c.Unit
	}
	said := phrase.Sentence(phrase.Fact{
		Question: a.Question, Lang: a.Lang, Plan: r.Plan, Outputs: r.Compiled.Outputs, Units: units, Rows: r.Rows, Cut: r.Cut, Adds: r.Adds, NoTrend: r.NoTrend, Claim: r.Claim, Partial: r.Partial,
		Table: r.Table, Annotation: r.Annotation, Names: r.Names, Escape: escape,
	})
	held := *a
	held.Text = said
	if len(Unfounded(&held)) > 0 {
		return ""
	}
	return said
}

// partial has an answer of which the table lacks some begin with that, also
// where no sentence is known, and marks its headline.
func partial(a *Answer) {
	if !a.Spoken() {
		said := a.Explanation
		if a.Headline.Text != "" {
			said = a.Headline.markdown(a.Lang) + texts.Say(a.Lang, "answer.colon") + " " + said
		}
		a.Sentence = upper(texts.Say(a.Lang, "phrase.partial", "said", said)) + "."
	}
	if a.Headline.Text != "" {
		a.Headline = Headline{Text: texts.Say(a.Lang, "answer.partial", "figure", a.Headline.Text), Beside: a.Headline.Beside}
	}
}

// explained is the explanation as a sentence.
func explained(a *Answer) string { return upper(a.Explanation) + "." }

// verdict is what a comparison came to ("oui", "moins"); "" where nothing was compared.
func verdict(r Result) string {
	if d := r.Plan.Derived; d == nil || d.Op != query.Verdict || len(r.Rows) != 1 {
		return ""
	}
	s, _ := r.Rows[0][len(r.Rows[0])-1].(string)
	return s
}

// several tells whether a plan asks for figures side by side, none of which is the headline.
func several(p *query.Plan) bool { return len(p.Measures) > 1 && p.Derived == nil && !p.Tally }

func allNull(r Result) bool {
	for i, v := range r.Rows[0] {
		if v != nil && (r.Compiled.Outputs[i].Measure || len(r.Plan.Measures) == 0) {
			if d := r.Plan.Derived; d != nil && !r.Plan.Tally && !r.Compiled.Outputs[i].Derived {
				continue // the headline is what counts
			}
			return false
		}
	}
	return true
}

func unitOf(o query.Output, r Result) string {
	if o.Unit != "" {
		return o.Unit
	}
	if o.Derived && r.Plan.Derived != nil && r.Plan.Derived.Op == query.Difference {
		return unitOf(query.Output{Column: r.Plan.Measures[0].Column, Agg: r.Plan.Measures[0].Agg}, r)
	}
	if o.Column == "" || o.Agg == query.Count || o.Agg == query.CountDistinct {
		return ""
	}
	return r.Unit(o.Column)
}

func measureName(o query.Output, r Result, l lang.Lang) string {
	if o.Derived {
		return derivedName(r.Plan.Derived.Op, l)
	}
	for _, m := range r.Plan.Measures {
		if m.Label != "" && m.Label == o.Name {
			return m.Label
		}
	}
	switch o.Agg {
	case query.Count, query.CountDistinct:
		return texts.Say(l, "answer.number")
	case query.Sum:
		return r.Names(r.Plan.Table, o.Column)
	}
	return query.AggName(o.Agg, l) + " " + r.Names(r.Plan.Table, o.Column)
}

func derivedName(op query.DerivedOp, l lang.Lang) string {
	switch op {
	case query.Share, query.ShareOfTotal:
		return texts.Say(l, "answer.share")
	case query.Difference:
		return texts.Say(l, "answer.difference")
	case query.Growth:
		return texts.Say(l, "answer.change")
	case query.Total:
		return "total"
	case query.Verdict:
		return texts.Say(l, "answer.answer")
	}
	return texts.Say(l, "answer.ratio")
}

// published tells an output whose values stand in the data as they are, or between
// two of them.
func published(o query.Output) bool {
	if !o.Measure {
		return !o.Derived
	}
	switch o.Agg {
	case query.Min, query.Max, query.Median:
		return true
	}
	return false
}

// figures lists the numbers of a single row, the headline first: the derived
// figure where there is one.
func figures(a *Answer, r Result, plain []bool) []Figure {
	label := ""
	for i, v := range r.Rows[0] {
		if s, ok := v.(string); ok && !r.Compiled.Outputs[i].Measure {
			label = s
			break
		}
	}
	var out []Figure
	for i, v := range r.Rows[0] {
		n, ok := lang.Number(v)
		if !ok || plain[i] && (len(r.Rows[0]) > 1 || len(r.Plan.Measures) > 0) {
			continue
		}
		f := Figure{Label: a.Columns[i].Name, Value: n, Unit: a.Columns[i].Unit, published: a.Columns[i].Published}
		if whole, ok := v.(int64); ok && math.Abs(n) >= 1<<53 {
			f.whole = whole
		}
		if label != "" {
			f.Label = label
		}
		if r.Compiled.Outputs[i].Derived {
			out = append([]Figure{f}, out...)
		} else {
			out = append(out, f)
		}
	}
	return out
}

// headline is what the answer says first; zero where that is a table, or
// figures side by side.
func headline(a *Answer, r Result) Headline {
	l := a.Lang
	switch {
	case verdict(r) != "":
		return Headline{Text: upper(verdict(r)), Beside: beside(a.Figures, l)}
	case a.sideBySide() && several(r.Plan):
		return Headline{}
	case a.Kind == KindFigure && len(a.Figures) > 0:
		return figure(a, r)
	case len(a.Rows) == 1 && len(a.Rows[0]) <= 3:
		var cells []string
		for i, v := range a.Rows[0] {
			cells = append(cells, CellOf(v, a.Columns[i], l))
		}
		return Headline{Text: strings.Join(cells, texts.Say(l, "answer.colon")+" ")}
	case len(a.Columns) == 1:
		return Headline{Text: lang.FormatNumber(float64(len(a.Rows)), 0, l), Beside: List(a.Rows, l)}
	}
	return Headline{Text: evolution(a, r)}
}

// figure is the headline of one figure, with what it counts.
func figure(a *Answer, r Result) Headline {
	f, l := a.Figures[0], a.Lang
	h := Headline{Text: f.text(l)}
	if Change(r.Plan, r.Table) {
		h.Text = signed(f.Value, h.Text)
	}
	if f.Unit != "" {
		if word := unitName(f.Unit, l); strings.HasSuffix(h.Text, "\u00a0"+word) {
			h.Unit = word
		}
	} else if d := r.Plan.Derived; r.Counted != "" && len(r.Plan.Measures) > 0 && (r.Plan.Tally || (d == nil || d.Op == query.Difference) && counts(r.Plan.Measures[0])) {
		h.Unit = r.Counted
		h.Text += " " + r.Counted
	}
	if r.Plan.Derived != nil {
		h.Beside = beside(a.Figures[1:], l)
	}
	return h
}

// beside writes the figures that a headline was made of.
func beside(figures []Figure, l lang.Lang) string {
	var parts []string
	for _, f := range figures {
		parts = append(parts, f.Label+texts.Say(l, "answer.colon")+" "+f.text(l))
	}
	if len(parts) == 0 {
		return ""
	}
	return "(" + strings.Join(parts, texts.Say(l, "answer.semicolon")+" ") + ")"
}

// Change tells whether a plan's headline says how a figure moved over time: a
// growth, or a difference of two times.
func Change(p *query.Plan, t *dataset.Table) bool {
	d := p.Derived
	switch {
	case d == nil || p.Grouped():
		return false
	case d.Op == query.Growth:
		return true
	case d.Op != query.Difference || t == nil || d.Of > len(p.Measures) || d.Over < 1 || d.Of < 1 || d.Over > len(p.Measures):
		return false
	}
	of, over := timeOf(p.Measures[d.Of-1], t), timeOf(p.Measures[d.Over-1], t)
	return over != "" && of > over // the later less the earlier
}

// timeOf is the time that a measure is held to, or "".
func timeOf(m query.Measure, t *dataset.Table) string {
	for _, f := range m.Where {
		if c := t.Column(f.Column); c != nil && c.Role.Moment() && len(f.Values) > 0 {
			return fmt.Sprint(f.Values[0])
		}
	}
	return ""
}

// signed marks a rise as one; a fall has its sign.
func signed(v float64, text string) string {
	if v > 0 {
		return "+" + text
	}
	return text
}

// evolution says how far a figure a year went from the first to the last, or ""
// where the rows are something else: "De 2021 à 2026 : +6 543 habitants (+2,3 %)".
func evolution(a *Answer, r Result) string {
	if r.NoTrend || len(r.Plan.GroupBy) != 1 || len(r.Plan.Measures) != 1 || r.Plan.Derived != nil || len(r.Plan.Having) > 0 || len(r.Plan.OrderBy) > 0 || len(a.Rows) < 2 || r.Cut {
		return ""
	}
	if c := r.Table.Column(r.Plan.GroupBy[0]); c == nil || c.Role != dataset.Year {
		return ""
	}
	first, last := a.Rows[0], a.Rows[len(a.Rows)-1]
	from, ok1 := lang.Number(first[1])
	to, ok2 := lang.Number(last[1])
	if !ok1 || !ok2 {
		return ""
	}
	l := a.Lang
	s := texts.Say(l, "answer.from_to", "first", first[0], "last", last[0]) + " " + signed(to-from, Cell(to-from, a.Columns[1].Unit, false, l))
	if from > 0 {
		pct := 100 * (to - from) / from
		s += " (" + signed(pct, Cell(pct, "%", false, l)) + ")"
	}
	if r.Adds {
		s = texts.Say(l, "answer.in_total") + " " + Cell(total(a.Rows), a.Columns[1].Unit, false, l) + ". " + s
	}
	return s
}

// total adds up the second cells of rows.
func total(rows [][]any) float64 {
	sum := 0.0
	for _, row := range rows {
		n, _ := lang.Number(row[1])
		sum += n
	}
	return sum
}

func counts(m query.Measure) bool {
	return m.Agg == query.Count && m.Column == "" || m.Agg == query.CountDistinct
}

func upper(s string) string {
	for i, r := range s {
		return strings.ToUpper(string(r)) + s[i+len(string(r)):]
	}
	return s
}
