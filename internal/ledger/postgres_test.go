package ledger_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
	"cigogne/internal/ledger"
	"cigogne/tools/servers"
)

func figure(question string) *answer.Answer {
	return &answer.Answer{Question: question, Lang: lang.French, Kind: answer.KindFigure, Text: "x", Rows: [][]any{{"Metz", int64(120874), 1.5, nil, true, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}},
		Columns: []answer.Column{{Name: "a"}, {Name: "b"}, {Name: "c"}, {Name: "d"}, {Name: "e"}, {Name: "f"}},
		Run:     &answer.Run{SQL: "SELECT ?", Args: []any{"x", int64(2)}, Tables: []answer.Version{{Table: "t", Parquet: "aa", Annotation: "n"}, {Table: "u", Parquet: "bb"}}}}
}

// A ledger in PostgreSQL does what one in a file does, for several servers at
// once, and comes back when the server does.
func TestPostgres(t *testing.T) {
	address, stop, again := servers.Postgres(t)
	open := func() *ledger.Ledger {
		t.Helper()
		l, err := ledger.Open(t.Context(), address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = l.Close() })
		return l
	}
	var first, second *ledger.Ledger
	t.Run("servers that come at once make it once", func(t *testing.T) {
		var all sync.WaitGroup
		errs := make([]error, 4)
		for i := range errs {
			all.Go(func() {
				l, err := ledger.Open(t.Context(), address)
				if errs[i] = err; err == nil {
					_ = l.Close()
				}
			})
		}
		all.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
	})
	first, second = open(), open()
	a := figure("Population de Metz\x00, tél. 06 12 34 56 78 ?")
	t.Run("what one server keeps the other gives back, with its types", func(t *testing.T) {
		if err := first.Keep(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		r, err := second.Record(t.Context(), a.AnswerID)
		if err != nil {
			t.Fatal(err)
		}
		if !r.Result.Same(a.Rows) || r.Answer.Run == nil || len(r.Answer.Run.Tables) != 2 || r.Answer.Run.Args[1] != int64(2) || strings.Contains(r.Answer.Question, "34 56") {
			t.Errorf("%+v %+v", r.Answer, r.Result)
		}
		refusal := &answer.Answer{Question: "rien", Lang: lang.French, Kind: answer.KindRefusal}
		if err := second.Keep(t.Context(), refusal); err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, err := range first.Records(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		files, err := first.Files(t.Context())
		if n != 2 || err != nil || len(files) != 2 {
			t.Errorf("%d records, files %v, %v", n, files, err)
		}
		if _, err := first.Answer(t.Context(), "none"); !errors.Is(err, ledger.ErrUnknown) {
			t.Errorf("%v", err)
		}
	})
	t.Run("judgements, watches, wishes, marks", func(t *testing.T) {
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Error(err)
			}
		}
		must(first.Judge(t.Context(), a.AnswerID, true, ""))
		must(second.Judge(t.Context(), a.AnswerID, false, "c'est 2019"))
		if r, err := first.Record(t.Context(), a.AnswerID); err != nil || r.Right == nil || *r.Right || r.Why != "c'est 2019" {
			t.Errorf("%+v %v", r, err)
		}
		if err := first.Judge(t.Context(), "none", true, ""); !errors.Is(err, ledger.ErrUnknown) {
			t.Errorf("%v", err)
		}
		w := ledger.Watch{Kind: ledger.WatchFigure, Subject: a.AnswerID, Place: "webhook", Address: "x", Lang: lang.French}
		must(first.Watch(t.Context(), &w))
		twin := w
		must(second.Watch(t.Context(), &twin))
		if twin.ID != w.ID {
			t.Errorf("twice: %s %s", w.ID, twin.ID)
		}
		one, err := first.Told(t.Context(), w, "g2", "s")
		must(err)
		two, err := second.Told(t.Context(), w, "g2", "s")
		must(err)
		if !one || two {
			t.Errorf("told by %v and %v", one, two)
		}
		must(first.Vote(t.Context(), ledger.Wish{ID: "w", Question: "bornes", Lang: lang.French}))
		must(second.Vote(t.Context(), ledger.Wish{ID: "w", Question: "bornes", Lang: lang.French}))
		must(second.Reply(t.Context(), ledger.Wish{ID: "w", Reply: "en juin", AnswerID: a.AnswerID}))
		if all, err := first.Wishes(t.Context()); err != nil || len(all) != 1 || all[0].Votes != 2 || all[0].Reply != "en juin" {
			t.Errorf("%+v %v", all, err)
		}
		must(first.MarkVital(t.Context(), "d", "les secours"))
		if all, err := second.Vitals(t.Context()); err != nil || len(all) != 1 {
			t.Errorf("%+v %v", all, err)
		}
	})
	t.Run("one server is elected, and another after it", func(t *testing.T) {
		release, yes, err := first.Elect(t.Context())
		if err != nil || !yes {
			t.Fatal(yes, err)
		}
		if _, too, err := second.Elect(t.Context()); err != nil || too {
			t.Errorf("two of them: %v", err)
		}
		release()
		release, yes, err = second.Elect(t.Context())
		if err != nil || !yes {
			t.Fatal(yes, err)
		}
		release()
	})
	t.Run("there and back, nothing is lost, and again adds nothing", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "copy.db")
		if err := first.Copy(t.Context(), file); err != nil {
			t.Fatal(err)
		}
		local, err := ledger.Open(t.Context(), file)
		if err != nil {
			t.Fatal(err)
		}
		defer local.Close()
		r, err := local.Record(t.Context(), a.AnswerID)
		if err != nil || !r.Result.Same(a.Rows) || r.Right == nil || *r.Right {
			t.Errorf("%+v %v", r, err)
		}
		if n, err := local.Transfer(t.Context(), first); err != nil || n != 0 {
			t.Errorf("%d came, %v", n, err)
		}
		if all, err := local.Wishes(t.Context()); err != nil || len(all) != 1 || all[0].Votes != 2 {
			t.Errorf("%+v %v", all, err)
		}
	})
	t.Run("what is old is forgotten, what is followed stays", func(t *testing.T) {
		if n, err := first.Purge(t.Context(), time.Now().Add(time.Hour)); err != nil || n != 1 {
			t.Errorf("%d, %v", n, err)
		}
		if _, err := second.Answer(t.Context(), a.AnswerID); err != nil {
			t.Error(err)
		}
	})
	t.Run("a server that is away is told as such, without its password, and comes back", func(t *testing.T) {
		stop()
		b := figure("pendant la panne")
		err := first.Keep(t.Context(), b)
		var bad *ledger.Error
		if !errors.As(err, &bad) || bad.Reason != ledger.Away || b.AnswerID != "" {
			t.Errorf("%v", err)
		}
		if _, err := ledger.Open(t.Context(), strings.Replace(address, "postgres@", "postgres:secret@", 1)); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%v", err)
		}
		again()
		for range 100 {
			if err = first.Keep(t.Context(), b); err == nil {
				break
			}
			time.Sleep(200 * time.Millisecond)
		}
		if err != nil || b.AnswerID == "" {
			t.Fatalf("it stays away: %v", err)
		}
		if _, err := second.Answer(t.Context(), a.AnswerID); err != nil {
			t.Errorf("what was kept before: %v", err)
		}
	})
	for _, wrong := range []string{"postgres://", "postgres://:bad/%zz"} {
		if _, err := ledger.Open(t.Context(), wrong); err == nil {
			t.Errorf("%q was opened", wrong)
		}
	}
}

// Both kinds of ledger have the same tables.
func TestSchemasAgree(t *testing.T) {
	files, err := filepath.Glob("migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	var b []byte
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		b = append(b, text...)
	}
	for _, table := range []string{"answer", "version", "judgement", "watch", "vital", "wish", "done"} {
		if !bytes.Contains(b, []byte("CREATE TABLE "+table+" ")) {
			t.Errorf("PostgreSQL has no %s", table)
		}
	}
}
