package rules

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/plan"
	"cigogne/internal/query"
)

// Guard holds a plan that a model wrote against the question, as strictly as
// the built-in planner holds its own: every word has its part in the plan, and
// every part of the plan its word in the question, its default in the
// annotation, or its place in the plan before. It adds the defaults and the
// caveats that the annotation asks for. Where faults is empty the Outcome is
// complete (a plan, a question back or a refusal); else faults say, in English,
// what a planner may mend, and NotUnderstood which words found no place. The
// plan must be valid (query.Validate). The error is that of req.Run.
func (pl *Planner) Guard(ctx context.Context, req plan.Request, c plan.Candidate, p *query.Plan) (out plan.Outcome, faults []string, err error) {
	s := pl.schema(c)
	tokens := tokenize(req.Question, req.Lang)
	lex := pl.lex
	if s.Annotation == nil {
		lex = pl.bareLex
	}
	spans := s.link(lex, tokens)
	g := &guard{s: s, p: p, req: req, tokens: tokens, spans: spans}
	if req.Previous != nil && req.Previous.Plan != nil && req.Previous.Plan.Table == p.Table {
		g.before = req.Previous.Plan
	}
	w := &writer{reading: &reading{s: s, rankBy: -1}, l: req.Lang, out: &plan.Outcome{Candidate: c}, p: p}
	if g.settled(w) {
		return *w.out, nil, nil
	}
	g.words()
	g.parts()
	if len(g.faults) > 0 {
		return plan.Outcome{Candidate: c, NotUnderstood: g.unknown}, g.faults, nil
	}
	g.complete(w)
	if w.out.Refusal != "" || w.out.Ask != "" {
		return *w.out, nil, nil
	}
	w.caveats()
	w.out.Plan = p
	if req.Run != nil {
		w.out.Reading = w.reading
		if err := homonyms(ctx, req, w.out); err != nil {
			return plan.Outcome{}, nil, err
		}
		w.out.Reading = nil
	}
	return *w.out, nil, nil
}

// guard is the check of one plan.
type guard struct {
	s      *schema
	p      *query.Plan
	before *query.Plan // of the conversation, on the same table
	req    plan.Request
	tokens []token
	spans  []span

	faults  []string
	unknown []string
}

func (g *guard) fault(format string, args ...any) {
	g.faults = append(g.faults, fmt.Sprintf(format, args...))
}

func (g *guard) text(i int) string { return describe(g.tokens, g.req.Question, g.spans[i]) }

func (g *guard) said(ops ...op) bool {
	return slices.ContainsFunc(g.spans, func(sp span) bool {
		return slices.ContainsFunc(ops, func(o op) bool { return sp.has(o) })
	})
}

// settled answers what the annotation settles whatever the plan: a thing that
// the table does not hold, a word to ask back about.
func (g *guard) settled(w *writer) bool {
	for i := range g.spans {
		sp := &g.spans[i]
		switch {
		case sp.absent > 0 && len(sp.vals) == 0 && len(sp.cols) == 0:
			w.out.Refusal = g.s.a.Absent[sp.absent-1].Says.In(w.l)
		case sp.ask > 0:
			a := g.s.a.Ambiguous[sp.ask-1]
			w.out.Ask = a.Ask.In(w.l)
			for _, choice := range a.Choices {
				w.out.Choices = append(w.out.Choices, choice.In(w.l))
			}
		default:
			continue
		}
		return true
	}
	return false
}

// words finds the words of the question that have no part in the plan.
func (g *guard) words() {
	for i := range g.spans {
		if !g.accounted(i) {
			g.unknown = append(g.unknown, g.text(i))
		}
	}
	if len(g.unknown) > 0 {
		g.fault("these words of the question have no part in the plan: %q", g.unknown)
	}
}

func (g *guard) accounted(i int) bool {
	sp := &g.spans[i]
	something := false // the span carries more than an article does
	for _, id := range slices.Concat(sp.vals, sp.parts, sp.partial, sp.fuzzy) {
		something = true
		if v := g.s.val(id); g.filtersOn(v.col, v.texts) {
			return true
		}
	}
	for _, ref := range sp.cols {
		something = true
		if g.uses(ref.col) {
			return true
		}
	}
	if sp.num {
		something = true
		if g.hasNumber(g.number(i)) {
			return true
		}
	}
	if sp.entity || sp.scope || len(sp.lifts) > 0 {
		return true
	}
	for _, o := range sp.ops {
		something = true
		if g.does(o) {
			return true
		}
	}
	return !something && !sp.unknown && sp.lacks == 0
}

// filters lists every filter of the plan, those of its measures too.
func filters(p *query.Plan) []query.Filter {
	if p == nil {
		return nil
	}
	all := slices.Clone(p.Where)
	for _, m := range p.Measures {
		all = append(all, m.Where...)
	}
	return all
}

func (g *guard) filtersOn(col int, texts []string) bool {
	name := g.s.t.Columns[col].Name
	return slices.ContainsFunc(filters(g.p), func(f query.Filter) bool {
		return f.Column == name && slices.ContainsFunc(f.Values, func(v any) bool { return slices.Contains(texts, fmt.Sprint(v)) })
	})
}

