package replay_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cigogne/internal/answer"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/ledger"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/replay"
	"cigogne/internal/table"
	"cigogne/internal/warehouse"
)

// bench is a ledger with files to replay on.
type bench struct {
	t      *testing.T
	dir    string
	reader *table.Reader
	led    *ledger.Ledger
	today  []plan.Candidate
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, dir: t.TempDir()}
	var err error
	if b.reader, err = table.NewReader(); err != nil {
		t.Fatal(err)
	}
	if b.led, err = ledger.Open(t.Context(), filepath.Join(b.dir, ledger.FileName)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.reader.Close(); b.led.Close() })
	return b
}

func (b *bench) path(sha string) string { return filepath.Join(b.dir, sha+".parquet") }

// table reads a CSV as a table of that name, as a fetch would.
func (b *bench) table(id, csv string) *dataset.Table {
	b.t.Helper()
	from, to := filepath.Join(b.dir, "in.csv"), filepath.Join(b.dir, "out.parquet")
	if err := os.WriteFile(from, []byte(csv), 0o600); err != nil {
		b.t.Fatal(err)
	}
	t, err := b.reader.Convert(b.t.Context(), from, to, table.Options{Name: id})
	if err != nil {
		b.t.Fatal(err)
	}
	t.ID = id
	if err := os.Rename(to, b.path(t.Parquet)); err != nil {
		b.t.Fatal(err)
	}
	return t
}

func (b *bench) run(ctx context.Context, tables []*dataset.Table, p *query.Plan) (*query.Compiled, [][]any, error) {
	find := func(id string) *dataset.Table {
		for _, t := range tables {
			if t.ID == id {
				return t
			}
		}
		return nil
	}
	c, err := query.Compile(p, find)
	if err != nil {
		return nil, nil, err
	}
	var sources []warehouse.Source
	for _, t := range tables {
		sources = append(sources, warehouse.Source{Name: t.ID, Parquet: b.path(t.Parquet)})
	}
	db, err := warehouse.OpenTables(ctx, sources, warehouse.Limits{})
	if err != nil {
		return nil, nil, err
	}
	defer db.Close()
	res, err := db.Query(ctx, c.SQL, c.Args...)
	if err != nil {
		return nil, nil, err
	}
	return c, res.Rows, nil
}

// keep asks a plan and keeps its answer; the table has an annotation "towns".
func (b *bench) keep(p *query.Plan, t *dataset.Table) string {
	b.t.Helper()
	c, rows, err := b.run(b.t.Context(), []*dataset.Table{t}, p)
	if err != nil {
		b.t.Fatal(err)
	}
	a := &answer.Answer{Question: "Combien ?", Lang: lang.French, Kind: answer.KindTable, Plan: p, Rows: rows,
		Run: &answer.Run{SQL: c.SQL, Args: c.Args, Tables: []answer.Version{{Table: t.ID, Parquet: t.Parquet, Annotation: "towns"}}}}
	if err := b.led.Keep(b.t.Context(), a); err != nil {
		b.t.Fatal(err)
	}
	return a.AnswerID
}

func (b *bench) replayer() *replay.Replayer {
	r := replay.New(b.parts())
	b.t.Cleanup(func() { r.Close() })
	return r
}

func (b *bench) parts() replay.Parts {
	return replay.Parts{
		Ledger: b.led,
		File: func(sha, _ string) (string, error) {
			_, err := os.Stat(b.path(sha))
			return b.path(sha), err
		},
		Today: func() []plan.Candidate { return b.today },
		Run: func(ctx context.Context, candidates []plan.Candidate, p *query.Plan) ([][]any, error) {
			var tables []*dataset.Table
			for _, c := range candidates {
				tables = append(tables, c.Table)
			}
			_, rows, err := b.run(ctx, tables, p)
			return rows, err
		},
	}
}

const towns = "town,year,people\nMetz,2023,100\nMetz,2024,110\nNancy,2023,90\nNancy,2024,95\n"

var (
	sum = &query.Plan{Table: "towns", Measures: []query.Measure{{Agg: query.Sum, Column: "people"}},
		Where: []query.Filter{{Column: "year", Op: query.Eq, Values: []any{int64(2024)}}, {Column: "town", Op: query.Eq, Values: []any{"Metz"}}}}
	byTown = &query.Plan{Table: "towns", Measures: []query.Measure{{Agg: query.Sum, Column: "people"}}, GroupBy: []string{"town"}}
	more   = &query.Plan{Table: "towns", Columns: []string{"town"}, Distinct: true, Where: []query.Filter{{Column: "people", Op: query.Gt,
		Than: &query.Plan{Table: "towns", Measures: []query.Measure{{Agg: query.Avg, Column: "people"}}}}}}
)

