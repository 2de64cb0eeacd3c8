package decide

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/plan/judge"
	"cigogne/internal/plan/model"
	"cigogne/internal/plan/propose"
	"cigogne/internal/query"
)

// other is a reader that makes of every question what it is told.
type other struct{ plan *query.Plan }

func (o other) Plan(_ context.Context, req plan.Request) (plan.Outcome, error) {
	if o.plan == nil {
		return plan.Outcome{Candidate: req.Candidates[0], Refusal: "no"}, nil
	}
	return plan.Outcome{Candidate: req.Candidates[0], Plan: o.plan}, nil
}

func stalls() *dataset.Table {
	return &dataset.Table{ID: "given", Title: "stalls.csv", Rows: 60, Columns: []dataset.Column{
		{Name: "name", Type: dataset.Text, Role: dataset.Key, Distinct: 60, Values: []dataset.Value{{Text: "Chez Paul", Count: 1}}},
		{Name: "town", Type: dataset.Text, Role: dataset.Dimension, Distinct: 2, Values: []dataset.Value{{Text: "Metz", Count: 30}, {Text: "Nancy", Count: 30}}},
		{Name: "price", Type: dataset.Number, Role: dataset.Measure, Distinct: 50},
	}}
}

// believing is a judge that likes counts of Metz, and believes by votes alone.
func believing() (*judge.Judge, error) {
	likes := judge.Weights{"agg=count&any": 1, "cell&=&exact": 2, "voted": 3}
	trust, err := judge.ReadBelief(strings.NewReader("answer&en\t0.8\nchoices\t0.4\n" +
		"standing&votes\t0.5\t0\nleft&words\t2\t0\n\t\t0\n\t\t-2\n\t\t2\n"))
	if err != nil {
		return nil, err
	}
	held, err := judge.ReadBelief(strings.NewReader("answer&en\t0.8\n" +
		"margin&value\t0\t0\n\t\t-3\nmargin&" + propose.Dropped + "\t0\t0\n\t\t-3\n\t\t3\n"))
	return &judge.Judge{First: likes, Second: likes, Trust: trust, Held: held}, err
}

func ask(t *testing.T, pl *Planner, question string, run plan.Runner) plan.Outcome {
	t.Helper()
	if run == nil {
		run = func(_ context.Context, p *query.Plan) ([][]any, error) {
			return [][]any{{int64(len(p.Where)), p.Table}}, nil
		}
	}
	out, err := pl.Plan(t.Context(), plan.Request{Question: question, Lang: lang.English, Given: true, Candidates: []plan.Candidate{{Table: stalls()}}, Run: run})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestThreeOutcomes(t *testing.T) {
	metz := &query.Plan{Table: "given", Measures: []query.Measure{{Agg: query.Count}}, Where: []query.Filter{{Column: "town", Op: query.Eq, Values: []any{"Metz"}}}}
	for name, tt := range map[string]struct {
		vote           *query.Plan
		question, want string
	}{
		"another reader agrees: answered":          {metz, "How many stalls in Metz?", "answer"},
		"words left aside are said":                {metz, "How many stalls in Metz, pray?", "answer aside"},
		"nobody else says so: readings are shown":  {nil, "How many stalls in Metz?", "choices"},
		"too much is left aside: declined, helped": {nil, "How many purple unicorns dance wildly in Metz?", "refusal"},
	} {
		t.Run(name, func(t *testing.T) {
			pl, err := New(other{tt.vote}, believing, nil)
			if err != nil {
				t.Fatal(err)
			}
			out := ask(t, pl, tt.question, nil)
			got := ""
			switch {
			case out.Plan != nil:
				got = "answer"
				if len(out.Assumptions) > 0 && strings.Contains(out.Assumptions[0], "pray") {
					got += " aside"
				}
			case out.Ask != "":
				got = "choices"
				if len(out.Choices) == 0 || len(out.Choices) > maxChoices || len(out.Readings) != len(out.Choices) {
					t.Errorf("%d choices for %d readings", len(out.Choices), len(out.Readings))
				}
			case strings.Contains(out.Refusal, "unicorns") && strings.Contains(out.Refusal, "total price by town"):
				got = "refusal"
			}
			if got != tt.want {
				t.Errorf("got %q, want %q: %+v", got, tt.want, out)
			}
		})
	}
}

// asked is a model that proposes one plan, or fails.
type asked struct {
	plan *query.Plan
	err  error
}

func (a asked) Propose(_ context.Context, req plan.Request) (*model.Asked, error) {
	if a.err != nil {
		return nil, a.err
	}
	return &model.Asked{Proposals: []model.Proposal{{Plan: a.plan, Candidate: req.Candidates[0]}, {SQL: "SELECT what no plan says"}}}, nil
}

// A model's plan is held against the question: it is answered where it stands
// out from what it would be with one thing changed, shown where it does not, and
// a model that fails changes nothing.
func TestModelIsHeld(t *testing.T) {
	count := func(where ...query.Filter) *query.Plan {
		return &query.Plan{Table: "given", Measures: []query.Measure{{Agg: query.Count}}, Where: where}
	}
	town := func(op query.Op, name string) query.Filter {
		return query.Filter{Column: "town", Op: op, Values: []any{name}}
	}
	for name, tt := range map[string]struct {
		model    Proposer
		answered bool
	}{
		"no model":               {nil, false},
		"what was asked":         {asked{plan: count(town(query.Eq, "Metz"))}, true},
		"nobody asked for Nancy": {asked{plan: count(town(query.Eq, "Nancy"))}, false},
		"Metz is left out of it": {asked{plan: count()}, false},
		"it fails":               {asked{err: model.ErrNoPlan}, false},
		"its plan does not hold": {asked{plan: &query.Plan{Table: "given", Columns: []string{"no such column"}}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			pl, err := New(other{}, believing, nil)
			if err != nil {
				t.Fatal(err)
			}
			if tt.model != nil {
				pl.Ask(other{}, tt.model)
			}
			run := func(_ context.Context, p *query.Plan) ([][]any, error) { return [][]any{{fmt.Sprint(p.Where)}}, nil }
			if out := ask(t, pl, "how many stalls in metz?", run); (out.Plan != nil) != tt.answered {
				t.Errorf("answered %v: %+v", out.Plan != nil, out)
			}
		})
	}
}

// Plans that cannot be run leave the others; where none can, it is declined.
func TestPlansThatFail(t *testing.T) {
	pl, err := New(other{}, believing, nil)
	if err != nil {
		t.Fatal(err)
	}
	out := ask(t, pl, "How many stalls in Metz?", func(context.Context, *query.Plan) ([][]any, error) { return nil, errors.New("broken") })
	if out.Refusal == "" {
		t.Errorf("not declined: %+v", out)
	}
}
