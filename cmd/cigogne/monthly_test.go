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
	m.run(t.Context(), time.Now())
	select {
	case text := <-got:
		var said map[string]any
		if err := json.Unmarshal([]byte(text), &said); err != nil || !strings.Contains(text, "piscines") || !strings.Contains(text, "data.example.org") {
			t.Errorf("posted %s", text)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("nothing was posted")
	}
}
