package judge

import (
	"bytes"
	"strings"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/plan/ground"
	"cigogne/internal/query"
)

func markets() *ground.Table {
	values := func(texts ...string) []dataset.Value {
		var out []dataset.Value
		for _, t := range texts {
			out = append(out, dataset.Value{Text: t, Count: 10})
		}
		return out
	}
	return ground.NewTable(plan.Candidate{Table: &dataset.Table{ID: "given", Title: "stalls.csv", Rows: 60, Columns: []dataset.Column{
		{Name: "name", Type: dataset.Text, Role: dataset.Key, Distinct: 60, Values: values("Chez Paul", "Fleurs de Lou")},
		{Name: "product", Type: dataset.Text, Role: dataset.Dimension, Distinct: 3, Values: values("cheese", "flowers", "bread")},
		{Name: "town", Type: dataset.Text, Role: dataset.Dimension, Distinct: 2, Values: values("Metz", "Nancy")},
		{Name: "price", Type: dataset.Number, Role: dataset.Measure, Distinct: 50},
		{Name: "length", Type: dataset.Number, Role: dataset.Measure, Distinct: 20, Nulls: 3},
	}}}, nil)
}

// A right plan outweighs what it becomes when one thing in it is not what was
// asked for: each way in which a plan can be wrong has its line. The weights are
// learnt, on other words, so one may go the other way; REPORT.txt says how
// many do over questions by the hundred.
func TestRightOutweighsCorrupted(t *testing.T) {
	j, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	metz := []query.Filter{{Column: "town", Op: query.Eq, Values: []any{"Metz"}}}
	more := []query.Filter{{Column: "price", Op: query.Gt, Values: []any{20.0}}}
	ways, lost := 0, 0
	for _, tt := range []struct {
		way, question string
		right, wrong  query.Plan
	}{
		{"operator flipped", "How many stalls have a price greater than 20?", query.Plan{Measures: []query.Measure{{Agg: query.Count}}, Where: more},
			query.Plan{Measures: []query.Measure{{Agg: query.Count}}, Where: []query.Filter{{Column: "price", Op: query.Lt, Values: []any{20.0}}}}},
		{"null filter added", "How many stalls have a price greater than 20?", query.Plan{Measures: []query.Measure{{Agg: query.Count}}, Where: more},
			query.Plan{Measures: []query.Measure{{Agg: query.Count}}, Where: append(more[:1:1], query.Filter{Column: "length", Op: query.NotNull})}},
		{"filter dropped", "What is the average price in Metz?", query.Plan{Measures: []query.Measure{{Agg: query.Avg, Column: "price"}}, Where: metz},
			query.Plan{Measures: []query.Measure{{Agg: query.Avg, Column: "price"}}}},
		{"another aggregate", "What is the average price in Metz?", query.Plan{Measures: []query.Measure{{Agg: query.Avg, Column: "price"}}, Where: metz},
			query.Plan{Measures: []query.Measure{{Agg: query.Sum, Column: "price"}}, Where: metz}},
		{"sum where a count is asked", "How many stalls are in Metz?", query.Plan{Measures: []query.Measure{{Agg: query.Count}}, Where: metz},
			query.Plan{Measures: []query.Measure{{Agg: query.Sum, Column: "price"}}, Where: metz}},
		{"another measure", "What is the maximum price?", query.Plan{Measures: []query.Measure{{Agg: query.Max, Column: "price"}}},
			query.Plan{Measures: []query.Measure{{Agg: query.Max, Column: "length"}}}},
		{"direction turned", "What is the name of the stall with the highest price?", query.Plan{Columns: []string{"name"}, OrderBy: []query.Order{{Column: "price", Desc: true}}, Limit: 1},
			query.Plan{Columns: []string{"name"}, OrderBy: []query.Order{{Column: "price"}}, Limit: 1}},
		{"order by another column", "What is the name of the stall with the highest price?", query.Plan{Columns: []string{"name"}, OrderBy: []query.Order{{Column: "price", Desc: true}}, Limit: 1},
			query.Plan{Columns: []string{"name"}, OrderBy: []query.Order{{Column: "length", Desc: true}}, Limit: 1}},
		{"another column listed", "List the name of each stall in Metz.", query.Plan{Columns: []string{"name"}, Where: metz},
			query.Plan{Columns: []string{"product"}, Where: metz}},
		{"group dropped", "How many stalls are there for each product?", query.Plan{Measures: []query.Measure{{Agg: query.Count}}, GroupBy: []string{"product"}},
			query.Plan{Measures: []query.Measure{{Agg: query.Count}}}},
		{"distinct dropped", "What are the distinct products?", query.Plan{Columns: []string{"product"}, Distinct: true}, query.Plan{Columns: []string{"product"}}},
		{"kept where it is left out", "List the names of stalls that are not in Metz.", query.Plan{Columns: []string{"name"}, Where: []query.Filter{{Column: "town", Op: query.Ne, Values: []any{"Metz"}}}},
			query.Plan{Columns: []string{"name"}, Where: metz}},
	} {
		t.Run(tt.way, func(t *testing.T) {
			q, err := ground.Read(tt.question, lang.English, nil)
			if err != nil {
				t.Fatal(err)
			}
			r := NewReader(ground.On(q, markets()))
			score := func(p query.Plan) float64 {
				aspects, own := r.Features(&p)
				return j.First.Score(r, aspects, own)
			}
			ways++
			if right, wrong := score(tt.right), score(tt.wrong); right <= wrong {
				lost++
				t.Logf("%s: right %.2f, corrupted %.2f", tt.question, right, wrong)
			}
		})
	}
	if lost > 1 {
		t.Errorf("%d of %d corrupted plans outweigh the right one", lost, ways)
	}
}

func TestLeft(t *testing.T) {
	q, err := ground.Read("How many organic stalls in Metz on Sundays?", lang.English, nil)
	if err != nil {
		t.Fatal(err)
	}
	r := NewReader(ground.On(q, markets()))
	left := r.Left(&query.Plan{Measures: []query.Measure{{Agg: query.Count}}, Where: []query.Filter{{Column: "town", Op: query.Eq, Values: []any{"Metz"}}}})
	if got := strings.Join(left, ", "); got != "organic, Sundays" {
		t.Errorf("left aside: %q", got)
	}
}

func TestReadWeights(t *testing.T) {
	w, err := readWeights(strings.NewReader("# of a test\nleft&words\t-1.5\n"))
	if err != nil || w["left&words"] != -1.5 || len(w) != 1 {
		t.Errorf("got %v, %v", w, err)
	}
	for _, bad := range []string{"left&words -1.5\n", "left&words\tmuch\n"} {
		if _, err := readWeights(strings.NewReader(bad)); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
	if _, err := unpack(bytes.Repeat([]byte{1}, 20), readWeights); err == nil {
		t.Error("what is no gzip is read")
	}
}
