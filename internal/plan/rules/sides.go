package rules

import (
	"cigogne/internal/texts"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
)

// sides holds a default that keeps one of two values ("dépense") against what
// the rows named hold of the other: a tax is received, not spent. Where the
// default's side is empty the other is taken, and said; where it is the smaller,
// the outcome becomes a question.
func sides(ctx context.Context, req plan.Request, all []*schema, o *plan.Outcome) error {
	r, ok := o.Reading.(*reading)
	if !ok || len(o.Plan.Measures) == 0 || o.Plan.Measures[0].Agg != query.Sum {
		return nil
	}
	if !slices.ContainsFunc(r.conds, func(x cond) bool { return x.op == query.Eq && r.s.preferred(x.col) }) {
		return nil // the whole of the accounts: spending is meant
	}
	for _, d := range r.s.a.Defaults {
		col := r.s.col(d.Column)
		if !d.Either || col < 0 || len(d.Values) != 1 || r.s.t.Columns[col].Distinct != 2 || len(r.on(col)) > 0 {
			continue
		}
		name := r.s.t.Columns[col].Name
		at := slices.IndexFunc(o.Plan.Where, func(f query.Filter) bool {
			return f.Column == name && f.Op == query.Eq && len(f.Values) == 1 && f.Values[0] == d.Values[0]
		})
		other, words := r.s.other(col, d.Values[0], req.Lang)
		if at < 0 || words[1] == "" { // both sides need a word of their own
			continue
		}
		sum, err := sumsBySide(ctx, req, r, o.Plan, at)
		if err != nil {
			return err
		}
		mine, theirs := sum[d.Values[0]], sum[other]
		switch {
		case mine >= theirs || theirs <= 0:
		case mine == 0 && !o.Plan.Grouped() && o.Plan.Derived == nil: // there is but one
			kept := r.clone()
			kept.notes = append(slices.Clone(r.notes), texts.Say(req.Lang, "rules.the_accounts_hold_none_as", "other", words[1], "one", words[0]))
			kept.conds = append(kept.conds, cond{col: col, op: query.Eq, vals: []any{other}, pos: -1, src: words[1]})
			score := o.Score
			*o = kept.write(req.Lang, all)
			o.Score = score
			return nil
		case sideKnown(req):
		default:
			question := strings.TrimRight(strings.TrimSpace(req.Question), " ?!.")
			*o = plan.Outcome{Candidate: o.Candidate, Score: o.Score,
				Ask:     texts.Say(req.Lang, "rules.the_accounts_hold_this_as_and", "one", words[0], "other", words[1]),
				Choices: []string{question + " (" + words[0] + ")", question + " (" + words[1] + ")"}}
			return nil
		}
	}
	return nil
}

// sumsBySide adds up what the rows named hold of each side, which the at-th condition
// of p keeps one of.
func sumsBySide(ctx context.Context, req plan.Request, r *reading, p *query.Plan, at int) (map[string]float64, error) {
	probe := &query.Plan{Table: p.Table, GroupBy: []string{p.Where[at].Column}, Measures: []query.Measure{{Agg: query.Sum, Column: p.Measures[0].Column}},
		Where: slices.Delete(slices.Clone(p.Where), at, at+1)}
	for _, x := range r.conds { // some plans have them on their measures
		f := query.Filter{Column: r.s.t.Columns[x.col].Name, Op: x.op, Values: x.vals}
		if x.op == query.Eq && !slices.ContainsFunc(probe.Where, func(g query.Filter) bool { return g.Column == f.Column }) {
			probe.Where = append(probe.Where, f)
		}
	}
	rows, err := req.Run(ctx, probe)
	if err != nil {
		return nil, fmt.Errorf("look at both sides: %w", err)
	}
	sum := map[string]float64{}
	for _, row := range rows {
		n, _ := strconv.ParseFloat(fmt.Sprint(row[1]), 64)
		sum[fmt.Sprint(row[0])] = n
	}
	return sum, nil
}

// sideKnown tells whether a question's form says which side is meant: money that goes
// somewhere, or a follow-up, whose words alone do not say what it goes on from.
func sideKnown(req plan.Request) bool {
	folded := lang.Fold(req.Question)
	return strings.HasPrefix(folded, "combien pour ") || strings.HasPrefix(folded, "how much for ") ||
		req.Previous != nil && len(lang.Words(req.Question)) <= 4
}

// other is the column's other value, with what people call both, the given one first.
func (s *schema) other(col int, value string, l lang.Lang) (other string, words [2]string) {
	for _, syn := range s.a.Synonyms {
		if !strings.EqualFold(syn.Column, s.t.Columns[col].Name) || len(syn.Values) != 1 {
			continue
		}
		list := syn.Words.EN
		if l.Reads() == lang.French {
			list = syn.Words.FR
		}
		if len(list) == 0 {
			continue
		}
		if syn.Values[0] == value {
			words[0] = list[0]
		} else {
			other, words[1] = syn.Values[0], list[0]
		}
	}
	return other, words
}
