package rules

import (
	"cigogne/internal/texts"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sort"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
)

// Costs of what a reading leaves aside or takes for granted. A reading that
// costs more than most is not given as an answer.
const (
	mostGiven   = 1.1 // over a table given with the question
	mostFound   = 0.6 // over one that a search found
	clearMargin = 0.25
	maxTried    = 6 // ways that are run
)

// bare plans a question over one unannotated table.
func (pl *Planner) bare(ctx context.Context, req plan.Request, s *schema, tokens []token) (plan.Outcome, error) {
	tokens = s.splitUnits(s.inOrder(tokens, req.Lang), req.Lang)
	spans := s.link(pl.bareLex, tokens)
	r := s.read(req.Question, req.Lang, tokens, spans)
	ways := r.ways()
	out := plan.Outcome{Candidate: s.Candidate}
	var left float64
	out.NotUnderstood, left = r.leftovers()
	for _, sp := range spans {
		out.Score += sp.weight
	}
	out.Score -= 4 * float64(len(out.NotUnderstood))
	most := mostFound
	if req.Given {
		most = mostGiven
	}
	sort.SliceStable(ways, func(i, j int) bool { return ways[i].cost < ways[j].cost })
	ways = slices.DeleteFunc(ways, func(w way) bool { return w.cost+left > most || w.plan == nil })
	cannotRead := texts.Say(req.Lang, "rules.i_cannot_read_this_question_over", "table", s.Name(req.Lang))
	if len(out.NotUnderstood) > 0 || len(ways) == 0 {
		out.Refusal = cannotRead
		return out, nil
	}
	kept, ran, err := settleWays(ctx, req, s, ways)
	if err != nil {
		return out, err
	}
	if len(kept) == 0 && !ran {
		out.Refusal = cannotRead
		return out, nil
	}
	if len(kept) == 0 {
		out.Refusal = texts.Say(req.Lang, "rules.no_row_of_answers_this_question", "table", s.Name(req.Lang))
		return out, nil
	}
	if len(kept) > 1 && kept[1].cost-kept[0].cost < clearMargin {
		return askedBack(req, s, out, kept), nil
	}
	best := kept[0]
	if out.Refusal, out.Ask = r.unfit(best, req.Lang); out.Refusal != "" || out.Ask != "" {
		return out, nil
	}
	out.Plan, out.Assumptions = best.plan, best.notes
	out.Score -= best.cost + left
	return out, nil
}

// askedBack asks which of several ways is meant.
func askedBack(req plan.Request, s *schema, out plan.Outcome, kept []way) plan.Outcome {
	out.Ask = texts.Say(req.Lang, "rules.this_question_can_be_read_in")
	names := func(_, column string) string { return column }
	for _, w := range kept[:min(len(kept), 4)] {
		choice := strings.TrimSpace(req.Question) + " (" + w.hint + ")"
		if w.hint == "" {
			choice = query.Plain(w.plan, names, req.Lang)
		}
		out.Choices = append(out.Choices, choice)
		out.Readings = append(out.Readings, plan.Outcome{Plan: w.plan, Candidate: s.Candidate, Assumptions: w.notes})
	}
	return out
}

// unfit says why a way that yields something is no answer after all: it counts rows
// where an amount is asked, or has another number of rows than the question counts on.
func (r *reader) unfit(w way, l lang.Lang) (refusal, ask string) {
	name := r.s.Name(l)
	var m query.Measure
	if len(w.plan.Measures) == 1 {
		m = w.plan.Measures[0]
	}
	switch {
	case r.op(opSum) >= 0 && r.op(opCount) < 0 && m.Agg == query.Count && m.Column == "":
		return texts.Say(l, "rules.i_cannot_tell_which_column_of", "table", name), ""
	case r.s.titled && m.Agg == query.Count && r.noticed(amountWords...) && !slices.ContainsFunc(r.d.conds, func(x cond) bool { return r.figures(x.col) }): // rows are no amount
		return texts.Say(l, "rules.i_cannot_tell_which_column_of_2", "table", name), ""
	case r.expect > 0 && w.rows > 0 && w.rows != r.expect && len(w.plan.Columns) > 0:
		return "", texts.Say(l, "rules.rows_of_answer_this_question_which", "rows", w.rows, "table", name, "asked", r.expect)
	case w.rows > 1 && w.plan.Limit == 0 && r.single(): // equals in a ranking are an answer
		return "", texts.Say(l, "rules.rows_of_answer_this_question_which_2", "rows", w.rows, "table", name)
	}
	return "", ""
}

// amountWords are nouns of sums of money, folded.
var amountWords = []string{"montant", "montants", "amount", "amounts", "cout", "couts", "depense", "depenses"}

// settleWays runs the likeliest ways and keeps those that yield something, one
// for each different result; ran tells whether any was a query that can be run.
func settleWays(ctx context.Context, req plan.Request, s *schema, ways []way) (kept []way, ran bool, err error) {
	tables := func(id string) *dataset.Table {
		if id == s.t.ID {
			return s.t
		}
		return nil
	}
	var results [][][]any
	for _, w := range ways {
		if len(kept) > 0 && w.cost-kept[0].cost > clearMargin || len(results) >= maxTried {
			break
		}
		if query.Validate(w.plan, tables) != nil {
			continue
		}
		if req.Run == nil {
			kept = append(kept, w)
			continue
		}
		rows, err := run(ctx, req, w.plan)
		var bad *query.PlanError
		if errors.As(err, &bad) {
			continue
		}
		if err != nil {
			return nil, ran, fmt.Errorf("try a reading: %w", err)
		}
		ran = true
		if !says(rows) || zero(rows) && slices.ContainsFunc(w.plan.Where, func(f query.Filter) bool { return f.As != "" }) || slices.ContainsFunc(results, func(have [][]any) bool { return reflect.DeepEqual(have, rows) }) {
			continue
		}
		w.rows = len(rows)
		kept, results = append(kept, w), append(results, rows)
	}
	return kept, ran, nil
}

