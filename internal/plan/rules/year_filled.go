package rules

import (
	"context"
	"fmt"
	"slices"

	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

// filledYear moves a figure whose year was taken for granted to the last year in
// which the column has values: a debt that the file gives until 2012 is not looked
// for in 2015.
func filledYear(ctx context.Context, req plan.Request, o *plan.Outcome) error {
	r, ok := o.Reading.(*reading)
	if !ok || r.years.said || r.s.Annotation == nil || r.s.a.Time.Policy != "latest" || r.frame == frameGrowth || !single(o.Plan) || o.Plan.Measures[0].Column == "" {
		return nil
	}
	year, held := r.s.t.Columns[r.s.year].Name, r.s.yearsHeld()
	at := slices.IndexFunc(o.Plan.Where, func(f query.Filter) bool { return f.Column == year && f.Op == query.Eq && len(f.Values) == 1 })
	if at < 0 || len(held) < 2 || r.s.t.Column(o.Plan.Measures[0].Column).Nulls == 0 {
		return nil
	}
	m := o.Plan.Measures[0]
	filled := query.Filter{Column: m.Column, Op: query.NotNull}
	rows, err := req.Run(ctx, &query.Plan{Table: o.Plan.Table, GroupBy: []string{year}, Measures: []query.Measure{{Agg: query.Count}},
		Where: append(slices.Delete(slices.Clone(o.Plan.Where), at, at+1), filled)})
	if err != nil {
		return fmt.Errorf("look for the last year with values: %w", err)
	}
	last := 0
	for _, row := range rows {
		if y, ok := lang.Number(row[0]); ok {
			last = max(last, int(y))
		}
	}
	if last == 0 || last == held[len(held)-1] {
		return nil
	}
	kept := r.clone()
	kept.notes = append(slices.Clone(r.notes), texts.Say(req.Lang, "rules.the_last_year_with_values", "year", last, "column", r.s.note(r.s.col(m.Column)).Label.In(req.Lang)))
	kept.years = years{list: []int{last}, said: true}
	score := o.Score
	*o = kept.write(req.Lang, nil)
	o.Score = score
	return nil
}
