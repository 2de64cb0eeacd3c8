package ledger_test

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
	"cigogne/internal/ledger"
	"cigogne/internal/query"
)

func open(t testing.TB, path string) *ledger.Ledger {
	t.Helper()
	l, err := ledger.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func file(t testing.TB) string { return filepath.Join(t.TempDir(), ledger.FileName) }

// figures is an answer with every kind of cell.
func figures() *answer.Answer {
	return &answer.Answer{
		ID: "asker-7", Question: "Combien ?", Lang: lang.French, Kind: answer.KindTable, Text: "Deux lignes.", Engine: "rules", ElapsedMS: 12.5,
		Columns: []answer.Column{{Name: "a"}}, SQL: `SELECT 'x'`, Sources: []answer.Source{{DatasetID: "d", Title: "D"}},
		Rows: [][]any{{"Metz", int64(1 << 60), 0.1, nil, true, time.Date(2020, 1, 2, 0, 0, 0, 0, time.UTC)}, {"", int64(-1), 2020.0, "2020", false, nil}},
		Plan: &query.Plan{Table: "t", Where: []query.Filter{{Column: "c", Op: query.Eq, Values: []any{"x"}}}},
		Run:  &answer.Run{SQL: "SELECT ?", Args: []any{"x", int64(2020), 2020.0, true}, Tables: []answer.Version{{Table: "t", Parquet: "aa", Annotation: "n"}, {Table: "u", Parquet: "bb"}}},
	}
}

func TestKeepGivesBackWhatItWasGiven(t *testing.T) {
	ctx, l := t.Context(), open(t, file(t))
	a := figures()
	if err := l.Keep(ctx, a); err != nil {
		t.Fatal(err)
	}
	if len(a.AnswerID) != 16 || strings.Trim(a.AnswerID, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") != "" {
		t.Errorf("ID %q", a.AnswerID)
	}
	got, err := l.Answer(ctx, a.AnswerID)
	if err != nil {
		t.Fatal(err)
	}
	want := *a
	want.ID = "" // it could tell who asked
	if !reflect.DeepEqual(got, &want) {
		t.Errorf("got %+v\nwant %+v", got, &want)
	}
	if _, err := l.Answer(ctx, "NONE"); !errors.Is(err, ledger.ErrUnknown) {
		t.Errorf("an unknown ID: %v", err)
	}
	if files, err := l.Files(ctx); err != nil || !reflect.DeepEqual(files, []string{"aa", "bb"}) {
		t.Errorf("files %v, %v", files, err)
	}
}

func TestKeepBoundsRows(t *testing.T) {
	ctx, l := t.Context(), open(t, file(t))
	a := figures()
	a.Rows = nil
	for i := range ledger.MaxRows + 5 {
		a.Rows = append(a.Rows, []any{int64(i), float64(i) / 3})
	}
	if err := l.Keep(ctx, a); err != nil {
		t.Fatal(err)
	}
	got, err := l.Answer(ctx, a.AnswerID)
	if err != nil || len(got.Rows) != ledger.MaxRows || !strings.Contains(strings.Join(got.Caveats, ""), "1000 premières lignes sont gardées, sur 1005") {
		t.Fatalf("%d rows, caveats %v, %v", len(got.Rows), got.Caveats, err)
	}
	r, err := l.Record(ctx, a.AnswerID)
	if err != nil || !r.Result.Same(a.Rows) {
		t.Errorf("not the same as itself, %v", err)
	}
	a.Rows[ledger.MaxRows+2][1] = 0.5 // beyond the rows that are kept
	if r.Result.Same(a.Rows) {
		t.Error("a change beyond the kept rows goes unseen")
	}
}

func TestSame(t *testing.T) {
	kept := ledger.Result{Rows: [][]any{{"Metz", 0.1 + 0.2, int64(7), nil}}, Count: 1}
	for _, c := range []struct {
		rows [][]any
		want bool
	}{
		{[][]any{{"Metz", 0.3, int64(7), nil}}, true}, // the order of a sum
		{[][]any{{"Metz", 0.3, 7.0, nil}}, true},
		{[][]any{{"Metz", 0.3000001, int64(7), nil}}, false},
		{[][]any{{"Metz", 0.3, int64(8), nil}}, false},
		{[][]any{{"Metz", 0.3, int64(7), 0.0}}, false},
		{[][]any{{"Nancy", 0.3, int64(7), nil}}, false},
		{[][]any{{"Metz", 0.3, int64(7)}}, false},
		{[][]any{{"Metz", 0.3, int64(7), nil}, {"Metz", 0.3, int64(7), nil}}, false},
		{nil, false},
	} {
		if got := kept.Same(c.rows); got != c.want {
			t.Errorf("Same(%v) = %v", c.rows, got)
		}
	}
}

func TestJudgeKeepsTheLastWord(t *testing.T) {
	ctx, l := t.Context(), open(t, file(t))
	a := figures()
	if err := l.Keep(ctx, a); err != nil {
		t.Fatal(err)
	}
	if r, err := l.Record(ctx, a.AnswerID); err != nil || r.Right != nil {
		t.Fatalf("nobody judged: %v, %v", r.Right, err)
	}
	if err := l.Judge(ctx, a.AnswerID, true, ""); err != nil {
		t.Fatal(err)
	}
	if err := l.Judge(ctx, a.AnswerID, false, "l'année, dit a@b.fr"); err != nil {
		t.Fatal(err)
	}
	r, err := l.Record(ctx, a.AnswerID)
	if err != nil || r.Right == nil || *r.Right || r.Why != "l'année, dit [adresse e-mail]" {
		t.Errorf("got %v %q %v", r.Right, r.Why, err)
	}
	if err := l.Judge(ctx, "NONE", true, ""); !errors.Is(err, ledger.ErrUnknown) {
		t.Errorf("an unknown ID: %v", err)
	}
}

// Nothing personal reaches the disk, whatever field it came back in.
func TestNothingPersonalIsWritten(t *testing.T) {
	path := file(t)
	ctx, l := t.Context(), open(t, path)
	q := "Je suis jean.dupont@example.org, 06 12 34 56 78 : combien à Lyon ?"
	unmet := &answer.Answer{ID: "user-42", Question: q, Lang: lang.French, Kind: answer.KindRefusal, Text: "Je ne comprends pas « JEAN.DUPONT@example.org », « dupont » ni « 06 12 34 56 78 ».", NotUnderstood: []string{"jean", "Dupont", "06 12 34 56 78", "Lyon"}, Choices: []string{q}}
	asked := figures()
	asked.Question = "À qui est jean.dupont@example.org ?"
	asked.Rows, asked.Run.Args = [][]any{{"jean.dupont@example.org"}}, []any{"jean.dupont@example.org"}
	asked.Plan.Where[0].Values = []any{"jean.dupont@example.org"}
	asked.Text, asked.SQL = "**jean.dupont@example.org**", "SELECT 'jean.dupont@example.org'"
	for _, a := range []*answer.Answer{unmet, asked} {
		before := *a
		if err := l.Keep(ctx, a); err != nil {
			t.Fatal(err)
		}
		before.AnswerID = a.AnswerID
		if !reflect.DeepEqual(a, &before) {
			t.Error("what the asker sees was changed")
		}
	}
	if r, err := l.Record(ctx, asked.AnswerID); err != nil || r.Answer.Run != nil {
		t.Errorf("a query without its value may not be run again: %v, %v", r.Answer.Run, err)
	}
	if a, err := l.Answer(ctx, unmet.AnswerID); err != nil || !strings.HasSuffix(a.Question, "combien à Lyon ?") || a.NotUnderstood[3] != "Lyon" {
		t.Errorf("too much was taken out: %+v, %v", a, err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"dupont", "12 34 56", "user-42"} {
		if strings.Contains(strings.ToLower(string(b)), s) {
			t.Errorf("%q is in the file", s)
		}
	}
}

func TestFaultsAreSaid(t *testing.T) {
	damaged := file(t)
	if err := os.WriteFile(damaged, []byte(strings.Repeat("this is no database ", 400)), 0o600); err != nil {
		t.Fatal(err)
	}
	newer := file(t)
	foreign := file(t)
	for path, statement := range map[string]string{newer: "PRAGMA user_version = 99", foreign: "PRAGMA user_version = 1"} {
		db, err := sql.Open("sqlite", path)
		if err == nil {
			_, err = db.Exec(statement)
		}
		if err = errors.Join(err, db.Close()); err != nil {
			t.Fatal(err)
		}
	}
	folder := file(t)
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path   string
		reason ledger.Reason
		says   string
	}{
		{damaged, ledger.Damaged, "déplacez ce fichier"},
		{newer, ledger.Newer, "mettez cigogne à jour"},
		{folder, ledger.NotWritable, "vérifiez ses droits"},
		{filepath.Join(t.TempDir(), "none", "ledger.db"), ledger.NotWritable, "vérifiez ses droits"},
	} {
		_, err := ledger.Open(t.Context(), c.path)
		var e *ledger.Error
		if !errors.As(err, &e) || e.Reason != c.reason || !strings.Contains(e.Sentence(lang.French), c.says) {
			t.Errorf("%s: %v, want %s", c.path, err, c.reason)
		}
	}
	l, err := ledger.Open(t.Context(), foreign)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var e *ledger.Error
	if err := l.Keep(t.Context(), figures()); !errors.As(err, &e) || e.Reason != ledger.Damaged {
		t.Errorf("another program's database: %v", err)
	}
}

// A page that goes bad later is told as damage, and no panic.
func TestBrokenPages(t *testing.T) {
	path := file(t)
	l := open(t, path)
	var last string
	for range 50 {
		a := figures()
		if err := l.Keep(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		last = a.AnswerID
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 8192; i < len(b); i++ { // all but the schema
		b[i] ^= 0xa5
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	l, err = ledger.Open(t.Context(), path)
	if err == nil {
		defer l.Close()
		_, err = l.Record(t.Context(), last)
	}
	var e *ledger.Error
	if !errors.As(err, &e) || e.Reason != ledger.Damaged {
		t.Errorf("got %v", err)
	}
}

func TestReadOnlyCanBeRead(t *testing.T) {
	path := file(t)
	l := open(t, path)
	a := figures()
	if err := errors.Join(l.Keep(t.Context(), a), l.Close()); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Chmod(path, 0o400), os.Chmod(filepath.Dir(path), 0o500)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(filepath.Dir(path), 0o700) })
	if f, err := os.OpenFile(path, os.O_RDWR, 0); err == nil {
		f.Close()
		t.Skip("this user may write anywhere: permissions say nothing")
	}
	l = open(t, path)
	if _, err := l.Answer(t.Context(), a.AnswerID); err != nil || !l.ReadOnly() {
		t.Error(err)
	}
	var e *ledger.Error
	if err := l.Keep(t.Context(), a); !errors.As(err, &e) || e.Reason != ledger.NotWritable {
		t.Errorf("kept: %v", err)
	}
}

// A ledger that another process holds delays answers little, and only at first.
func TestHeldByAnother(t *testing.T) {
	path := file(t)
	l := open(t, path)
	other, err := sql.Open("sqlite", path+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	tx, err := other.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			var e *ledger.Error
			if err := l.Keep(t.Context(), figures()); !errors.As(err, &e) || e.Reason != ledger.Busy {
				t.Errorf("got %v", err)
			}
		})
	}
	wg.Wait()
}

