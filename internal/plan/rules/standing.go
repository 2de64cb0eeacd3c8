package rules

import (
	"cigogne/internal/texts"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
)

// Words of a rank, of what stands beside them, and of what is alike, folded.
var (
	rankWords  = wordSet("rang rank position")
	besideRank = wordSet("occupe occupent tient detient situe classe arrive parmi par among occupy occupies hold holds sa ses son")
	alike      = wordSet("semblable semblables comparable comparables similaire similaires equivalente equivalentes equivalent equivalents similar alike taille size")
)

// subjectRow is the condition that names one row of the table: its label, once.
func (r *reading) subjectRow() int {
	label := r.s.col(r.s.a.Entity.Label)
	at := slices.IndexFunc(r.conds, func(x cond) bool { return x.col == label && x.op == query.Eq && len(x.vals) == 1 })
	if r.s.Annotation == nil || label < 0 || at < 0 || len(r.on(label)) != 1 || !r.measured() {
		return -1
	}
	return at
}

// measured tells whether there is a measure to rank by: one named, or the table's own.
func (r *reading) measured() bool {
	return len(r.measures) == 1 || r.s.col(r.s.a.Measure) >= 0
}

// standing reads "quel rang occupe Nancy", "rank of Metz": how many rows come
// before the one that is named, by what the table measures. It notes what is
// alike ("compare Metz aux villes semblables") on the way.
func (c *composer) standing() bool {
	r := c.r
	if r.subjectRow() < 0 && r.subjectGroup() < 0 {
		return false
	}
	rank := false
	for i := range c.spans {
		f := c.tokens[c.spans[i].from].Fold
		switch one := c.spans[i].to == c.spans[i].from+1; {
		case one && rankWords[f]:
			rank, c.used[i] = true, true
		case one && alike[f] && c.spans[i].unknown && (c.hasOp(opCompare) || r.subjectRow() >= 0 && r.entity || r.subjectRow() < 0 && r.kindNamed()):
			r.likes, c.used[i] = true, true
		}
	}
	if !rank {
		return false
	}
	for i := range c.spans {
		if besideRank[c.tokens[c.spans[i].from].Fold] && (c.spans[i].unknown || c.spans[i].has(opGroup)) {
			c.spans[i].ops, c.used[i] = nil, true
		}
	}
	delete(c.ops, opGroup)
	if r.subjectRow() >= 0 {
		r.inside = r.holder(slices.Concat(r.group, r.show))
	}
	r.group, r.show = nil, nil
	return len(r.measures) < 2
}

// holder is the column among some whose territories hold rows of the table, plus
// one; 0 where there is none: "rang de Toul dans le département".
func (r *reading) holder(cols []int) int {
	own := r.s.note(r.s.col(r.s.a.Entity.Label)).Level
	for _, k := range cols {
		if l := r.s.note(k).Level; own == "commune" && l != "" && l != own {
			return k + 1
		}
	}
	return 0
}

// inHolder keeps a ranking to the territory that holds the row, which the data tell.
func (r *reading) inHolder(ctx context.Context, req plan.Request) error {
	at := r.subjectRow()
	if r.inside == 0 || at < 0 || r.frame != frameStanding {
		return nil
	}
	x := r.conds[at]
	r.conds = append(slices.Clone(r.conds), x)
	r.lift = &lift{cond: len(r.conds) - 1, to: r.inside - 1}
	return r.raise(ctx, req)
}

// standing counts the rows that measure at least as much as the one that is named.
func (w *writer) standing() {
	m, _ := w.measure()
	if w.subjectRow() < 0 {
		w.standingOfGroup(m)
		return
	}
	at, label := w.subjectRow(), w.name(w.label())
	var rest, own []query.Filter
	for _, f := range w.p.Where {
		if own = append(own, f); f.Column != label {
			rest = append(rest, f)
		}
	}
	w.p.Where = append(rest, query.Filter{Column: m.Column, Op: query.Ge, Than: &query.Plan{Table: w.p.Table, Measures: []query.Measure{{Agg: query.Max, Column: m.Column}}, Where: own}})
	w.p.Measures, w.p.GroupBy = []query.Measure{{Agg: query.Count, Label: texts.Say(w.l, "rules.rank")}}, nil
	many, name := w.s.a.Entity.Many.In(w.l), labelOf(w.conds[at].vals[0])
	by := w.s.note(w.s.col(m.Column)).Label.In(w.l)
	w.out.Assumptions = append(w.out.Assumptions, texts.Say(w.l, "rules.rank_by_among_the_how_many", "by", by, "many", many, "name", name))
}

// subjectGroup is the condition that names one territory that holds rows of the
// table, alone: a department, over a table of communes; else -1.
func (r *reading) subjectGroup() int {
	if r.s.Annotation == nil || !r.measured() {
		return -1
	}
	found := -1
	for i, x := range r.conds {
		if r.s.note(x.col).Level == "" {
			continue
		}
		if found >= 0 || x.op != query.Eq || len(x.vals) != 1 || x.col == r.s.col(r.s.a.Entity.Label) {
			return -1
		}
		found = i
	}
	return found
}

