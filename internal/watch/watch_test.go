package watch_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cigogne/internal/answer"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/ledger"
	"cigogne/internal/plan"
	"cigogne/internal/post"
	"cigogne/internal/query"
	"cigogne/internal/replay"
	"cigogne/internal/watch"
)

// today is what the data say: one number, of one publication.
type today struct {
	value float64
	table dataset.Table
	gone  bool
}

func (d *today) Now(_ context.Context, _ *ledger.Record, was ledger.Result) (*replay.Newer, [][]any, error) {
	if d.gone {
		return &replay.Newer{Failed: true}, nil, nil
	}
	rows := [][]any{{d.value}}
	if was.Same(rows) {
		return &replay.Newer{Same: true}, rows, nil
	}
	return &replay.Newer{Changes: []replay.Change{{Was: was.Rows[0][0], Now: d.value}}}, rows, nil
}

func (d *today) Tables(*answer.Run) []plan.Candidate {
	if d.gone {
		return nil
	}
	return []plan.Candidate{{Dataset: &dataset.Dataset{Title: "Recensement"}, Table: &d.table}}
}

// room notes what it is told, and may fail.
type room struct {
	told []post.Note
	err  error
}

func (r *room) Post(_ context.Context, _ string, n post.Note) error {
	if r.err == nil {
		r.told = append(r.told, n)
	}
	return r.err
}

