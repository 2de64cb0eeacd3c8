package assistant_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/lang"
	"cigogne/internal/library"
	"cigogne/internal/query"
	"cigogne/internal/table"
	"cigogne/internal/warehouse"
)

// distributed is a library whose plans another engine has to do with.
type distributed struct {
	published
	by  warehouse.Elsewhere
	err error
}

func (d *distributed) Run(ctx context.Context, p *query.Plan, c *query.Compiled) (*warehouse.Result, error) {
	if d.err != nil {
		return nil, d.err
	}
	res, err := d.File.Run(ctx, p, c)
	if err == nil {
		res.Elsewhere = d.by
	}
	return res, err
}

// Which engine computed is said in each language; what none computed is declined.
func TestTheEngineIsSaid(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.csv")
	if err := os.WriteFile(path, []byte("a;b\nx;2\ny;5\n"), 0o600); err != nil {
		t.Fatal(err)
	}
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
	for name, c := range map[string]struct {
		by   warehouse.Elsewhere
		err  error
		says map[lang.Lang]string
		sql  string
	}{
		"the embedded one": {sql: `SELECT sum("b")`, says: map[lang.Lang]string{lang.French: "7"}},
		"the other one": {by: warehouse.Elsewhere{Engine: "Trino", SQL: "SELECT there"}, sql: "SELECT there", says: map[lang.Lang]string{
			lang.French: "moteur réparti", lang.English: "distributed engine", "de": "verteilten Maschine"}},
		"the embedded one instead": {by: warehouse.Elsewhere{Engine: "Trino"}, sql: `SELECT sum("b")`, says: map[lang.Lang]string{
			lang.French: "ne répond pas", lang.English: "does not answer", "de": "antwortet nicht"}},
		"none": {err: fmt.Errorf("run: %w", warehouse.ErrElsewhere), says: map[lang.Lang]string{
			lang.French: "trop grande", lang.English: "too large", "de": "zu groß"}},
		"none in that order": {err: fmt.Errorf("%w: %w", warehouse.ErrElsewhere, query.ErrFileOrder), says: map[lang.Lang]string{
			lang.French: "ordre des lignes", lang.English: "order of the rows", "de": "Reihenfolge der Zeilen"}},
	} {
		t.Run(name, func(t *testing.T) {
			lib := &distributed{published{File: file}, c.by, c.err}
			as := assistant.New(lib, scripted{sum("b")}, "scripted", slog.New(slog.DiscardHandler))
			for l, says := range c.says {
				a, err := as.Ask(t.Context(), assistant.Question{Text: "b ?", Lang: l})
				if err != nil {
					t.Fatal(err)
				}
				said := strings.Join(append(append(a.Assumptions, a.Caveats...), a.Text), "\n")
				if !strings.Contains(said, says) || !strings.HasPrefix(a.SQL, c.sql) || a.Answered() != (c.err == nil) {
					t.Errorf("%s: %s %q %q", l, a.Kind, said, a.SQL)
				}
				if a.Answered() && (a.Run == nil || !strings.HasPrefix(a.Run.SQL, `SELECT sum("b")`)) {
					t.Errorf("what is run again: %+v", a.Run)
				}
				if c.err != nil && a.Kind != answer.KindRefusal {
					t.Errorf("%s", a.Kind)
				}
			}
		})
	}
}
