package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cigogne/internal/config"
)

func TestTheMonthsReport(t *testing.T) {
	got := make(chan string, 1)
	room := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		got <- string(b)
	}))
	defer room.Close()
	p := newProgram(options{data: t.TempDir(), lasting: true}, stdio{in: strings.NewReader(""), out: io.Discard, err: io.Discard, env: func(string) string { return "" }})
	if newMonthly(p, config.Config{}, "", true) != nil {
		t.Error("a report where no place is named")
	}
	h := newHouse(p)
	h.keeper = openKeeper(t.Context(), p, true)
	for _, q := range []string{"Combien de piscines à Metz ?", "Combien d'habitants à Metz ?"} {
		h.answer(t.Context(), asked{Question: q})
	}
	h.Close()
	h.keeper.Close()
	m := newMonthly(p, config.Config{Report: config.Report{Webhook: room.URL}}, "https://data.example.org", true)
	now := time.Now()
	next := time.Date(now.Year(), now.Month()+1, 5, 7, 0, 0, 0, time.Local) // the server was down on the first
	for i, at := range []time.Time{next, next, now} {                       // the month before this one had no question
		m.run(t.Context(), at)
		select {
		case text := <-got:
			var said map[string]any
			if err := json.Unmarshal([]byte(text), &said); err != nil || !strings.Contains(text, "piscines") || !strings.Contains(text, "data.example.org") || i > 0 {
				t.Errorf("%d: posted %s", i, text)
			}
		default:
			if i == 0 {
				t.Error("nothing was posted")
			}
		}
	}
}

// One that could not be posted is not noted as done.
func TestAReportThatIsNotPosted(t *testing.T) {
	away, calls := true, 0
	room := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if calls++; away {
			w.WriteHeader(http.StatusForbidden)
		}
	}))
	defer room.Close()
	p := newProgram(options{data: t.TempDir(), lasting: true}, stdio{in: strings.NewReader(""), out: io.Discard, err: io.Discard, env: func(string) string { return "" }})
	m := newMonthly(p, config.Config{Report: config.Report{Webhook: room.URL}}, "", true)
	next := time.Now().AddDate(0, 0, 32)
	m.run(t.Context(), next) // no ledger yet
	h := newHouse(p)
	h.keeper = openKeeper(t.Context(), p, true)
	h.answer(t.Context(), asked{Question: "Combien d'habitants à Metz ?"})
	h.Close()
	h.keeper.Close()
	next = due(time.Now().Add(monthlyHour*time.Hour)).AddDate(0, 2, 9)
	m.run(t.Context(), next)
	away = false
	m.run(t.Context(), next)
	m.run(t.Context(), next)
	if calls != 2 {
		t.Errorf("%d calls, not one that failed and one that did not", calls)
	}
}

func TestDue(t *testing.T) {
	for at, want := range map[string]string{
		"2026-12-01 08:00": "2026-11", "2026-12-01 07:59": "2026-10", "2027-01-20 12:00": "2026-12",
	} {
		now, err := time.ParseInLocation("2006-01-02 15:04", at, time.Local)
		if err != nil {
			t.Fatal(err)
		}
		if got := due(now).Format("2006-01"); got != want {
			t.Errorf("%s: %s, not %s", at, got, want)
		}
	}
}