func TestWatching(t *testing.T) {
	led, err := ledger.Open(t.Context(), filepath.Join(t.TempDir(), "ledger.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer led.Close()
	a := &answer.Answer{Question: "Population de Metz ?", Lang: lang.French, Kind: answer.KindFigure, Plan: &query.Plan{Table: "p"}, Rows: [][]any{{120874.0}}, Columns: []answer.Column{{Name: "population"}},
		Run: &answer.Run{SQL: "SELECT 1", Tables: []answer.Version{{Table: "p", Parquet: "aa"}}}}
	refusal := &answer.Answer{Question: "rien", Lang: lang.French, Kind: answer.KindRefusal}
	for _, x := range []*answer.Answer{a, refusal} {
		if err := led.Keep(t.Context(), x); err != nil {
			t.Fatal(err)
		}
	}
	day := func(n int) time.Time { return time.Date(2026, 7, n, 0, 0, 0, 0, time.UTC) }
	data := &today{value: 120874, table: dataset.Table{Title: "communes", Parquet: "aa", Rows: 5121, Modified: day(1)}}
	shelf := map[string]*dataset.Dataset{"d1": {ID: "d1", Title: "Forêts", Modified: day(1)}}
	here := &room{}
	at := func(generation string) *watch.Watcher {
		return watch.New(watch.Parts{Ledger: led, Replayer: data, Generation: generation, Posters: map[string]post.Poster{"room": here}, Base: "https://x.example.org", Log: slog.New(slog.DiscardHandler),
			Shelf: func(_ context.Context, key string) (*dataset.Dataset, []dataset.Table, error) {
				return shelf[key], nil, nil
			}})
	}
	follow := func(kind ledger.WatchKind, subject string) error {
		return at("g1").Follow(t.Context(), &ledger.Watch{Kind: kind, Subject: subject, Place: "room", Address: "here", Lang: lang.French})
	}
	run := func(generation string) (told []post.Note) {
		t.Helper()
		n := len(here.told)
		if err := at(generation).Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		return here.told[n:]
	}
	if err := follow(ledger.WatchFigure, a.AnswerID); err != nil {
		t.Fatal(err)
	}
	t.Run("what cannot be computed cannot be followed", func(t *testing.T) {
		if err := follow(ledger.WatchFigure, refusal.AnswerID); !errors.Is(err, watch.ErrNothing) {
			t.Errorf("%v", err)
		}
		if err := follow(ledger.WatchFigure, "none"); !errors.Is(err, ledger.ErrUnknown) {
			t.Errorf("%v", err)
		}
		if err := follow(ledger.WatchDataset, "none"); !errors.Is(err, ledger.ErrUnknown) {
			t.Errorf("%v", err)
		}
	})
	t.Run("following twice is following", func(t *testing.T) {
		if err := follow(ledger.WatchFigure, a.AnswerID); err != nil {
			t.Fatal(err)
		}
		if all, err := led.Watches(t.Context()); err != nil || len(all) != 1 {
			t.Errorf("%v %v", all, err)
		}
	})
	t.Run("nothing is told where nothing changed", func(t *testing.T) {
		if told := append(run("g1"), run("g2")...); len(told) != 0 {
			t.Errorf("%v", told)
		}
	})
	t.Run("a change is told once, with before, after and why", func(t *testing.T) {
		data.value, data.table.Parquet, data.table.Rows, data.table.Modified = 121695, "bb", 5119, day(9)
		told := run("g3")
		if len(told) != 1 {
			t.Fatalf("%v", told)
		}
		text := strings.Join(told[0].Lines, "\n")
		for _, want := range []string{"120\u202f874 → 121\u202f695", "Recensement", "09/07/2026 (5\u202f121 lignes → 5\u202f119)"} {
			if !strings.Contains(strings.ReplaceAll(text, "\u00a0", "\u202f"), want) {
				t.Errorf("no %q in %q", want, text)
			}
		}
		if told[0].Title != a.Question || told[0].Address != "https://x.example.org/a/"+a.AnswerID {
			t.Errorf("%+v", told[0])
		}
		if again := append(run("g3"), run("g4")...); len(again) != 0 {
			t.Errorf("again %v", again)
		}
	})
	t.Run("the next change is told against the one before", func(t *testing.T) {
		data.value = 122000
		if told := run("g5"); len(told) != 1 || !strings.Contains(strings.ReplaceAll(told[0].Lines[0], "\u00a0", "\u202f"), "121\u202f695 → 122\u202f000") {
			t.Errorf("%v", told)
		}
	})
	t.Run("a place that takes nothing now is told later, not at once", func(t *testing.T) {
		data.value = 123000
		here.err = errors.New("a bad day")
		run("g6")
		here.err = nil
		if told := run("g6"); len(told) != 0 {
			t.Errorf("at once: %v", told)
		}
		all, _ := led.Watches(t.Context())
		if all[0].Failures != 1 || all[0].Seen != "g5" {
			t.Errorf("%+v", all[0])
		}
		var state struct{ Result ledger.Result }
		if err := json.Unmarshal([]byte(all[0].State), &state); err != nil || !state.Result.Same([][]any{{122000.0}}) {
			t.Errorf("%s %v", all[0].State, err)
		}
	})
	t.Run("a figure that cannot be computed any more is told once", func(t *testing.T) {
		all, _ := led.Watches(t.Context())
		_, _ = led.Told(t.Context(), all[0], "g6", all[0].State)
		data.gone = true
		told := append(run("g7"), run("g8")...)
		if len(told) != 1 || !strings.Contains(told[0].Lines[0], "ne permettent plus") {
			t.Errorf("%v", told)
		}
		data.gone = false
		if told := run("g9"); len(told) != 1 {
			t.Errorf("back: %v", told)
		}
	})
	t.Run("a dataset that changes, and one that goes", func(t *testing.T) {
		if err := follow(ledger.WatchDataset, "d1"); err != nil {
			t.Fatal(err)
		}
		run("g10")
		shelf["d1"] = &dataset.Dataset{ID: "d1", Title: "Forêts", Modified: day(20)}
		if told := run("g11"); len(told) != 1 || !strings.Contains(told[0].Title, "Forêts") {
			t.Errorf("%v", told)
		}
		delete(shelf, "d1")
		if told := append(run("g12"), run("g13")...); len(told) != 1 || !strings.Contains(told[0].Lines[0], "n'est plus publié") {
			t.Errorf("%v", told)
		}
	})
	t.Run("a place that is gone is not followed for any more", func(t *testing.T) {
		data.value = 124000
		here.err = post.ErrGone
		run("g14")
		all, err := led.Watches(t.Context())
		if err != nil || len(all) != 1 || all[0].Kind != ledger.WatchDataset {
			t.Errorf("%v %v", all, err)
		}
	})
}
