package decide

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"cigogne/internal/plan"
	"cigogne/internal/plan/ground"
	"cigogne/internal/plan/judge"
	"cigogne/internal/query"
)

// Account is how a question was decided over one table.
type Account struct {
	Words    []Meaning `json:"words"`    // what each may mean
	Readings []Reason  `json:"readings"` // likeliest first
	Trust    []Weight  `json:"trust"`    // what spoke for and against believing the first
	Believed float64   `json:"believed"`
	Sure     float64   `json:"sure"`    // from which it is answered
	Likely   float64   `json:"likely"`  // from which readings are shown
	Outcome  string    `json:"outcome"` // answer, choices or refusal
}

// Meaning is a run of words with something it may mean.
type Meaning struct {
	Words    string  `json:"words"`
	Means    string  `json:"means"`
	How      string  `json:"how"`
	Strength float64 `json:"strength"`
}

// Reason is a reading with what spoke most for and against it.
type Reason struct {
	Says  string   `json:"says"`
	Prob  float64  `json:"prob"`
	Score float64  `json:"score"`
	For   []Weight `json:"for"`
	Left  []string `json:"left,omitempty"` // words it leaves aside
}

// Weight is a feature with what it was worth.
type Weight struct {
	Name  string  `json:"name"`
	Worth float64 `json:"worth"`
}

// How many of each are told.
const (
	toldReadings = 5
	toldWeights  = 8
)

// Why tells how a question is decided over the first table that nobody
// annotated; false where every table is annotated. The error is that of
// req.Run, ctx or the weights.
func (pl *Planner) Why(ctx context.Context, req plan.Request) (Account, bool, error) {
	i := slices.IndexFunc(req.Candidates, func(c plan.Candidate) bool { return c.Annotation == nil })
	if i < 0 {
		return Account{}, false, nil
	}
	j, err := pl.weights()
	if err != nil {
		return Account{}, false, err
	}
	q, err := ground.Read(req.Question, req.Lang, pl.vectors)
	if err != nil {
		return Account{}, false, fmt.Errorf("read the question: %w", err)
	}
	g := ground.On(q, pl.table(req.Candidates[i]))
	r, err := pl.read(ctx, req, g, j)
	if err != nil {
		return Account{}, false, err
	}
	a := Account{Words: meanings(g), Trust: heaviest(j.Trust.Why(r.trust)), Believed: r.believed, Sure: j.Sure(req.Given, req.Lang), Likely: j.Likely()}
	for _, x := range r.answers[:min(len(r.answers), toldReadings)] {
		a.Readings = append(a.Readings, reason(r, x, j, req))
	}
	switch out := decide(req, r, j); {
	case out.Plan != nil:
		a.Outcome = "answer"
	case out.Ask != "":
		a.Outcome = "choices"
	default:
		a.Outcome = "refusal"
	}
	return a, true, nil
}

func meanings(g *ground.Ground) []Meaning {
	var out []Meaning
	for _, m := range g.Columns {
		out = append(out, Meaning{g.Within(m.From, m.To), "column " + g.Table.Columns[m.Col].Name, string(m.How), m.Strength})
	}
	for _, m := range g.Cells {
		cells := strings.Join(m.Cells[:min(len(m.Cells), 3)], ", ")
		out = append(out, Meaning{g.Within(m.From, m.To), g.Table.Columns[m.Col].Name + " = " + cells, string(m.How), m.Strength})
	}
	return out
}

func reason(r *reading, x answer, j *judge.Judge, req plan.Request) Reason {
	w := x.best
	features := slices.Clone(w.own)
	for _, a := range w.aspects {
		features = append(features, r.r.Aspect(a)...)
	}
	return Reason{
		Says: query.Explain(w.plan, func(_, column string) string { return column }, req.Lang), Prob: x.prob, Score: w.score,
		For: heaviest(worths(j.Second, features)), Left: r.r.Left(w.plan),
	}
}

// worths are what features are worth by their weights.
func worths(w judge.Weights, features []judge.Feature) map[string]float64 {
	sum := map[string]float64{}
	for _, f := range features {
		sum[f.Name] += w[f.Name] * f.Value
	}
	return sum
}

// heaviest lists the features that were worth most, for or against.
func heaviest(sum map[string]float64) []Weight {
	out := make([]Weight, 0, len(sum))
	for n, v := range sum {
		if n != "" {
			out = append(out, Weight{n, v})
		}
	}
	slices.SortFunc(out, func(a, b Weight) int {
		return cmp.Or(cmp.Compare(math.Abs(b.Worth), math.Abs(a.Worth)), cmp.Compare(a.Name, b.Name))
	})
	return out[:min(len(out), toldWeights)]
}
