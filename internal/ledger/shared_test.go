package ledger_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cigogne/internal/ledger"
	"cigogne/tools/servers"
)

// What servers share besides what lasts: a conversation's items, and how often each
// sender asks.
func TestShared(t *testing.T) {
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
	first, second := open(), open()
	note := func(t *testing.T, l *ledger.Ledger, name, item string, most int) []string {
		t.Helper()
		before, err := l.Note(t.Context(), name, []byte(item), most)
		if err != nil {
			t.Fatal(err)
		}
		return texts(before)
	}
	const name = "web:KJH2"
	t.Run("each server sees what the others noted, the last few", func(t *testing.T) {
		if got := note(t, first, name, "Population de Metz ?", 3); len(got) != 0 {
			t.Error(got)
		}
		if got := note(t, second, name, "Et Nancy ?", 3); !slices.Equal(got, []string{"Population de Metz ?"}) {
			t.Error(got)
		}
		note(t, first, name, "Et 2019 ?", 3)
		note(t, second, name, "Et en Moselle ?", 3)
		if got := note(t, first, name, "Merci", 3); !slices.Equal(got, []string{"Et 2019 ?", "Et en Moselle ?"}) {
			t.Error(got)
		}
		noted, err := second.Noted(t.Context(), name)
		if got := texts(noted); err != nil || !slices.Equal(got, []string{"Et 2019 ?", "Et en Moselle ?", "Merci"}) {
			t.Error(got, err)
		}
		if noted, err := second.Noted(t.Context(), "web:other"); err != nil || len(noted) != 0 {
			t.Error(noted, err)
		}
	})
	t.Run("of many at once none is lost, and each is seen by all after it", func(t *testing.T) {
		var all sync.WaitGroup
		seen := make([]int, 6)
		for i := range seen {
			all.Go(func() {
				before, err := []*ledger.Ledger{first, second}[i%2].Note(t.Context(), "crowd", []byte{byte(i)}, 100)
				if err != nil {
					t.Error(err)
				}
				seen[i] = len(before)
			})
		}
		all.Wait()
		slices.Sort(seen)
		for i, n := range seen {
			if n != i {
				t.Fatalf("they saw %v", seen)
			}
		}
	})
	t.Run("the database tells neither names nor items", func(t *testing.T) {
		db, err := sql.Open("pgx", address)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		var row string
		if err := db.QueryRowContext(t.Context(), "SELECT string_agg(encode(name, 'escape') || array_to_string(items, ' '), ' ') FROM conversation").Scan(&row); err != nil {
			t.Fatal(err)
		}
		for _, s := range []string{"Metz", "Merci", "KJH2"} {
			if strings.Contains(row, s) || strings.Contains(row, fmt.Sprintf("%x", s)) {
				t.Errorf("%q stands there", s)
			}
		}
	})
	t.Run("how far ahead a sender is, all servers together", func(t *testing.T) {
		for i, l := range []*ledger.Ledger{first, second, first} {
			ahead, err := l.Count(t.Context(), map[string]time.Duration{"a": time.Hour, "b": time.Minute})
			if err != nil {
				t.Fatal(err)
			}
			if want := time.Duration(i+1) * time.Hour; ahead["a"] > want || ahead["a"] < want-time.Minute || ahead["b"] > time.Duration(i+1)*time.Minute {
				t.Errorf("after %d: %v", i+1, ahead)
			}
		}
		var all sync.WaitGroup
		for i := range 6 { // rows are locked in one order: no circle
			all.Go(func() {
				cost := map[string]time.Duration{}
				for n := range 50 {
					cost[fmt.Sprint("s", n)] = time.Second
				}
				if _, err := []*ledger.Ledger{first, second}[i%2].Count(t.Context(), cost); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	})
	t.Run("what is idle or even is forgotten, and what is purged", func(t *testing.T) {
		if _, err := first.Count(t.Context(), map[string]time.Duration{"even": time.Microsecond}); err != nil {
			t.Fatal(err)
		}
		if err := second.Tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
		if noted, err := first.Noted(t.Context(), name); err != nil || len(noted) != 3 {
			t.Error(noted, err)
		}
		if _, err := first.Purge(t.Context(), time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if noted, err := first.Noted(t.Context(), name); err != nil || len(noted) != 0 {
			t.Error(noted, err)
		}
	})
	t.Run("away, it says so, and comes back", func(t *testing.T) {
		note(t, first, name, "before", 9)
		stop()
		if _, err := first.Note(t.Context(), name, []byte("x"), 9); err == nil {
			t.Error("it was noted nowhere")
		}
		again()
		if got := note(t, open(), name, "after", 9); !slices.Equal(got, []string{"before"}) {
			t.Error(got)
		}
	})
}

func texts(items [][]byte) (out []string) {
	for _, b := range items {
		out = append(out, string(bytes.Clone(b)))
	}
	return out
}
