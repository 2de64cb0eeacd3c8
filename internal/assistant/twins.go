package assistant

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

// twins holds a total against the one that another table publishes of the same
// thing in the same year, and says by how much they differ: the communes of an
// intercommunality add up to another figure than its own population.
func (as *Assistant) twins(ctx context.Context, candidates []plan.Candidate, out plan.Outcome, a *answer.Answer) error {
	p, own := out.Plan, out.Candidate
	if own.Annotation == nil || len(p.Measures) != 1 || p.Measures[0].Agg != query.Sum || len(p.Measures[0].Where) > 0 || p.Grouped() || p.Derived != nil || len(a.Figures) != 1 {
		return nil
	}
	if !strings.EqualFold(p.Measures[0].Column, own.Annotation.Measure) || len(p.Where) != 2 {
		return nil
	}
	year := own.Annotation.Time.Column
	for _, twin := range own.Annotation.Twins {
		at := slices.IndexFunc(candidates, func(c plan.Candidate) bool { return c.Annotation != nil && c.Annotation.ID == twin.Annotation })
		if at < 0 {
			continue
		}
		other := candidates[at]
		column, measure, yearColumn := other.Table.Column(twin.Column), other.Table.Column(twin.Measure), other.Table.Column(other.Annotation.Time.Column)
		if column == nil || measure == nil || yearColumn == nil {
			continue
		}
		probe := &query.Plan{Table: other.Table.ID, Measures: []query.Measure{{Agg: query.Sum, Column: measure.Name}}}
		for _, f := range p.Where {
			single := f.Op == query.Eq && len(f.Values) == 1
			switch {
			case single && strings.EqualFold(f.Column, twin.Column):
				probe.Where = append(probe.Where, query.Filter{Column: column.Name, Op: query.Eq, Values: f.Values})
			case single && strings.EqualFold(f.Column, year) && yearColumn.Type == own.Table.Column(f.Column).Type:
				probe.Where = append(probe.Where, query.Filter{Column: yearColumn.Name, Op: query.Eq, Values: f.Values})
			}
		}
		if len(probe.Where) != 2 {
			continue
		}
		rows, err := as.runner(candidates)(ctx, probe)
		if err != nil {
			return fmt.Errorf("compare with %s: %w", other.Table.ID, err)
		}
		if len(rows) != 1 || rows[0][0] == nil {
			continue
		}
		theirs, err := strconv.ParseFloat(fmt.Sprint(rows[0][0]), 64)
		if err != nil || theirs == a.Figures[0].Value {
			continue
		}
		ours, l := a.Figures[0].Value, a.Lang
		unit := note(other.Annotation, measure.Name).Unit
		gap := theirs - ours
		sign := "+"
		if gap < 0 {
			sign = ""
		}
		a.Caveats = append(a.Caveats, texts.Say(l, "assistant.gives_another_total_that_is", "name", other.Name(l), "theirs", answer.Cell(theirs, unit, false, l), "name2", viewOf(other, candidates, l).name(other.Table.ID, measure.Name), "sign", sign, "gap", lang.FormatNumber(gap, 0, l)))
	}
	return nil
}