func TestReplay(t *testing.T) {
	b := newBench(t)
	was := b.table("towns", towns)
	ids := map[*query.Plan]string{sum: b.keep(sum, was), byTown: b.keep(byTown, was), more: b.keep(more, was)}
	changed := strings.ReplaceAll(towns, "110", "112")
	later := b.table("towns", changed)
	elsewhere := b.table("harvested_towns", changed+"Toul,2024,15\n")
	fewer := b.table("towns", "town,people\nMetz,112\nNancy,95\n")
	note := &dataset.Annotation{ID: "towns"}

	for _, c := range []struct {
		name  string
		today []plan.Candidate
		plan  *query.Plan
		newer *replay.Newer
	}{
		{"the same files", []plan.Candidate{{Table: was}}, sum, nil},
		{"newer data", []plan.Candidate{{Table: later}}, sum, &replay.Newer{Changes: []replay.Change{{Was: int64(110), Now: int64(112)}}}},
		{"newer data, the same answer", []plan.Candidate{{Table: later}}, more, &replay.Newer{Same: true}},
		{"the publication harvested elsewhere", []plan.Candidate{{Table: elsewhere, Annotation: note}}, byTown,
			&replay.Newer{Changes: []replay.Change{{What: "Metz", Was: int64(210), Now: int64(212)}, {What: "Toul", Now: int64(15)}}}},
		{"and within the plan", []plan.Candidate{{Table: elsewhere, Annotation: note}}, more,
			&replay.Newer{Changes: []replay.Change{{What: "Nancy", Now: true}}}},
		{"without the column", []plan.Candidate{{Table: fewer}}, sum, &replay.Newer{Failed: true}},
		{"without the table", nil, sum, &replay.Newer{Failed: true}},
	} {
		b.today = c.today
		got, err := b.replayer().Replay(t.Context(), ids[c.plan])
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if got.State != replay.Same || !got.OK() {
			t.Errorf("%s: %s %v", c.name, got.State, got.Changes)
		}
		if !equal(got.Newer, c.newer) {
			t.Errorf("%s: newer data: %+v, want %+v", c.name, got.Newer, c.newer)
		}
	}
}

// A page uses the tables that are open where they are of the same files, and
// what was computed once is remembered.
func TestReplayWarm(t *testing.T) {
	b := newBench(t)
	was := b.table("towns", towns)
	id := b.keep(sum, was)
	asked := 0
	warm := func(later *dataset.Table) *replay.Replayer {
		b.today = []plan.Candidate{{Table: later}}
		p := b.parts()
		p.Warm = func(_ context.Context, tables []string, sql string, args ...any) (*warehouse.Result, error) {
			asked++
			if len(tables) != 1 || tables[0] != "towns" || len(args) != 2 {
				t.Errorf("asked %s of %v with %v", sql, tables, args)
			}
			return &warehouse.Result{Rows: [][]any{{int64(110)}}}, nil
		}
		r := replay.New(p)
		t.Cleanup(func() { r.Close() })
		return r
	}
	r := warm(was)
	for range 2 {
		if got, err := r.Replay(t.Context(), id); err != nil || got.State != replay.Same {
			t.Fatal(got, err)
		}
	}
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}
	if got, err := warm(b.table("towns", strings.ReplaceAll(towns, "110", "112"))).Replay(t.Context(), id); err != nil || got.State != replay.Same || asked != 1 {
		t.Errorf("other files: %+v, %v, asked %d times", got, err, asked)
	}
}

func TestSentence(t *testing.T) {
	at := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		r      replay.Report
		fr, en string
	}{
		{replay.Report{State: replay.Same, At: at}, "mêmes chiffres, sur les fichiers du 01/03/2026", "the same figures, on the files of 2026-03-01"},
		{replay.Report{State: replay.Same, At: at, Newer: &replay.Newer{Changes: []replay.Change{{What: "Metz", Unit: "%", Was: 1.5, Now: 2.5}, {What: "Toul", Now: true}, {What: "Vic", Was: true}}}},
			"mêmes chiffres, sur les fichiers du 01/03/2026 ; des données plus récentes donnent : Metz : 1,5\u00a0% → 2,5\u00a0%, Toul en plus, Vic en moins",
			"the same figures, on the files of 2026-03-01; newer data give: Metz: 1.5% → 2.5%, Toul added, Vic removed"},
		{replay.Report{State: replay.Gone, Newer: &replay.Newer{Failed: true}}, "le fichier qui a servi n'est plus là ; les données d'aujourd'hui ne permettent plus ce calcul", "the file it was made of is gone; today's data do not allow this computation any more"},
		{replay.Report{State: replay.Altered, Newer: &replay.Newer{Same: true}}, "le fichier qui a servi a été modifié ; des données plus récentes donnent la même chose", "the file it was made of was altered; newer data give the same"},
		{replay.Report{State: replay.Differs, Changes: []replay.Change{{Was: int64(1), Now: int64(2)}}}, "AUTRES chiffres sur les mêmes fichiers : 1 → 2", "OTHER figures on the same files: 1 → 2"},
		{replay.Report{State: replay.Nothing}, "rien à recalculer", "nothing to compute"},
	} {
		if got := c.r.Sentence(lang.French); got != c.fr {
			t.Errorf("got %q, want %q", got, c.fr)
		}
		if got := c.r.Sentence(lang.English); got != c.en {
			t.Errorf("got %q, want %q", got, c.en)
		}
	}
}

