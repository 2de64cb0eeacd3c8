package lift_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/plan/gold"
	"cigogne/internal/plan/lift"
	"cigogne/internal/query"
	"cigogne/internal/table"
	"cigogne/internal/warehouse"
)

// opened is a file as it is asked.
type opened struct {
	*dataset.Table
	db *warehouse.DB
}

func open(t testing.TB, reader *table.Reader, path string) *opened {
	t.Helper()
	parquet := filepath.Join(t.TempDir(), "t.parquet")
	profile, err := reader.Convert(t.Context(), path, parquet, table.Options{Name: filepath.Base(path)})
	if err != nil {
		t.Fatal(err)
	}
	profile.ID = "given"
	db, err := warehouse.OpenTables(t.Context(), []warehouse.Source{{Name: profile.ID, Parquet: parquet}}, warehouse.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return &opened{profile, db}
}

func (o *opened) byID(id string) *dataset.Table {
	if id != o.ID {
		return nil
	}
	return o.Table
}

func (o *opened) run(ctx context.Context, p *query.Plan) ([][]any, error) {
	c, err := query.Compile(p, o.byID)
	if err != nil {
		return nil, err
	}
	r, err := o.db.Query(ctx, c.SQL, c.Args...)
	if err != nil {
		return nil, err
	}
	return r.Rows, nil
}

// TestGold lifts the SQL of public sets of questions and holds what the plans
// give against the answers known. It wants the sets in ../shared, and takes a
// sixth of their tables unless CIGOGNE_WHOLE is set; -v prints what does not lift.
func TestGold(t *testing.T) {
	for name, floor := range map[string]struct{ lifted, right float64 }{
		"spider_train": {.97, .98},
		"fr2_dev":      {.90, .96},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join("../../../../shared/eval/tables", name+".jsonl")
			questions, err := gold.Load(path)
			if err != nil {
				t.Skipf("no set of questions: %v", err)
			}
			m := measure(t, questions)
			t.Logf("%s: %d with SQL, lifted %d (%.3f), of these right %d (%.3f)", name, m.asked, m.lifted, share(m.lifted, m.asked), m.right, share(m.right, m.lifted))
			if share(m.lifted, m.asked) < floor.lifted || share(m.right, m.lifted) < floor.right {
				t.Errorf("below %.2f lifted, %.2f right", floor.lifted, floor.right)
			}
			sort.Strings(m.misses)
			for _, miss := range m.misses {
				t.Log(miss)
			}
		})
	}
}

// amongEquals tells whether the answer known differs only in which it takes of
// rows that are equal by the order asked for, or in their order.
func (o *opened) amongEquals(t *testing.T, p *query.Plan, q gold.Question) bool {
	if len(p.OrderBy) == 0 {
		return false
	}
	q.Ordered = false
	whole := *p
	whole.Ties = whole.Limit > 0
	rows, err := o.run(t.Context(), &whole)
	if err != nil {
		t.Fatal(err)
	}
	if whole.Limit == 0 || len(rows) <= p.Limit {
		return q.Right(rows, -1)
	}
	wanted := q.Rows
	for _, v := range q.Gold {
		wanted = append(wanted, []any{v})
	}
	for _, want := range wanted { // each of them is one of the equals
		one := gold.Question{Kind: "table", Rows: [][]any{want}}
		if !slices.ContainsFunc(rows, func(r []any) bool { return one.Right([][]any{r}, -1) }) {
			return false
		}
	}
	return len(wanted) == p.Limit
}

type measured struct {
	asked, lifted, right int
	misses               []string
}

func share(n, of int) float64 { return float64(n) / float64(max(1, of)) }

func measure(t *testing.T, questions []gold.Question) (m measured) {
	reader, err := table.NewReader()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	door, err := warehouse.OpenDoor(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer door.Close()
	tables := map[string][]gold.Question{}
	for _, q := range questions {
		if q.SQL != "" {
			tables[q.Path] = append(tables[q.Path], q)
		}
	}
	paths := make([]string, 0, len(tables))
	for p := range tables {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	for i, path := range paths {
		if i%6 != 0 && os.Getenv("CIGOGNE_WHOLE") == "" {
			continue
		}
		o := open(t, reader, path)
		lifter := lift.New(door, o.run)
		for _, q := range tables[path] {
			m.asked++
			p, err := lifter.Lift(t.Context(), q.SQL, []lift.Table{{Table: o.Table, Name: q.Name, Columns: q.Columns}})
			if err != nil {
				m.misses = append(m.misses, "not lifted: "+err.Error()+" — "+q.SQL)
				continue
			}
			m.lifted++
			rows, err := o.run(t.Context(), p)
			if err == nil && (q.Right(rows, -1) || o.amongEquals(t, p, q)) {
				m.right++
				continue
			}
			got := query.Explain(p, func(_, c string) string { return c }, "fr")
			if len(rows) > 3 {
				rows = rows[:3]
			}
			m.misses = append(m.misses, "differs: "+q.SQL+" — "+got+" "+sprint(rows)+" want "+sprint(q.Gold, q.Rows, q.Value))
		}
		o.db.Close()
	}
	return m
}

func sprint(v ...any) string {
	s := fmt.Sprint(v...)
	return s[:min(len(s), 200)]
}
