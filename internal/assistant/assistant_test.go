package assistant_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/library"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/table"
	"cigogne/internal/warehouse"
)

// scripted is a planner that gives the same outcome to every question, so that
// a test says what was planned and looks at what becomes of it.
type scripted struct{ outcome plan.Outcome }

func (s scripted) Plan(_ context.Context, req plan.Request) (plan.Outcome, error) {
	o := s.outcome
	o.Candidate = req.Candidates[0]
	return o, nil
}

// published is a file with the dataset it came from.
type published struct {
	*library.File
	dataset dataset.Dataset
}

func (p published) Candidates(ctx context.Context, q string) ([]plan.Candidate, bool, error) {
	all, given, err := p.File.Candidates(ctx, q)
	for i := range all {
		all[i].Dataset = &p.dataset
	}
	return all, given, err
}

func over(t *testing.T, csv string, d dataset.Dataset, o plan.Outcome) *assistant.Assistant {
	t.Helper()
	return assistant.New(overLibrary(t, csv, d), scripted{o}, "scripted", slog.New(slog.DiscardHandler))
}

func overLibrary(t *testing.T, csv string, d dataset.Dataset) published {
	t.Helper()
	path := filepath.Join(t.TempDir(), "t.csv")
	if err := os.WriteFile(path, []byte(csv), 0o600); err != nil {
		t.Fatal(err)
	}
	reader, err := table.NewReader()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reader.Close() })
	file, err := library.OpenFile(t.Context(), reader, path, library.Known{}, warehouse.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	return published{file, d}
}

func sum(column string, where ...query.Filter) plan.Outcome {
	return plan.Outcome{Plan: &query.Plan{Table: "given", Measures: []query.Measure{{Agg: query.Sum, Column: column}}, Where: where}}
}

func TestChecksBeforeAFigureIsShown(t *testing.T) {
	for name, c := range map[string]struct {
		csv     string
		dataset dataset.Dataset
		outcome plan.Outcome
		kind    answer.Kind
		says    string
	}{
		"cells passed over are counted": {
			csv: "ville;habitants\nA;10\nB;\nC;30\n", outcome: sum("habitants"),
			kind: answer.KindFigure, says: "1 ligne sur 3",
		},
		"several units are not added up": {
			csv: "ville;quantite;unite\nA;10;tonnes\nB;20;litres\n", outcome: sum("quantite"),
			kind: answer.KindRefusal, says: "plusieurs unités",
		},
		"one unit is": {
			csv:     "ville;quantite;unite\nA;10;tonnes\nB;20;litres\nC;5;tonnes\n",
			outcome: sum("quantite", query.Filter{Column: "unite", Op: query.Eq, Values: []any{"tonnes"}}),
			kind:    answer.KindFigure, says: "**15**",
		},
		"stale data say so": {
			csv: "ville;habitants\nA;10\nB;20\n", outcome: sum("habitants"),
			dataset: dataset.Dataset{ID: "d", Title: "D", Frequency: "monthly", Modified: time.Date(2019, 5, 1, 0, 0, 0, 0, time.UTC)},
			kind:    answer.KindFigure, says: "01/05/2019",
		},
		"a parent's value is counted once, and said": {
			csv: "id_halle;stand;places total\nH1;a;40\nH1;b;40\nH2;c;25\nH2;d;25\n", outcome: sum("places total"),
			kind: answer.KindFigure, says: "en additionnant chaque ligne : 130",
		},
		"totals among the rows are left out": {
			csv: "canton;licences\nA;10\nB;20\nSous-total;30\nC;5\n", outcome: sum("licences"),
			kind: answer.KindFigure, says: "**35**",
		},
		"a rate is not added up": {
			csv: "canton;taux de boisement\nA;10,5\nB;20\n", outcome: sum("taux de boisement"),
			kind: answer.KindRefusal, says: "un taux ou une part",
		},
		"rows that repeat others are said": {
			csv: "canton;licences\nA;10\nA;10\nB;20\n", outcome: sum("licences"),
			kind: answer.KindFigure, says: "1 répètent une autre ligne",
		},
		"no row is no figure": {
			csv:     "ville;habitants\nA;10\nB;20\n",
			outcome: sum("habitants", query.Filter{Column: "ville", Op: query.Eq, Values: []any{"Z"}}),
			kind:    answer.KindRefusal, says: "Aucune ligne",
		},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := over(t, c.csv, c.dataset, c.outcome).Ask(t.Context(), assistant.Question{Text: "combien en tout ?"})
			if err != nil {
				t.Fatal(err)
			}
			if a.Kind != c.kind || !strings.Contains(a.Text, c.says) {
				t.Errorf("got %s: %s\nwant %s with %q", a.Kind, a.Text, c.kind, c.says)
			}
			if a.Answered() && (len(a.Sources) == 0 || a.SQL == "" || a.Explanation == "") {
				t.Errorf("the figure does not show its work: %+v", a)
			}
		})
	}
}

func TestNoQuestionAtAll(t *testing.T) {
	as := over(t, "a;b\n1;2\n", dataset.Dataset{}, sum("b"))
	for text, says := range map[string]string{"": "Quelle est votre question", " ?! ": "Quelle est votre question", "\xff\xfe": "UTF-8", strings.Repeat("combien ", 400): "2000"} {
		a, err := as.Ask(t.Context(), assistant.Question{Text: text, Lang: lang.French})
		if err != nil || a.Kind != answer.KindRefusal || !strings.Contains(a.Text, says) {
			t.Errorf("%.20q: %v %s %q", text, err, a.Kind, a.Text)
		}
	}
}

// failing is a library whose database is gone.
type failing struct{ published }

func (failing) Run(context.Context, *query.Plan, *query.Compiled) (*warehouse.Result, error) {
	return nil, errors.New("/secret/path: no such file")
}

func TestAFailureIsToldWithoutItsInsides(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.csv")
	os.WriteFile(path, []byte("a;b\nx;2\n"), 0o600)
	reader, err := table.NewReader()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	file, err := library.OpenFile(t.Context(), reader, path, library.Known{}, warehouse.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	as := assistant.New(failing{published{File: file}}, scripted{sum("b")}, "scripted", slog.New(slog.DiscardHandler))
	a, err := as.Ask(t.Context(), assistant.Question{Text: "combien ?"})
	if err == nil || a.Kind != answer.KindRefusal || strings.Contains(a.Text, "secret") {
		t.Errorf("%v: %s %q", err, a.Kind, a.Text)
	}
}

func TestWhereAFigureComesFrom(t *testing.T) {
	as := over(t, "ville;habitants\nA;10\nB;20\n", dataset.Dataset{ID: "d", Title: "Habitants"}, sum("habitants"))
	ask := func(text string) *answer.Answer {
		a, err := as.Ask(t.Context(), assistant.Question{Text: text, Conversation: "c"})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	ask("Combien d'habitants ?")
	if a := ask("D'où vient ce chiffre ?"); a.Kind != answer.KindText || !strings.Contains(a.Text, `SELECT sum("habitants")`) || !strings.Contains(a.Text, "Source") {
		t.Errorf("%s %q", a.Kind, a.Text)
	}
}
