package assistant

import (
	"context"
	"fmt"
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

// twins holds a total against the one that another table publishes of the same
// thing in the same year, and says by how much they differ: the communes of an
// intercommunality add up to another figure than its own population.
func (as *Assistant) twins(ctx context.Context, candidates []plan.Candidate, out plan.Outcome, a *answer.Answer) error {
	p, own := out.Plan, out.Candidate
	if own.Annotation == nil || !isTotal(p) || len(a.Figures) != 1 || len(p.Where) != 2 || !strings.EqualFold(p.Measures[0].Column, own.Annotation.Measure) {
		return nil
	}
	for _, twin := range own.Annotation.Twins {
		at := slices.IndexFunc(candidates, func(c plan.Candidate) bool { return c.Annotation != nil && c.Annotation.ID == twin.Annotation })
		if at < 0 {
			continue
		}
		other := candidates[at]
		probe := twinPlan(p, own, other, twin)
		if probe == nil {
			continue
		}
		rows, err := as.runner(candidates)(ctx, probe)
		if err != nil {
			return fmt.Errorf("compare with %s: %w", other.Table.ID, err)
		}
		theirs, ok := oneNumber(rows)
		if !ok || theirs == a.Figures[0].Value {
			continue
		}
		l, measure := a.Lang, probe.Measures[0].Column
		gap := theirs - a.Figures[0].Value
		sign := "+"
		if gap < 0 {
			sign = ""
		}
		a.Caveats = append(a.Caveats, texts.Say(l, "assistant.gives_another_total_that_is", "name", other.Name(l), "theirs", answer.Cell(theirs, note(other.Annotation, measure).Unit, false, l), "name2", viewOf(other, candidates, l).name(other.Table.ID, measure), "sign", sign, "gap", lang.FormatNumber(gap, 0, l)))
	}
	return nil
}

// oneNumber is the figure of rows that hold it alone.
func oneNumber(rows [][]any) (float64, bool) {
	if len(rows) != 1 || rows[0][0] == nil {
		return 0, false
	}
	v, err := strconv.ParseFloat(fmt.Sprint(rows[0][0]), 64)
	return v, err == nil
}

// isTotal tells a plan of one sum.
func isTotal(p *query.Plan) bool {
	return len(p.Measures) == 1 && p.Measures[0].Agg == query.Sum && len(p.Measures[0].Where) == 0 && !p.Grouped() && p.Derived == nil
}

// twinPlan asks another table for the total that p adds up, of the same thing in the
// same year; nil where p is bound by anything else.
func twinPlan(p *query.Plan, own, other plan.Candidate, twin dataset.Twin) *query.Plan {
	column, measure, year := other.Table.Column(twin.Column), other.Table.Column(twin.Measure), other.Table.Column(other.Annotation.Time.Column)
	if column == nil || measure == nil || year == nil {
		return nil
	}
	probe := &query.Plan{Table: other.Table.ID, Measures: []query.Measure{{Agg: query.Sum, Column: measure.Name}}}
	for _, f := range p.Where {
		single := f.Op == query.Eq && len(f.Values) == 1
		switch {
		case single && strings.EqualFold(f.Column, twin.Column):
			probe.Where = append(probe.Where, query.Filter{Column: column.Name, Op: query.Eq, Values: f.Values})
		case single && strings.EqualFold(f.Column, own.Annotation.Time.Column) && year.Type == own.Table.Column(f.Column).Type:
			probe.Where = append(probe.Where, query.Filter{Column: year.Name, Op: query.Eq, Values: f.Values})
		}
	}
	if len(probe.Where) != 2 {
		return nil
	}
	return probe
}