// standingOfGroup counts the territories of the kind whose total is at least that
// of the one that is named.
func (w *writer) standingOfGroup(m query.Measure) {
	at := w.subjectGroup()
	if at < 0 { // a follow-up took the one that is ranked away: "hors Strasbourg"
		w.out.Refusal = texts.Say(w.l, "rules.what_is_your_question")
		return
	}
	if m.Agg != query.Sum {
		w.noMeasure()
		return
	}
	column := w.name(w.conds[at].col)
	var rest, own []query.Filter
	for _, f := range w.p.Where {
		if own = append(own, f); f.Column != column {
			rest = append(rest, f)
		}
	}
	w.p.Where = append(rest, query.Filter{Column: column, Op: query.NotNull})
	w.p.Measures, w.p.GroupBy, w.p.Tally = []query.Measure{m}, []string{column}, true
	w.p.Having = []query.Having{{Measure: 1, Op: query.Ge, Than: &query.Plan{Table: w.p.Table, Measures: []query.Measure{m}, Where: own}}}
}

// kindNamed tells whether the column of the territory that is named is named, too:
// "les départements comparables à la Marne".
func (r *reading) kindNamed() bool {
	at := r.subjectGroup()
	return at >= 0 && (slices.Contains(r.show, r.conds[at].col) || slices.Contains(r.group, r.conds[at].col))
}

// likesShown is how many rows of like size are put beside the one that is named.
const likesShown = 4

// nearest finds the rows, or the territories of the kind, that are nearest in size
// to the one that is named, and asks for all of them.
func (r *reading) nearest(ctx context.Context, req plan.Request) error {
	at := r.subjectRow()
	rows := at >= 0
	if !rows {
		at = r.subjectGroup()
	}
	if !r.likes || at < 0 || req.Run == nil || r.s.col(r.s.a.Measure) < 0 {
		return nil
	}
	held := r.s.yearsHeld()
	if len(r.years.list) > 1 || r.years.from > 0 || r.years.to > 0 {
		return nil
	}
	label, measure := r.s.t.Columns[r.conds[at].col].Name, r.s.a.Measure
	p := &query.Plan{Table: r.s.t.ID, Columns: []string{label, measure}, OrderBy: []query.Order{{Column: measure, Desc: true}}, Where: []query.Filter{{Column: measure, Op: query.NotNull}}}
	if !rows {
		p = &query.Plan{Table: r.s.t.ID, GroupBy: []string{label}, Measures: []query.Measure{{Agg: query.Sum, Column: measure}}, OrderBy: []query.Order{{Measure: 1, Desc: true}}, Where: []query.Filter{{Column: label, Op: query.NotNull}}}
	}
	if len(held) > 0 {
		year := held[len(held)-1]
		if len(r.years.list) == 1 {
			year = r.years.list[0]
		}
		p.Where = append(p.Where, query.Filter{Column: r.s.t.Columns[r.s.year].Name, Op: query.Eq, Values: []any{r.s.yearValue(year)}})
	}
	sizes, err := req.Run(ctx, p)
	if err != nil {
		return fmt.Errorf("look for rows of like size: %w", err)
	}
	own, mine := 0.0, r.conds[at].vals[0]
	for _, row := range sizes {
		if v, ok := lang.Number(row[1]); ok && row[0] == mine {
			own = max(own, v)
		}
	}
	if own <= 0 {
		return nil
	}
	apart := func(row []any) float64 {
		v, _ := lang.Number(row[1])
		return math.Abs(math.Log(max(v, 1) / own))
	}
	sizes = slices.DeleteFunc(slices.Clone(sizes), func(row []any) bool { return row[0] == mine })
	slices.SortStableFunc(sizes, func(a, b []any) int {
		return strings.Compare(fmt.Sprintf("%12.9f", apart(a)), fmt.Sprintf("%12.9f", apart(b)))
	})
	vals := []any{mine}
	for _, row := range sizes[:min(likesShown, len(sizes))] {
		vals = append(vals, row[0])
	}
	r.conds = slices.Clone(r.conds)
	r.conds[at].vals = vals
	r.frame, r.entity, r.show, r.group = frameCompare, false, nil, nil
	many := r.s.a.Entity.Many.In(req.Lang)
	if !rows {
		many = r.s.kindOf(r.conds[at].col, req.Lang)
	}
	r.notes = append(r.notes, texts.Say(req.Lang, "rules.beside_it_the_that_are_nearest", "many", many))
	return nil
}

// kindOf is what the territories of a column are called together: the plural that
// the annotation has among its words, else its label.
func (s *schema) kindOf(col int, l lang.Lang) string {
	label, words := s.note(col).Label.In(l), s.note(col).Words.FR
	if l.Reads() != lang.French {
		words = s.note(col).Words.EN
	}
	if i := slices.Index(words, label+"s"); i >= 0 {
		return words[i]
	}
	return label
}

// shareOfRows tells whether a share of the rows is asked for.
func (c *composer) shareOfRows() bool {
	at, ok := c.ops[opShare]
	if !ok || c.s.Annotation == nil {
		return false
	}
	n := c.near(at, 1)
	return n >= 0 && c.spans[n].entity
}

// meanChange tells whether the mean of a change is asked for: "évolution
// moyenne par an de la population".
func (c *composer) meanChange() bool {
	if c.s.Annotation == nil || !c.hasOp(opAvg) {
		return false
	}
	for i := range c.spans {
		if f := c.tokens[c.spans[i].from].Fold; c.spans[i].has(opEvolution) && (strings.HasPrefix(f, "evol") || f == "trend" || f == "tendance") || c.spans[i].has(opGrowth) {
			return true
		}
	}
	return false
}

// first is the first span of the first of these operations that there is.
func (c *composer) first(ops ...op) int {
	for _, o := range ops {
		if i, ok := c.ops[o]; ok {
			return i
		}
	}
	return 0
}
