package assistant

import (
	"context"
	"fmt"
	"strings"

	"cigogne/internal/answer"
	"cigogne/internal/dataset"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/texts"
	"cigogne/internal/warehouse"
)

// run executes a plan, checks what came of it and says it.
func (as *Assistant) run(ctx context.Context, runs *runs, out plan.Outcome, a *answer.Answer) (answered bool, err error) {
	candidates := runs.candidates
	out, declined := settle(out, candidates, a)
	if declined {
		return false, nil
	}
	compiled, err := query.Compile(out.Plan, tables(candidates))
	if err != nil {
		return false, fmt.Errorf("compile: %w", err)
	}
	res, err := runs.result(ctx, out.Plan, compiled)
	if err != nil {
		return false, fmt.Errorf("query: %w", err)
	}
	view := viewOf(out.Candidate, candidates, a.Lang)
	shown := *compiled
	if there := res.Elsewhere.SQL; there != "" {
		shown.Text = there
	}
	r := answer.Result{Plan: out.Plan, Compiled: &shown, Rows: res.Rows, Cut: res.Truncated, Table: out.Candidate.Table, Names: view.name, Unit: view.unit, Counted: view.counted(out.Plan), NoTrend: out.NoTrend, Claim: out.Claim, Partial: out.Partial || partly(out.Candidate, out.Plan)}
	if an := out.Candidate.Annotation; an != nil {
		r.Adds = an.Time.Add && !out.NoTrend
		r.Annotation = an
	}
	a.Assumptions, a.Caveats = once(out.Assumptions), once(out.Caveats)
	tellEngine(res.Elsewhere, a)
	if unfilled(out, res.Rows) {
		a.Kind = answer.KindRefusal
		a.Text = texts.Say(a.Lang, "assistant.every_row_says_0_is_likely", "name", view.name(out.Plan.Table, out.Plan.Measures[0].Column))
		if len(a.Caveats) > 0 { // it is why
			a.Text = strings.Join(a.Caveats, " ")
		}
		return false, nil
	}
	if !answer.Compose(a, r) {
		a.Kind = answer.KindRefusal
		a.Text = texts.Say(a.Lang, "assistant.no_row_answers", "name", out.Candidate.Name(a.Lang), "explain", query.Plain(out.Plan, view.name, a.Lang))
		for _, c := range a.Caveats {
			a.Text += " " + c // it may be why
		}
		a.SQL, a.Plan = shown.Text, out.Plan
		return false, nil
	}
	source(a, out.Plan, compiled, candidates)
	a.Run.Instead = res.Elsewhere.Engine != "" && res.Elsewhere.SQL == ""
	if err := as.check(ctx, candidates, out, a); err != nil {
		return false, err
	}
	if a.Chart {
		undrawn(a)
	}
	a.Next = as.next(ctx, candidates, out, a)
	answer.Finish(a)
	return true, nil
}

// tellEngine says which engine computed an answer, where it is not our own or was to
// be another.
func tellEngine(by warehouse.Elsewhere, a *answer.Answer) {
	switch {
	case by.SQL != "":
		a.Assumptions = append(a.Assumptions, texts.Say(a.Lang, "assistant.computed_elsewhere", "engine", by.Engine))
	case by.Engine != "":
		a.Caveats = append(a.Caveats, texts.Say(a.Lang, "assistant.computed_here_instead", "engine", by.Engine))
	}
}

// settle is the outcome with what the tables know of themselves in its plan;
// declined where no figure of it would mean what is asked, which a says.
func settle(out plan.Outcome, candidates []plan.Candidate, a *answer.Answer) (_ plan.Outcome, declined bool) {
	out, why := lineage(out, a.Lang)
	if why == "" {
		why = notArrondissement(out, a.Question, a.Lang)
	}
	if why != "" {
		a.Kind, a.Text = answer.KindRefusal, why
		return out, true
	}
	out.Plan = query.Settle(out.Plan, tables(candidates))
	if len(out.Plan.Joins) > 0 {
		out.Candidate.Table = query.Joined(tables(candidates)(out.Plan.Table), out.Plan.Joins, tables(candidates))
	}
	t := out.Candidate.Table
	for _, why := range []string{
		refuseMix(out.Plan, t, a.Lang), refuseAdding(out.Plan, t, a.Lang), refuseSubtotals(out.Plan, t, a.Lang), outside(out.Candidate, out.Plan, a.Lang),
	} {
		if why != "" {
			a.Kind, a.Text = answer.KindRefusal, why
			return out, true
		}
	}
	ask, choices := askYear(out.Candidate, out.Plan, a.Question, a.Lang)
	if ask == "" {
		return out, false
	}
	a.Kind, a.Sentence, a.Choices = answer.KindClarify, ask, choices
	a.Text = ask + "\n- " + strings.Join(choices, "\n- ")
	return out, true
}

// source says where an answer's figures come from, and keeps what was run.
func source(a *answer.Answer, p *query.Plan, compiled *query.Compiled, candidates []plan.Candidate) {
	a.Run = &answer.Run{SQL: compiled.SQL, Args: compiled.Args}
	for _, id := range p.Tables() {
		for _, c := range candidates {
			if c.Table.ID != id {
				continue
			}
			a.Sources = append(a.Sources, answer.SourceOf(c.Dataset, c.Table))
			v := answer.Version{Table: id, Parquet: c.Table.Parquet}
			if c.Annotation != nil {
				v.Annotation = c.Annotation.ID
			}
			a.Run.Tables = append(a.Run.Tables, v)
		}
	}
}

// tables finds a candidate's table by ID.
func tables(candidates []plan.Candidate) query.Tables {
	return func(id string) *dataset.Table {
		for _, c := range candidates {
			if c.Table.ID == id {
				return c.Table
			}
		}
		return nil
	}
}
