package assistant

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"cigogne/internal/answer"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

// EngineWritten marks answers to a plan that somebody wrote.
const EngineWritten = "written"

// Written answers a plan that somebody wrote, an agent for example, in place of
// a question: the same checks of the figures, the same text and sources. No
// question holds it, which the answer says, and nothing is added to it: what a
// question would have left out by default is named instead. candidates are the
// plan's tables. The error is a *query.PlanError where the plan does not fit
// them, else as Ask's; the answer is nil then.
func (as *Assistant) Written(ctx context.Context, p *query.Plan, candidates []plan.Candidate, l lang.Lang) (*answer.Answer, error) {
	start := time.Now()
	if err := query.Validate(p, tables(candidates)); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(candidates, func(c plan.Candidate) bool { return c.Table.ID == p.Table })
	c := candidates[i]
	a := &answer.Answer{Lang: l, Engine: EngineWritten, Question: query.Explain(p, viewOf(c, candidates, l).name, l)}
	if why := addsYears(c, p, l); why != "" {
		a.Kind, a.Text, a.Plan = answer.KindRefusal, why, p
		return a, nil
	}
	out := plan.Outcome{Plan: p, Candidate: c}
	out.Caveats = []string{texts.Say(l, "assistant.query_written_by_caller_no_question")}
	for _, c := range candidates {
		said, noTrend := Warnings(c, p, l)
		out.Caveats = append(out.Caveats, said...)
		out.NoTrend = out.NoTrend || noTrend
	}
	if _, err := as.run(ctx, as.runs(candidates), out, a); err != nil {
		if impossible := errors.Is(err, errImplausible) || errors.Is(err, errUnfounded); impossible {
			as.log.ErrorContext(ctx, "written plan gave no sound figure", "error", err)
		}
		return nil, err
	}
	if a.Kind == answer.KindClarify { // it lists questions, and nobody asked one
		a.Kind, a.Text, a.Choices = answer.KindRefusal, firstLine(a.Text), nil
	}
	a.ElapsedMS = float64(time.Since(start).Microseconds()) / 1000
	as.keep(ctx, a)
	return a, nil
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// addsYears says why a sum over several years means nothing, or "": what the
// table holds are states (a population), a year each.
func addsYears(c plan.Candidate, p *query.Plan, l lang.Lang) string {
	an := c.Annotation
	if an == nil || an.Time.Column == "" || an.Time.Add || slices.Contains(p.GroupBy, an.Time.Column) {
		return ""
	}
	y := c.Table.Column(an.Time.Column)
	if y == nil || y.Distinct < 2 {
		return ""
	}
	for _, m := range p.Measures {
		counts := m.Agg == query.Count && m.Column == ""
		if _, single := bounded(p, m, y.Name); single || m.Agg != query.Sum && !counts {
			continue
		}
		return texts.Say(l, "assistant.table_has_row_year_to_which", "name", y.Name, "min", y.Min, "max", y.Max)
	}
	return ""
}

// Warnings are what the annotation of a table says to whoever reads it without
// a question: what misleads, and what questions leave out by default and the
// plan does not speak of. A nil plan stands for any query. noTrend tells that
// years must not be compared.
func Warnings(c plan.Candidate, p *query.Plan, l lang.Lang) (said []string, noTrend bool) {
	if c.Annotation == nil {
		return nil, false
	}
	for _, x := range c.Annotation.Caveats {
		if !slices.ContainsFunc(x.When, func(w dataset.Condition) bool { return excluded(p, w) }) {
			said = append(said, x.Says.In(l))
			noTrend = noTrend || x.NoTrend
		}
	}
	for _, d := range c.Annotation.Defaults {
		if p != nil && mentions(p, d.Column) {
			continue
		}
		said = append(said, texts.Say(l, "assistant.question_would_keep_only_by_default", "column", d.Column, "values", strings.Join(d.Values, ", "), "says", d.Says.In(l)))
	}
	return said, noTrend
}

// excluded tells whether the plan's filters leave no row of a condition.
func excluded(p *query.Plan, w dataset.Condition) bool {
	if p == nil {
		return false
	}
	if len(w.Values) == 0 {
		return !mentions(p, w.Column)
	}
	for _, f := range p.Where {
		if f.Column != w.Column || f.Than != nil {
			continue
		}
		has := slices.ContainsFunc(f.Values, func(v any) bool { return slices.Contains(w.Values, literal(v)) })
		if f.Op == query.Eq && !has || f.Op == query.Ne && has && len(w.Values) == 1 {
			return true
		}
	}
	return false
}

// mentions tells whether a plan names a column anywhere.
func mentions(p *query.Plan, column string) bool {
	filters := func(list []query.Filter) bool {
		return slices.ContainsFunc(list, func(f query.Filter) bool { return f.Column == column })
	}
	return slices.Contains(p.Columns, column) || slices.Contains(p.GroupBy, column) || filters(p.Where) ||
		slices.ContainsFunc(p.Measures, func(m query.Measure) bool { return m.Column == column || filters(m.Where) })
}
