package decide

import (
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/plan/judge"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

const maxChoices = 3

// decide turns a reading into an answer, a choice or a refusal.
func decide(req plan.Request, r *reading, j *judge.Judge) plan.Outcome {
	if r == nil || len(r.answers) == 0 {
		return plan.Outcome{Candidate: req.Candidates[0], Refusal: texts.Say(req.Lang, "decide.no_table")}
	}
	c := r.g.Table.Candidate
	first := r.answers[0].best
	switch {
	case empty(first.rows):
		return plan.Outcome{Candidate: c, Refusal: texts.Say(req.Lang, "decide.no_row", "table", c.Name(req.Lang)) + help(req, r)}
	case r.held != nil && !empty(r.held.rows) && r.held.believed >= j.SureHeld(req.Given, req.Lang):
		return plan.Outcome{Candidate: c, Plan: withTies(r.held.plan), Assumptions: r.aside(r.held.weighed, req.Lang), Score: r.held.believed, Tokens: r.tokens}
	case r.held == nil && r.believed >= j.Sure(req.Given, req.Lang):
		return plan.Outcome{Candidate: c, Plan: withTies(first.plan), Assumptions: r.aside(first, req.Lang), Score: r.believed, Tokens: r.tokens}
	case r.believed >= j.Likely():
		return r.choices(req)
	}
	return plan.Outcome{Candidate: c, Score: r.believed, NotUnderstood: r.r.Left(first.plan),
		Refusal: texts.Say(req.Lang, "decide.not_sure", "table", c.Name(req.Lang)) + help(req, r)}
}

// withTies has the rows that equal the last one kept shown too: one of two
// equals is no answer to "which has the most".
func withTies(p *query.Plan) *query.Plan {
	if p.Limit == 0 || p.Offset > 0 || len(p.OrderBy) == 0 || p.OrderBy[0].Column == "" && p.OrderBy[0].Measure == 0 {
		return p
	}
	out := *p
	out.Ties = true
	return &out
}

// aside says which words a reading leaves aside.
func (r *reading) aside(w *weighed, l lang.Lang) []string {
	left := r.left(w, l)
	if len(left) == 0 {
		return nil
	}
	return []string{texts.Say(l, "decide.aside", "words", quoted(left, l))}
}

func quoted(list []string, l lang.Lang) string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = texts.Say(l, "decide.quoted", "word", w)
	}
	return strings.Join(out, ", ")
}

// choices shows the likeliest readings in plain words.
func (r *reading) choices(req plan.Request) plan.Outcome {
	out := plan.Outcome{Candidate: r.g.Table.Candidate, Score: r.believed, Ask: texts.Say(req.Lang, "decide.which")}
	for _, a := range r.answers {
		if len(out.Choices) == maxChoices {
			break
		}
		if empty(a.best.rows) {
			continue
		}
		out.Choices = append(out.Choices, query.Plain(a.best.plan, func(_, column string) string { return column }, req.Lang))
		out.Readings = append(out.Readings, plan.Outcome{Plan: withTies(a.best.plan), Candidate: r.g.Table.Candidate, Assumptions: r.aside(a.best, req.Lang)})
	}
	return out
}

// help says what was not understood, what the table has, and a question that works.
func help(req plan.Request, r *reading) string {
	var b strings.Builder
	if left := r.r.Left(r.answers[0].best.plan); len(left) > 0 {
		b.WriteString(" " + texts.Say(req.Lang, "decide.unplaced", "words", quoted(left, req.Lang)))
	}
	var columns []string
	dimension, measure := "", ""
	for _, c := range r.g.Table.Table.Columns {
		if c.Role.Aside() {
			continue
		}
		if len(columns) < 8 {
			columns = append(columns, c.Name)
		}
		if dimension == "" && c.Role == dataset.Dimension && c.Type == dataset.Text && c.Distinct > 1 {
			dimension = c.Name
		}
		if measure == "" && c.Role == dataset.Measure {
			measure = c.Name
		}
	}
	b.WriteString(" " + texts.Say(req.Lang, "decide.columns", "columns", strings.Join(columns, ", ")))
	switch {
	case dimension != "" && measure != "":
		b.WriteString(" " + texts.Say(req.Lang, "decide.try_total", "measure", measure, "dimension", dimension))
	case dimension != "":
		b.WriteString(" " + texts.Say(req.Lang, "decide.try_count", "dimension", dimension))
	}
	return b.String()
}

// empty tells whether rows hold nothing.
func empty(rows [][]any) bool {
	for _, row := range rows {
		for _, v := range row {
			if v != nil {
				return false
			}
		}
	}
	return true
}