const childEnv = "CIGOGNE_LEDGER_TEST_CHILD"

// TestChild is not a test: it is the other process of those below.
func TestChild(t *testing.T) {
	path := os.Getenv(childEnv)
	if path == "" {
		t.Skip("run by other tests")
	}
	l := open(t, path)
	for range 100_000 {
		a := figures()
		if err := l.Keep(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		fmt.Println("kept " + a.AnswerID)
	}
}

// Two processes write at once, and are killed at work: every answer whose ID
// came out is there.
func TestKilledProcesses(t *testing.T) {
	path := file(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	var ids []string
	for range 2 {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChild$", "-test.v")
		child.Env = append(os.Environ(), childEnv+"="+path)
		out := &lines{enough: 150, done: make(chan struct{})}
		child.Stdout = out
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		wg.Go(func() {
			ended := make(chan error, 1)
			go func() { ended <- child.Wait() }()
			select {
			case <-out.done:
				child.Process.Kill()
				<-ended
			case err := <-ended:
				t.Errorf("the child ended by itself: %v\n%s", err, out.text.String())
			}
			mu.Lock()
			defer mu.Unlock()
			ids = append(ids, out.ids()...)
		})
	}
	wg.Wait()
	l := open(t, path)
	if len(ids) < 300 {
		t.Fatalf("%d answers", len(ids))
	}
	for _, id := range ids {
		if _, err := l.Answer(t.Context(), id); err != nil {
			t.Fatalf("%s: %v", id, err)
		}
	}
	n := 0
	for _, err := range l.Records(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n < len(ids) || n > len(ids)+2 { // at most one of each was kept and not told
		t.Errorf("%d answers for %d IDs", n, len(ids))
	}
}

// lines collects what a child prints.
type lines struct {
	mu     sync.Mutex
	text   strings.Builder
	enough int
	done   chan struct{}
	closed bool
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text.Write(b)
	if !l.closed && strings.Count(l.text.String(), "kept ") >= l.enough {
		l.closed = true
		close(l.done)
	}
	return len(b), nil
}

func (l *lines) ids() (ids []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for line := range strings.Lines(l.text.String()) {
		if id, ok := strings.CutPrefix(line, "kept "); ok && strings.HasSuffix(id, "\n") {
			ids = append(ids, strings.TrimSpace(id))
		}
	}
	return ids
}

func BenchmarkKeep(b *testing.B) {
	l := open(b, file(b))
	for b.Loop() {
		if err := l.Keep(b.Context(), figures()); err != nil {
			b.Fatal(err)
		}
	}
}