// run runs a plan; a difference that nothing orders is taken from the larger side.
func run(ctx context.Context, req plan.Request, p *query.Plan) ([][]any, error) {
	rows, err := req.Run(ctx, p)
	if err != nil || p.Derived == nil || p.Derived.Op != query.Difference || len(rows) != 1 {
		return rows, err
	}
	if last := rows[0][len(rows[0])-1]; negative(last) {
		p.Derived.Of, p.Derived.Over = p.Derived.Over, p.Derived.Of
		return req.Run(ctx, p)
	}
	return rows, nil
}

func negative(v any) bool {
	switch x := v.(type) {
	case int64:
		return x < 0
	case float64:
		return x < 0
	}
	return false
}

// zero tells whether rows are one figure of nothing.
func zero(rows [][]any) bool {
	return len(rows) == 1 && len(rows[0]) == 1 && (rows[0][0] == int64(0) || rows[0][0] == 0.0)
}

// says tells whether rows hold anything.
func says(rows [][]any) bool {
	for _, row := range rows {
		for _, v := range row {
			if v != nil {
				return true
			}
		}
	}
	return false
}

// idle are the operations that may be left without a part: they open a
// question or bind its words.
var idle = map[op]bool{opList: true, opWhich: true, opWho: true, opWhen: true, opWhere: true, opAnd: true, opThan: true, opGoes: true, opOnly: true, opGroup: true,
	opSince: true, opFrom: true, opTo: true, opAll: true, opEquals: true, opPercent: true, opRows: true, opDistinct: true, opOther: true, opTimes: true, opYesNo: true}

// leftovers names the words that found no part and must have one, and weighs
// those that may do without.
func (r *reader) leftovers() (unknown []string, cost float64) {
	for i := range r.spans {
		sp := &r.spans[i]
		if r.used[i] || r.consumed[i] || r.empty(i) || sp.scope {
			continue
		}
		switch {
		case len(sp.ops) > 0 && r.idles(i):
			cost += 0.05
		case len(sp.ops) > 0:
			cost += 2 // half a question answered is another question answered
		case r.allGeneric(sp):
			cost += r.genericLeft(i)
		case sp.entity:
			cost += 0.1
		case len(sp.cols) > 0 && r.s.t.Columns[r.column(i, nil)].Distinct == 1: // "on the line", where there is one
		case len(sp.cols) > 0 && len(sp.vals) == 0 && !sp.num:
			cost += 0.4 + 0.4*bestName(sp.cols)
		default:
			unknown = append(unknown, r.text(i))
		}
	}
	return unknown, cost
}

// idles tells whether an operation may be left without a part.
func (r *reader) idles(i int) bool {
	sp := &r.spans[i]
	if sp.has(opYesNo) && (i == 0 || sp.to-sp.from > 1) {
		return false
	}
	return slices.ContainsFunc(sp.ops, func(o op) bool {
		return idle[o] || (o == opOr || o == opBetween) && r.alternatives() || o == opSum && (r.d.count != nil || r.aggregated(&r.d))
	})
}

// genericLeft is what common words that found no part cost.
func (r *reader) genericLeft(i int) float64 {
	sp, cost := &r.spans[i], 0.12
	f := r.tokens[sp.from].Fold
	if things[f] {
		cost += 0.15
	}
	if n := r.near(i, 1); sp.num && n >= 0 && r.adjacent(i, n) && len(r.spans[n].ops) == 0 {
		cost += 0.5 // "one host"
	}
	if comparatives[f] {
		cost++ // a comparison that nothing was made of
	}
	counted := r.d.count != nil && r.d.count.head == i
	if quantities[f] && !counted && (r.d.count != nil || len(r.d.asks) == 0) || r.headOf(i) {
		cost += 0.8 // the very thing asked for
	}
	return cost
}

var comparatives = wordSet("better worse less more fewer")

// headOf tells whether a span is what the question asks for: the noun right
// after "which" or "what is the".
func (r *reader) headOf(i int) bool {
	p := r.near(i, -1)
	if p >= 0 && r.superlative(p) && r.adjacent(p, i) { // "what is the last date"
		p = r.near(p, -1)
	}
	if p < 0 || !r.spans[p].has(opWhich) || r.spans[i].from-r.spans[p].to > 3 {
		return false
	}
	switch r.tokens[r.spans[i].from].Fold {
	case "name", "names", "number", "numbers", "amount", "total", "value", "other", "others", "one", "ones", "type", "kind", "item", "thing", "entry":
		return false
	}
	return r.tokens[r.spans[i].from].norm != "" && heads[r.tokens[r.spans[i].from].Fold]
}

// heads are common words that, asked for, must be a column's.
var heads = wordSet("year years season seasons date dates day days month months time times percentage percent average position place rank order score record person people")

// alternatives tells whether some condition has several values, which "or" joins.
func (r *reader) alternatives() bool {
	return slices.ContainsFunc(r.d.conds, func(x cond) bool { return x.op == query.Eq && len(x.vals) > 1 })
}

func (r *reader) allGeneric(sp *span) bool {
	for _, t := range r.tokens[sp.from:sp.to] {
		if !t.stop && !generic[t.Fold] && (r.s.titled || !things[t.Fold]) {
			return false
		}
	}
	return true
}
