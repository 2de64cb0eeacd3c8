package rules

import (
	"context"
	"slices"

	"cigogne/internal/plan"
)

// asking is a question put to annotated tables.
type asking struct {
	pl     *Planner
	req    plan.Request
	tokens []token
	fixes  []fix // of spelling, in tokens
	per    divisor
	all    []*schema
	prev   *reading // of the question before, or nil
	short  bool     // it may go on from the question before
	goesOn bool     // and the table of that one accounts for all of it
}

// outcomes reads the question over each candidate.
func (pl *Planner) outcomes(ctx context.Context, req plan.Request, tokens []token) ([]plan.Outcome, error) {
	tokens, per := perPeople(tokens)
	q := &asking{pl: pl, req: req, per: per, all: pl.all(req.Candidates), prev: previous(req)}
	q.goOnWide()
	long := saints(tokens)
	links := pl.links(q.all, long)
	q.tokens, q.fixes = pl.respell(q.all, links, long)
	if len(q.fixes) > 0 {
		links = pl.links(q.all, q.tokens)
	}
	q.short = pl.goesOn(req.Question, q.tokens)
	q.goesOn = q.short && pl.settledBefore(req, q.all, q.tokens, links)
	var outcomes []plan.Outcome
	for k, s := range q.all {
		if s.Annotation == nil {
			o, err := pl.bare(ctx, req, s, tokens)
			if err != nil {
				return nil, err
			}
			o.Score += 0.3 * s.Score
			outcomes = append(outcomes, o)
			continue
		}
		o, ok, err := q.over(ctx, s, links[k])
		if err != nil {
			return nil, err
		}
		if ok {
			outcomes = append(outcomes, o)
		}
	}
	return outcomes, nil
}

// goOnWide reads what goes on from a question of two tables over both of them: the
// reading before names columns that the narrow table has not.
func (q *asking) goOnWide() {
	for k, s := range q.all {
		if q.prev != nil && q.prev.s.t.ID == s.t.ID && q.prev.lastColumn() >= len(s.t.Columns) {
			q.all[k] = q.prev.s
		}
	}
}

// lastColumn is the last column that a reading names; those of tables that were
// joined come last.
func (r *reading) lastColumn() int {
	last := -1
	for _, cols := range [][]int{r.measures, r.partOf, r.minus, r.show, r.group, {r.rankBy, r.inside - 1}} {
		for _, c := range cols {
			last = max(last, c)
		}
	}
	for _, x := range r.conds {
		last = max(last, x.col)
	}
	if r.lift != nil {
		last = max(last, r.lift.to)
	}
	return last
}

// over reads the question over one table; ok is false where it is not about it.
func (q *asking) over(ctx context.Context, s *schema, spans []span) (out plan.Outcome, ok bool, err error) {
	r := s.compose(q.req.Question, q.req.Lang, q.tokens, spans)
	r.per = q.per
	same := q.prev != nil && q.prev.s.t.ID == s.t.ID
	if !r.topical() && !same {
		return out, false, nil // it names places and years alone, which every subject has
	}
	if q.prev != nil && !same && (q.goesOn || q.short && !r.subject()) {
		return out, false, nil // "et à Strasbourg ?" goes on about what was asked, not about another table
	}
	for _, f := range q.fixes {
		r.notes = append(r.notes, f.says(q.req.Lang))
	}
	if same {
		if merged := q.prev.follow(r, q.pl.follows(q.req.Question, r, q.tokens)); merged != nil {
			merged.weight += 3 // the conversation is about this table
			r = merged
		}
	}
	if err := r.raise(ctx, q.req); err != nil {
		return out, false, err
	}
	if err := r.nearest(ctx, q.req); err != nil {
		return out, false, err
	}
	if err := r.inHolder(ctx, q.req); err != nil {
		return out, false, err
	}
	if q.prev == nil {
		r.whose(q.tokens)
	}
	out = r.write(q.req.Lang, q.all)
	out.Score = r.score(out)
	return out, true, nil
}

// score says how much a reading is about its table, and how much of the question
// it accounts for.
func (r *reading) score(o plan.Outcome) float64 {
	s := r.s
	label := s.a.Entity.Label
	score := r.weight - 4*float64(len(r.unknown)) + 0.05*float64(s.a.Rank) + 0.3*o.Candidate.Score
	if o.Refusal != "" {
		score -= 1
	}
	if r.doubt {
		score -= 4
	}
	if r.entity && (r.frame == frameCount || r.frame == frameList || r.frame == frameRank || r.rowsCounted || r.agg != "") {
		score++ // its rows are what is counted, listed or ranked
	}
	if label != "" && len(r.on(s.col(label))) > 0 {
		score += 0.7 // and one of its rows is what is asked about
	}
	if label != "" && r.otherMeasureAlone() {
		score -= 2 // the number of communes is counted where they are rows, before it is added up over what they belong to
	}
	return score
}

// otherMeasureAlone tells whether nothing is asked for but a measure that is not
// the table's own.
func (r *reading) otherMeasureAlone() bool {
	return len(r.measures) == 1 && r.measures[0] != r.s.col(r.s.a.Measure) && !r.entity && len(r.conds)+len(r.group)+len(r.show) == 0 && r.agg == ""
}

// saints writes "St Dizier" and "Ste Marie" out.
func saints(tokens []token) []token {
	out := slices.Clone(tokens)
	for i := range out[:len(out)-1] {
		switch out[i].Fold {
		case "st":
			out[i].Fold, out[i].norm, out[i].stop = "saint", norm("saint"), false
		case "ste":
			out[i].Fold, out[i].norm, out[i].stop = "sainte", norm("sainte"), false
		}
	}
	return out
}

// settledBefore tells whether the table of the question before accounts for
// every word of a short one: no other is looked at then.
func (pl *Planner) settledBefore(req plan.Request, all []*schema, tokens []token, links [][]span) bool {
	prev := previous(req)
	if prev == nil {
		return false
	}
	for k, s := range all {
		if s.t.ID == prev.s.t.ID && s.Annotation != nil {
			r := s.compose(req.Question, req.Lang, tokens, links[k])
			return len(r.unknown) == 0 && r.refused == "" && r.ask == ""
		}
	}
	return false
}

// links cuts the question for each annotated table. A word that one table
// understands is not taken for a misspelt word of another.
func (pl *Planner) links(all []*schema, tokens []token) [][]span {
	links := make([][]span, len(all))
	known := make([]bool, len(tokens))
	for k, s := range all {
		if s.Annotation == nil {
			continue
		}
		links[k] = s.link(pl.lex, tokens)
		for _, sp := range links[k] {
			if len(sp.vals) > 0 || len(sp.cols) > 0 || sp.entity || len(sp.ops) > 0 {
				for i := sp.from; i < sp.to; i++ {
					known[i] = true
				}
			}
		}
	}
	for _, spans := range links {
		for i := range spans {
			if sp := &spans[i]; len(sp.fuzzy) > 0 && (known[sp.from] || pl.another(tokens[sp.from])) {
				sp.fuzzy, sp.unknown = nil, true
			}
		}
	}
	return links
}
