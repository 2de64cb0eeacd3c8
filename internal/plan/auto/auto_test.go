package auto

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
)

type fake struct {
	out   plan.Outcome
	err   error
	asked int
}

func (f *fake) Plan(context.Context, plan.Request) (plan.Outcome, error) {
	f.asked++
	return f.out, f.err
}

// planned is an outcome whose plan is told by its column.
func planned(column string, annotated bool) plan.Outcome {
	o := plan.Outcome{Plan: &query.Plan{Table: "t", Measures: []query.Measure{{Agg: query.Sum, Column: column}}}, Candidate: plan.Candidate{Table: &dataset.Table{ID: "t"}}}
	if annotated {
		o.Candidate.Annotation = &dataset.Annotation{}
	}
	return o
}

func TestTogether(t *testing.T) {
	declined := plan.Outcome{Refusal: "no"}
	for name, c := range map[string]struct {
		rules, model plan.Outcome
		err          error // of the model
		always       bool
		asked        int // calls of the model
		column       string
		asks         bool
		engine       string
	}{
		"an annotated table needs no model":        {rules: planned("a", true), model: planned("b", true), column: "a", engine: "rules"},
		"unless it is always asked: they differ":   {rules: planned("a", true), model: planned("b", true), always: true, asked: 1, asks: true},
		"unless it is always asked: they agree":    {rules: planned("a", true), model: planned("A", true), always: true, asked: 1, column: "a", engine: "rules"},
		"an unannotated table: they agree":         {rules: planned("a", false), model: planned("A", false), asked: 1, column: "a", engine: "rules"},
		"an unannotated table: they differ":        {rules: planned("a", false), model: planned("b", false), asked: 1, asks: true},
		"the built-in one declines":                {rules: declined, model: planned("b", false), asked: 1, column: "b", engine: "model"},
		"both decline":                             {rules: declined, model: declined, asked: 1, engine: "rules"},
		"the model fails":                          {rules: planned("a", false), err: errors.New("down"), asked: 1, column: "a", engine: "rules"},
		"the model fails where the other declines": {rules: declined, err: errors.New("down"), asked: 1, engine: "rules"},
	} {
		t.Run(name, func(t *testing.T) {
			c.model.Engine = "model"
			rules, model := &fake{out: c.rules}, &fake{out: c.model, err: c.err}
			results := map[string][][]any{"a": {{1.0}}, "A": {{int64(1), "x"}}, "b": {{2.0}}}
			out, err := New(rules, model, c.always, slog.New(slog.DiscardHandler)).Plan(t.Context(), plan.Request{Lang: lang.French,
				Run: func(_ context.Context, p *query.Plan) ([][]any, error) { return results[p.Measures[0].Column], nil }})
			if err != nil {
				t.Fatal(err)
			}
			if model.asked != c.asked {
				t.Errorf("the model was asked %d times, want %d", model.asked, c.asked)
			}
			if c.asks != (out.Ask != "") || c.asks && (out.Plan != nil || len(out.Choices) != 2 || len(out.Readings) != 2 || out.Choices[0] == out.Choices[1]) {
				t.Errorf("outcome %+v", out)
			}
			if (c.column != "") != (out.Plan != nil) || out.Plan != nil && out.Plan.Measures[0].Column != c.column || !c.asks && out.Engine != c.engine {
				t.Errorf("outcome %+v, want %s by %s", out, c.column, c.engine)
			}
		})
	}
}

func TestSame(t *testing.T) {
	for _, c := range []struct {
		a, b [][]any
		want bool
	}{
		{nil, nil, true},
		{[][]any{{1.0}}, nil, false},
		{[][]any{{1.0}}, [][]any{{int64(1)}}, true},
		{[][]any{{"Metz", 3.0}}, [][]any{{3.0}}, true},
		{[][]any{{"a", 1.0}, {"b", 2.0}}, [][]any{{"b", 2.0}, {"a", 1.0}}, true},
		{[][]any{{"a", 1.0}, {"b", 1.0}}, [][]any{{"a", 1.0}, {"a", 1.0}}, false},
		{[][]any{{1.0}}, [][]any{{1.1}}, false},
	} {
		if got := same(c.a, c.b); got != c.want {
			t.Errorf("same(%v, %v) = %v", c.a, c.b, got)
		}
	}
}
