package assistant

import (
	"context"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"

	"cigogne/internal/answer"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

// again gives the last answer once more, as a text asks for it: a summary, a
// file, in another unit. It tells whether that was asked.
func again(text string, t turn, a *answer.Answer) bool {
	if t.last == nil || !t.last.Answered() {
		return false
	}
	v, asked := said(), askedOf(text)
	switch {
	case slices.Contains(v.Units, asked):
		return repeated(t.last, false, a)
	case slices.Contains(v.Summaries, asked):
		return repeated(t.last, true, a)
	case slices.Contains(v.Exports, asked):
		return exported(t.last, a)
	case slices.Contains(v.Tables, asked):
		return repeated(t.last, false, a)
	case slices.Contains(v.Alphabet, asked):
		return alphabetical(t.last, a)
	}
	return false
}

// goOn answers what leans on the answers before and is no reading of its own:
// their difference, the larger of them, the others of the kind, a share, another
// order. It tells whether it was such.
func (as *Assistant) goOn(ctx context.Context, q Question, candidates []plan.Candidate, t turn, a *answer.Answer) (done bool, err error) {
	if t.last == nil || !t.last.Answered() || t.out.Plan == nil {
		return false, nil
	}
	p, share, done := t.follow(q.Text, a)
	if done {
		return true, nil
	}
	if p == nil {
		return false, nil
	}
	out := t.out
	out.Plan, out.Label = p, ""
	answered, err := as.run(ctx, as.runs(candidates), out, a)
	if answered {
		as.leave(q, turn{lang: a.Lang, last: a, out: out, earlier: t.out, shared: share, turn: &plan.Turn{Question: q.Text, Reading: t.turn.Reading, Plan: p}})
	}
	return answered, err
}

// follow is the plan of what leans on the answers before, nil where the text is no
// such; share tells that it is a part of a whole, done that a has what is to be said.
func (t turn) follow(text string, a *answer.Answer) (p *query.Plan, share, done bool) {
	v, asked := said(), askedOf(text)
	is := func(phrases []string) bool { return slices.Contains(phrases, asked) }
	most, pair := t.ofPair(text)
	if pair && !is(v.Larger) && !is(v.Smaller) {
		return larger(t, most), false, false
	}
	for _, x := range []struct {
		phrases []string
		plan    func(turn) *query.Plan
	}{
		{v.Differences, gap},
		{v.Changes, changes},
		{v.Growths, growth},
		{v.Larger, func(t turn) *query.Plan { return larger(t, true) }},
		{v.Smaller, func(t turn) *query.Plan { return larger(t, false) }},
		{v.Others, others},
	} {
		if is(x.phrases) {
			return x.plan(t), false, false
		}
	}
	switch {
	case is(v.Judging), slices.Contains(v.Judging, lang.Fold(text)):
		return t.judged(a)
	case place(asked) > 0:
		return placed(t.out.Plan, place(asked)), false, false
	case is(v.Percents), t.ofScope(lang.Fold(text)):
		if p = shareOf(t.out, a.Lang); p != nil {
			return p, true, false
		}
		return growthOf(t), false, false
	case is(v.Ascending), is(v.Descending):
		if p = sorted(t.out, is(v.Descending)); p == nil {
			return nil, false, reordered(t.last, is(v.Descending), a)
		}
	}
	return p, false, false
}

// gap is what lies between the last two figures, or the last two of each group.
func gap(t turn) *query.Plan {
	if p := difference(t); p != nil {
		return p
	}
	return grouped(t)
}

// ofTwo tells whether a text asks which of the last two figures is the larger, or
// the smaller, or for the rows just given in another order.
func (t turn) ofTwo(text string) bool {
	asked := askedOf(text)
	if v := said(); t.out.Plan != nil && (slices.Contains(v.Ascending, asked) || slices.Contains(v.Descending, asked)) {
		return true // another order of the same rows
	}
	if t.out.Plan != nil && slices.Contains(said().Changes, asked) {
		return changes(t) != nil
	}
	_, pair := t.ofPair(text)
	if t.out.Plan == nil || !slices.Contains(said().Larger, asked) && !slices.Contains(said().Smaller, asked) && !pair {
		return false
	}
	return larger(t, true) != nil
}

// askedOf is a text without what a conversation puts around a request.
func askedOf(text string) string {
	words := strings.Fields(lang.Fold(strings.ReplaceAll(text, "%", " pourcentage ")))
	for len(words) > 1 && slices.Contains(said().Politeness, words[0]) {
		words = words[1:]
	}
	for len(words) > 1 && slices.Contains(said().Politeness, words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	return strings.Join(words, " ")
}

// place is the place in a ranking that a text asks for, from 1; 0: it asks for none.
func place(asked string) int {
	for _, o := range said().Ordinals {
		if number, word, _ := strings.Cut(o, " "); word == asked {
			n, _ := strconv.Atoi(number) // 0 where the file is wrong, which a test sees
			return n
		}
	}
	return 0
}

// placed is what stands at a place of a ranking; nil where the last answer was none.
func placed(last *query.Plan, at int) *query.Plan {
	if last.Limit != 1 || len(last.OrderBy) == 0 {
		return nil
	}
	p := *last
	p.Offset = at - 1
	return &p
}

// ofScope tells whether a text asks for the share in all that the table covers:
// "en pourcentage du Grand Est".
func (t turn) ofScope(asked string) bool {
	if t.out.Candidate.Annotation == nil {
		return false
	}
	for _, p := range said().Percents {
		rest, ok := strings.CutPrefix(asked, p+" ")
		if !ok {
			continue
		}
		for _, w := range t.out.Candidate.Annotation.Scope.Words {
			for _, of := range []string{"du ", "de ", "de la ", "of the ", "of "} {
				if rest == of+lang.Fold(w) {
					return true
				}
			}
		}
	}
	return false
}

// shownOthers is how many others are listed.
const shownOthers = 25

// others lists the figure of all of the kind of what was asked about, or what
// comes after a ranking's first.
func others(t turn) *query.Plan {
	out := t.out
	p := *out.Plan
	if x, ok := t.pair(); ok && p.Derived != nil && len(x.one) == 1 {
		return &query.Plan{Table: p.Table, Measures: []query.Measure{x.measure}, GroupBy: []string{x.one[0].Column}, Where: x.common, OrderBy: []query.Order{{Measure: 1, Desc: true}}, Limit: shownOthers}
	}
	if p.Limit > 0 && len(p.OrderBy) > 0 {
		p.Limit += shownOthers
		return &p
	}
	at := subjectFilter(out)
	if !figureOf(&p) || at < 0 {
		return nil
	}
	filters := filtersOf(&p)
	m := p.Measures[0]
	m.Where = nil
	return &query.Plan{Table: p.Table, Measures: []query.Measure{m}, GroupBy: []string{filters[at].Column}, Where: slices.Delete(slices.Clone(filters), at, at+1), OrderBy: []query.Order{{Measure: 1, Desc: true}}, Limit: shownOthers}
}

// subjectFilter is the filter that says of what a figure is: the finest place,
// else a column that people name; -1 where there is none.
func subjectFilter(out plan.Outcome) int {
	an := out.Candidate.Annotation
	if an == nil {
		return -1
	}
	filters := filtersOf(out.Plan)
	for _, level := range []string{"commune", "epci", "arrondissement", "department", "region"} {
		for i, f := range filters {
			if note(an, f.Column).Level == level && f.Op == query.Eq && f.Than == nil {
				return i
			}
		}
	}
	for i, f := range filters {
		if f.Op != query.Eq || f.Than != nil || f.Column == an.Time.Column {
			continue
		}
		if slices.ContainsFunc(an.Defaults, func(d dataset.Default) bool { return strings.EqualFold(d.Column, f.Column) }) {
			continue
		}
		if slices.ContainsFunc(an.Prefer, func(c string) bool { return strings.EqualFold(c, f.Column) }) {
			return i
		}
	}
	return -1
}

// shareOf is a figure as a share of the whole that its subject is a part of.
func shareOf(out plan.Outcome, l lang.Lang) *query.Plan {
	at := subjectFilter(out)
	if !figureOf(out.Plan) || at < 0 || out.Plan.Measures[0].Agg != query.Sum && out.Plan.Measures[0].Agg != query.Count {
		return nil
	}
	filters := filtersOf(out.Plan)
	m := out.Plan.Measures[0]
	part, whole := m, m
	part.Where, whole.Where = []query.Filter{filters[at]}, nil
	part.Label, whole.Label = texts.Say(l, "talk.part"), texts.Say(l, "talk.whole")
	return &query.Plan{Table: out.Plan.Table, Measures: []query.Measure{part, whole}, Where: slices.Delete(slices.Clone(filters), at, at+1), Derived: &query.Derived{Op: query.Share, Of: 1, Over: 2}}
}

// growthOf is how much, in percent, what the last answer followed over the years has
// changed from its first year to its last; nil where it followed nothing.
func growthOf(t turn) *query.Plan {
	p, year := t.out.Plan, yearColumn(t.out.Candidate)
	if year == nil || len(p.Measures) != 1 || len(p.GroupBy) != 1 || p.GroupBy[0] != year.Name || p.Derived != nil || len(p.Having) > 0 || len(t.last.Rows) < 2 {
		return nil
	}
	rows := t.last.Rows
	at := func(row []any) query.Measure {
		m := p.Measures[0]
		m.Where = append(slices.Clone(m.Where), query.Filter{Column: year.Name, Op: query.Eq, Values: []any{row[0]}})
		m.Label = literal(row[0])
		return m
	}
	where := slices.DeleteFunc(slices.Clone(p.Where), func(f query.Filter) bool { return f.Column == year.Name })
	return &query.Plan{Table: p.Table, Measures: []query.Measure{at(rows[len(rows)-1]), at(rows[0])}, Where: where, Derived: &query.Derived{Op: query.Growth, Of: 1, Over: 2}}
}

// repeated says the last answer again, in one sentence alone where that is asked.
func repeated(last *answer.Answer, short bool, a *answer.Answer) bool {
	id, question, elapsed, l := a.ID, a.Question, a.ElapsedMS, a.Lang
	*a = *last
	a.ID, a.Question, a.ElapsedMS, a.AnswerID, a.Lang, a.Run = id, question, elapsed, "", l, nil
	if !short {
		return true
	}
	a.Kind, a.Rows, a.Columns, a.Headline, a.Chart = answer.KindText, nil, nil, answer.Headline{}, false
	a.Text = a.Sentence
	if len(last.Figures) == 0 && !last.Spoken() {
		a.Text = last.Own()
	}
	answer.Finish(a)
	return true
}

// exportedRows is how many rows of a file a text shows.
const exportedRows = 200

// exported gives the rows of the last answer as CSV: in the text, for places
// without files beside the answer.
func exported(last *answer.Answer, a *answer.Answer) bool {
	var b strings.Builder
	w := csv.NewWriter(&b)
	var head []string
	for _, c := range last.Columns {
		head = append(head, c.Name)
	}
	_ = w.Write(head) // a strings.Builder takes everything
	for _, row := range last.Rows[:min(len(last.Rows), exportedRows)] {
		var cells []string
		for _, v := range row {
			cells = append(cells, cellOf(v))
		}
		_ = w.Write(cells)
	}
	w.Flush()
	l := a.Lang
	a.Kind, a.Columns, a.Rows, a.Sources = answer.KindText, last.Columns, last.Rows, last.Sources
	a.Text = texts.Say(l, "talk.as_csv") + "\n\n```csv\n" + strings.ReplaceAll(b.String(), "```", "'''") + "```"
	if n := len(last.Rows) - exportedRows; n > 0 {
		a.Text += "\n\n" + texts.Say(l, "talk.more_rows", "n", n)
	}
	answer.Finish(a)
	return true
}

// cellOf is a value as files have it. A text that a spreadsheet would run is
// marked as text.
func cellOf(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case string:
		if x != "" && strings.ContainsAny(x[:1], "=+-@\t\r") {
			return "'" + x
		}
		return x
	}
	return literal(v)
}