// uses tells whether a column has a part in the plan.
func (g *guard) uses(col int) bool {
	name := g.s.t.Columns[col].Name
	if slices.Contains(g.p.GroupBy, name) || slices.Contains(g.p.Columns, name) {
		return true
	}
	for _, m := range g.p.Measures {
		if m.Column == name {
			return true
		}
	}
	for _, o := range g.p.OrderBy {
		if o.Column == name {
			return true
		}
	}
	return slices.ContainsFunc(filters(g.p), func(f query.Filter) bool { return f.Column == name })
}

// number is what span i says, the "million" after it included.
func (g *guard) number(i int) float64 {
	v := g.tokens[g.spans[i].from].num
	if next := g.spans[i].to; next < len(g.tokens) {
		if m, ok := multipliers[g.tokens[next].Fold]; ok {
			v *= m
		}
	}
	return v
}

// hasNumber tells whether the plan has the number: a value, a bound, a limit, a
// rank, or a year within a span of years.
func (g *guard) hasNumber(n float64) bool {
	if float64(g.p.Limit) == n || float64(g.p.Offset+1) == n {
		return true
	}
	for _, h := range g.p.Having {
		if h.Value == n {
			return true
		}
	}
	for _, f := range filters(g.p) {
		for _, v := range f.Values {
			text := fmt.Sprint(v)
			if x, err := strconv.ParseFloat(text, 64); err == nil {
				if x == n || slices.Contains([]query.Op{query.Gt, query.Lt}, f.Op) && math.Abs(x-n) == 1 { // "depuis 2018" may be > 2017
					return true
				}
			} else if year := strconv.Itoa(int(n)); len(year) == 4 && strings.HasPrefix(text, year) { // a day of that year
				return true
			}
		}
	}
	return false
}

// saysValue tells whether words of the question stand for the value of the column.
func (g *guard) saysValue(column string, v any) bool {
	if n, err := strconv.ParseFloat(fmt.Sprint(v), 64); err == nil && g.saysNumber(n) {
		return true
	}
	col, text := g.s.col(column), fmt.Sprint(v)
	if c := g.s.t.Columns[col]; c.Type == dataset.Date || c.Type == dataset.DateTime {
		return len(text) >= 4 && slices.ContainsFunc(g.tokens, func(t token) bool { return t.isYear && (t.Fold == text[:4] || near(t.num, text[:4])) })
	}
	for _, sp := range g.spans {
		for _, id := range slices.Concat(sp.vals, sp.parts, sp.partial, sp.fuzzy) {
			if x := g.s.val(id); x.col == col && slices.Contains(x.texts, text) {
				return true
			}
		}
	}
	return false
}

// near tells whether a year is the one before or after: bounds may exclude.
func near(n float64, year string) bool {
	y, err := strconv.ParseFloat(year, 64)
	return err == nil && math.Abs(y-n) == 1
}

func (g *guard) saysNumber(n float64) bool {
	for i := range g.spans {
		if !g.spans[i].num {
			continue
		}
		if v := g.number(i); v == n || g.tokens[g.spans[i].from].isYear && math.Abs(v-n) == 1 && g.said(opSince, opAfter, opBefore, opUntil) {
			return true
		}
	}
	return false
}

// complete adds to the plan what the annotation takes for granted, says it, and
// refuses the years that are not held.
func (g *guard) complete(w *writer) {
	g.read(w)
	if why := w.outside(); why != "" {
		w.out.Refusal = why
		return
	}
	for i := range g.spans { // what synonyms that are not obvious stood for
		for _, id := range g.spans[i].vals {
			v := g.s.val(id)
			if says := v.says.In(w.l); says != "" && g.filtersOn(v.col, v.texts) && !slices.Contains(w.out.Assumptions, says) {
				w.out.Assumptions = append(w.out.Assumptions, says)
			}
		}
	}
	w.defaults()
	if !w.years.said {
		w.frame = frameValue
		if slices.Contains(w.group, g.s.year) {
			w.frame = frameEvolution
		}
		w.time()
	}
	g.p.Where = append(g.p.Where, w.where...)
}

// read fills a reading with what the plan says, for the annotation's defaults.
func (g *guard) read(w *writer) {
	for i := range g.spans {
		w.lifted = append(w.lifted, g.spans[i].lifts...)
	}
	for _, f := range filters(g.p) {
		col := g.s.col(f.Column)
		if col < 0 {
			continue
		}
		w.conds = append(w.conds, cond{col: col, op: f.Op, vals: f.Values})
		if col != g.s.year {
			continue
		}
		w.years.said = true
		for _, v := range f.Values {
			if y, err := strconv.Atoi(fmt.Sprint(v)); err == nil && f.Op == query.Eq {
				w.years.list = append(w.years.list, y)
			}
		}
	}
	for _, name := range g.p.GroupBy {
		w.group = append(w.group, g.s.col(name))
	}
}