func equal(a, b *replay.Newer) bool {
	if a == nil || b == nil {
		return a == b
	}
	if a.Same != b.Same || a.Failed != b.Failed || len(a.Changes) != len(b.Changes) {
		return false
	}
	for i := range a.Changes {
		if a.Changes[i] != b.Changes[i] {
			return false
		}
	}
	return true
}

// What stands no more is told, each in its way, and the others go on.
func TestReplayAllTellsWhatFails(t *testing.T) {
	b := newBench(t)
	was := b.table("towns", towns)
	other := b.table("towns", strings.ReplaceAll(towns, "90", "91"))
	third := b.table("towns", strings.ReplaceAll(towns, "95", "96"))
	want := map[string]replay.State{b.keep(sum, was): replay.Same}

	wrong := &answer.Answer{Question: "Combien ?", Kind: answer.KindFigure, Plan: sum, Rows: [][]any{{int64(111)}},
		Run: &answer.Run{SQL: `SELECT sum("people") FROM "towns" WHERE "year" = ? AND "town" = ?`, Args: []any{int64(2024), "Metz"}, Tables: []answer.Version{{Table: "towns", Parquet: was.Parquet}}}}
	refused := &answer.Answer{Question: "Combien à Lyon ?", Kind: answer.KindRefusal, Text: "Non."}
	for _, a := range []*answer.Answer{wrong, refused} {
		if err := b.led.Keep(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	want[wrong.AnswerID], want[refused.AnswerID] = replay.Differs, replay.Nothing
	want[b.keep(sum, other)], want[b.keep(byTown, third)] = replay.Gone, replay.Altered
	if err := os.Remove(b.path(other.Parquet)); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(b.path(was.Parquet), b.path(third.Parquet)); err != nil {
		t.Fatal(err)
	}
	b.table("towns", towns) // and it is there again

	n := 0
	for report, err := range b.replayer().All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		if report.State != want[report.ID] {
			t.Errorf("%s: %s, want %s", report.Question, report.State, want[report.ID])
		}
		if ok := report.State == replay.Same || report.State == replay.Nothing; report.OK() != ok {
			t.Errorf("%s: OK is %v", report.State, report.OK())
		}
		if report.State == replay.Differs && (len(report.Changes) != 1 || report.Changes[0] != replay.Change{Was: int64(111), Now: int64(110)}) {
			t.Errorf("changes %v", report.Changes)
		}
	}
	if n != len(want) {
		t.Errorf("%d reports", n)
	}
	if _, err := b.replayer().Replay(t.Context(), "NONE"); !errors.Is(err, ledger.ErrUnknown) {
		t.Errorf("an unknown ID: %v", err)
	}
	if _, err := os.Stat(b.path(other.Parquet)); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the file came back")
	}
}

// A commune that was renamed is asked for by the name that today's data have.
func TestReplayFollowsNames(t *testing.T) {
	b := newBench(t)
	note := &dataset.Annotation{ID: "towns", Column: []dataset.ColumnNote{{Name: "town", Level: "commune"}}}
	was := b.table("towns", "town,people\nWaldighofen,1600\nToul,15\n")
	one := &query.Plan{Table: "towns", Measures: []query.Measure{{Agg: query.Sum, Column: "people"}},
		Where: []query.Filter{{Column: "town", Op: query.Eq, Values: []any{"Waldighofen"}}}}
	ids := map[*query.Plan]string{one: b.keep(one, was), byTown: b.keep(byTown, was)}
	renamed := []replay.Rename{{Was: "Waldighofen", Now: "Waldighoffen"}}
	for _, c := range []struct {
		name, today string
		plan        *query.Plan
		newer       *replay.Newer
	}{
		{"one, the same figure", "Waldighoffen,1600\nToul,15\n", one, &replay.Newer{Same: true, Renamed: renamed}},
		{"one, another figure", "Waldighoffen,1610\nToul,15\n", one, &replay.Newer{Changes: []replay.Change{{Was: int64(1600), Now: int64(1610)}}, Renamed: renamed}},
		{"a row a commune", "Waldighoffen,1610\nToul,15\n", byTown, &replay.Newer{Changes: []replay.Change{{What: "Waldighoffen", Was: int64(1600), Now: int64(1610)}}, Renamed: renamed}},
		{"neither name", "Toul,15\n", one, &replay.Newer{Changes: []replay.Change{{Was: int64(1600)}}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b.today = []plan.Candidate{{Table: b.table("towns", "town,people\n"+c.today), Annotation: note}}
			got, err := b.replayer().Replay(t.Context(), ids[c.plan])
			if err != nil {
				t.Fatal(err)
			}
			if !equal(got.Newer, c.newer) || !slices.Equal(got.Newer.Renamed, c.newer.Renamed) {
				t.Errorf("newer data: %+v, want %+v", got.Newer, c.newer)
			}
		})
	}
	said := replay.Report{State: replay.Nothing, Newer: &replay.Newer{Changes: []replay.Change{{Was: int64(1600)}}, Renamed: renamed}}.Sentence(lang.French)
	if !strings.Contains(said, "→ aucune donnée") || !strings.Contains(said, "« Waldighofen » s'appelle désormais") {
		t.Error(said)
	}
}
