package assistant

import (
	"slices"
	"strings"

	"cigogne/internal/answer"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

// Here is what people say of the answer before in words that name nothing of it:
// which of the two is larger, how they changed, at which place it stands, whether
// that is much.

// unprefaced is a text without the words that open it and are not of it: "ok, et
// celui de Verdun ?".
func unprefaced(text string) string {
	ws := lang.Words(text)
	for n := min(2, len(ws)-1); n > 0; n-- {
		var folds []string
		for _, w := range ws[:n] {
			folds = append(folds, w.Fold)
		}
		if slices.Contains(said().Acks, strings.Join(folds, " ")) {
			return strings.TrimLeft(text[ws[n].Start:], " ,;.!")
		}
	}
	return text
}

// one puts what was spoken of for the pronoun of "et celui de Verdun ?": the word
// that was just explained, or the kind of territory that the last answer was of.
func (t turn) one(text string, l lang.Lang) (string, bool) {
	ws := lang.Words(text)
	at := 0
	for at < len(ws) && slices.Contains(said().Openers, ws[at].Fold) {
		at++
	}
	if len(ws) < at+3 || !slices.Contains(said().Ones, ws[at].Fold) || !slices.Contains([]string{"de", "d", "du", "des", "of"}, ws[at+1].Fold) {
		return "", false
	}
	word := t.defined
	if word == "" && t.turn != nil {
		if level, _, ok := t.place(); ok && (level == "arrondissement" || level == "epci") {
			word = texts.Say(l, "phrase.kind_"+level, "n", 1)
		}
	}
	if word == "" {
		return "", false
	}
	return texts.Say(l, "talk.one_of", "word", word, "name", strings.TrimRight(text[ws[at+2].Start:], " ?!.")), true
}

// ofPair tells whether a text asks which of two figures is the larger (most), or the
// smaller. Of two numbers of stations, "laquelle est la plus fréquentée ?" is none.
func (t turn) ofPair(text string) (most, ok bool) {
	words := strings.Fields(lang.Fold(text))
	if p := t.out.Plan; p == nil || len(p.Measures) == 0 || p.Measures[0].Agg == query.Count || p.Measures[0].Agg == query.CountDistinct {
		return false, false
	}
	if len(words) < 2 || len(words) > 8 || !slices.Contains(said().Which, words[0]) && words[0] != "qui" && words[0] != "who" {
		return false, false
	}
	last := words[len(words)-1]
	less := slices.Contains(words, "moins") || slices.Contains(words, "less") || slices.Contains(words, "least")
	switch {
	case slices.Contains(said().Sizes, last):
		return !less, true
	case slices.Contains(said().SmallSizes, last):
		return less, true
	}
	return false, false
}

// superlative tells whether a text is a ranking that says nothing of what it is among:
// "la plus peuplée", after an intercommunality's figure.
func superlative(text string) bool {
	const most = 5 // words; a longer one says itself what it is among
	asked := lang.Fold(text) + " "
	return len(lang.Words(text)) <= most && slices.ContainsFunc(said().Superlative, func(w string) bool { return strings.HasPrefix(asked, w+" ") })
}

// standing writes "rang ?" out: of what, by what, in which year.
func (t turn) standing(text string, l lang.Lang) (string, bool) {
	if t.out.Plan == nil || !slices.Contains(said().Ranks, askedOf(text)) && !slices.Contains(said().Ranks, lang.Fold(text)) || len(t.out.Plan.Measures) != 1 || t.out.Candidate.Annotation == nil {
		return "", false
	}
	_, name, ok := t.place()
	year, _, _ := t.years()
	measure := note(t.out.Candidate.Annotation, t.out.Plan.Measures[0].Column).Label.In(l)
	if !ok || year == 0 || measure == "" {
		return "", false
	}
	return texts.Say(l, "talk.rank_of", "name", name, "measure", measure, "year", year), true
}

// judged answers "c'est beaucoup ?" by what it can be held against: its part of the
// whole, or the others of its kind. A text where neither is.
func (t turn) judged(a *answer.Answer) (p *query.Plan, share, done bool) {
	if p = shareOf(t.out, a.Lang); p != nil {
		return p, true, false
	}
	if p = others(t); p != nil {
		return p, false, false
	}
	a.Kind, a.Text = answer.KindText, texts.Say(a.Lang, "talk.judge")
	a.Sentence = a.Text
	answer.Finish(a)
	return nil, false, true
}

// followed is how many rows are, at most.
const followed = 12

// changes follows what was just ranked or listed, each from the first year held to
// the last: the rows of "l'évolution" after "les 3 plus peuplées"; nil where the last
// answer named no such rows.
func changes(t turn) *query.Plan {
	p, year := t.out.Plan, yearColumn(t.out.Candidate)
	if p == nil || year == nil || !t.mayFollow() || p.Derived != nil || p.Tally || len(p.Having) > 0 {
		return nil
	}
	name, m, ok := namedRows(t.out, p)
	held := yearsOf(year)
	if !ok || len(held) < 2 || name == year.Name {
		return nil
	}
	var names []any
	for _, row := range t.last.Rows {
		names = append(names, row[0])
	}
	where := slices.DeleteFunc(slices.Clone(p.Where), func(f query.Filter) bool {
		return f.Column == year.Name || f.Column == name || f.Column == m.Column
	})
	where = append(where, query.Filter{Column: name, Op: query.Eq, Values: names})
	group := []string{name}
	if an := t.out.Candidate.Annotation; strings.EqualFold(an.Entity.Label, name) {
		group = append(group, an.Entity.Key...)
	}
	return between(p.Table, m, year, held[0], held[len(held)-1], group, where)
}

// mayFollow tells whether the rows of the last answer are few enough to follow, and
// their figures go on from year to year.
func (t turn) mayFollow() bool {
	return t.last != nil && len(t.last.Rows) > 1 && len(t.last.Rows) <= followed && !t.out.NoTrend && t.out.Candidate.Annotation != nil
}

// namedRows is the column that names the rows of an answer, and the figure of each.
func namedRows(out plan.Outcome, p *query.Plan) (name string, m query.Measure, ok bool) {
	switch {
	case len(p.GroupBy) == 1 && len(p.Measures) == 1 && p.GroupedAs(0) == "":
		return p.GroupBy[0], p.Measures[0], p.Measures[0].Agg == query.Sum
	case len(p.Columns) == 2 && len(p.OrderBy) == 1 && p.OrderBy[0].Column == p.Columns[1]:
		c := out.Candidate.Table.Column(p.Columns[1])
		return p.Columns[0], query.Measure{Agg: query.Sum, Column: p.Columns[1]}, c != nil && c.Role == dataset.Measure
	}
	return "", query.Measure{}, false
}

// between is how each group changed from one year to another.
func between(table string, m query.Measure, year *dataset.Column, first, last int, group []string, where []query.Filter) *query.Plan {
	at := func(y int) query.Measure {
		x := m
		x.Where = append(slices.Clone(m.Where), query.Filter{Column: year.Name, Op: query.Eq, Values: []any{yearValue(year, y)}})
		x.Label = literal(y)
		return x
	}
	return &query.Plan{Table: table, Measures: []query.Measure{at(last), at(first)}, GroupBy: group, Where: where,
		Derived: &query.Derived{Op: query.Difference, Of: 1, Over: 2}, OrderBy: []query.Order{{Measure: 3, Desc: true}}}
}

// yearValue is a year as the cells of its column have it.
func yearValue(c *dataset.Column, y int) any {
	if c.Type == dataset.Text {
		return literal(y)
	}
	return y
}

// grouped is what lies between the last two answers, where each gave the same groups
// of another year: the later less the earlier, group by group.
func grouped(t turn) *query.Plan {
	one, two, year := t.earlier.Plan, t.out.Plan, yearColumn(t.out.Candidate)
	if one == nil || two == nil || year == nil || t.out.NoTrend || t.earlier.NoTrend || !sameGroups(one, two) || two.GroupBy[0] == year.Name {
		return nil
	}
	m, n := one.Measures[0], two.Measures[0]
	a, b := yearsRead(one, year), yearsRead(two, year)
	if m.Column != n.Column || m.Agg != n.Agg || n.Agg != query.Sum || len(a) != 1 || len(b) != 1 || a[0] == b[0] {
		return nil
	}
	where, same := sameFilters(one, two, year.Name)
	if !same {
		return nil
	}
	return between(two.Table, query.Measure{Agg: n.Agg, Column: n.Column}, year, min(a[0], b[0]), max(a[0], b[0]), two.GroupBy, where)
}

// sameGroups tells whether two plans give one figure each of all groups of one column.
func sameGroups(one, two *query.Plan) bool {
	for _, p := range []*query.Plan{one, two} {
		if len(p.Measures) != 1 || p.Derived != nil || len(p.GroupBy) != 1 || len(p.Having)+p.Limit > 0 {
			return false
		}
	}
	return one.Table == two.Table && one.GroupBy[0] == two.GroupBy[0]
}

// sameFilters are the filters of two plans on other columns than one; same is false
// where they are not the same.
func sameFilters(one, two *query.Plan, column string) (common []query.Filter, same bool) {
	rest := func(p *query.Plan) []query.Filter {
		return slices.DeleteFunc(slices.Clone(p.Where), func(f query.Filter) bool { return f.Column == column })
	}
	mine, theirs := rest(one), rest(two)
	for _, f := range mine {
		if slices.ContainsFunc(theirs, func(g query.Filter) bool { return sameFilter(f, g) }) {
			common = append(common, f)
		}
	}
	return common, len(common) == len(mine) && len(common) == len(theirs)
}

// growth is the change between the last two figures in percent, or from the first
// year to the last of what was followed.
func growth(t turn) *query.Plan {
	if t.out.NoTrend || t.earlier.NoTrend {
		return nil
	}
	if p := difference(t); p != nil {
		if year := yearColumn(t.out.Candidate); year != nil && slices.ContainsFunc(p.Measures[0].Where, func(f query.Filter) bool { return f.Column == year.Name }) {
			p.Derived.Op = query.Growth
			return p
		}
	}
	return growthOf(t)
}
