package ledger_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
	"cigogne/internal/ledger"
)

// What is purged is nowhere in the folder any more, byte for byte; what is
// followed or younger stays.
func TestPurge(t *testing.T) {
	dir := t.TempDir()
	l, err := ledger.Open(t.Context(), filepath.Join(dir, ledger.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	keep := func(question string) string {
		a := &answer.Answer{Question: question, Lang: lang.French, Kind: answer.KindRefusal, Text: question}
		if err := l.Keep(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		return a.AnswerID
	}
	const secret = "combien de cigognes noires nichent ici"
	old, followed := keep(secret), keep("suivie de près")
	if err := l.Judge(t.Context(), old, false, "raison tout aussi ancienne"); err != nil {
		t.Fatal(err)
	}
	if err := l.Watch(t.Context(), &ledger.Watch{Kind: ledger.WatchFigure, Subject: followed, Place: "webhook", Address: "x", Lang: lang.French}); err != nil {
		t.Fatal(err)
	}
	time.Sleep(5 * time.Millisecond)
	moment := time.Now()
	time.Sleep(5 * time.Millisecond)
	young := keep("question plus jeune")
	if n, err := l.Purge(t.Context(), moment); err != nil || n != 1 {
		t.Fatalf("%d forgotten, %v", n, err)
	}
	if _, err := l.Answer(t.Context(), old); !errors.Is(err, ledger.ErrUnknown) {
		t.Errorf("the old one: %v", err)
	}
	for _, id := range []string{followed, young} {
		if _, err := l.Answer(t.Context(), id); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, gone := range []string{secret, "raison tout aussi ancienne"} {
			if bytes.Contains(b, []byte(gone)) {
				t.Errorf("%s still holds %q", filepath.Base(f), gone)
			}
		}
	}
	if n, err := l.Purge(t.Context(), moment); err != nil || n != 0 {
		t.Errorf("again %d, %v", n, err)
	}
}
