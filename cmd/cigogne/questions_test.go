package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"sort"
	"strings"
	"testing"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
)

// gold is a line of testdata/questions.jsonl. SQL was written by a person and
// computes the expected rows over the embedded tables.
type gold struct {
	asked
	Kind    string `json:"kind"` // figure, table or refusal
	SQL     string `json:"sql"`
	Unit    string `json:"unit"`
	Ordered bool   `json:"ordered"`
}

func readGold(t *testing.T, path string) []gold {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []gold
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var g gold
		if err := json.Unmarshal(lines.Bytes(), &g); err != nil {
			t.Fatal(err)
		}
		all = append(all, g)
	}
	return all
}

// TestQuestions asks every question of the embedded catalogue. Never a wrong
// figure: a refusal where an answer exists is counted, a wrong answer fails.
func TestQuestions(t *testing.T) {
	const declined = 20 // one in so many may be
	asksAll(t, "testdata/questions.jsonl", "", declined)
}

// TestGerman asks in German, and is answered in German.
func TestGerman(t *testing.T) {
	const declined = 12
	asksAll(t, "testdata/german.jsonl", lang.German, declined)
}

// asksAll asks the questions of a file and holds each answer against its SQL; l is
// the language of every answer, "" any. One question in so many may be declined.
func asksAll(t *testing.T, path string, l lang.Lang, declined int) {
	all := readGold(t, path)
	h := newHouse(newProgram(options{data: t.TempDir() + "/none"}, stdio{in: strings.NewReader(""), out: io.Discard, err: io.Discard, env: func(string) string { return "" }}))
	defer h.Close()
	lib, err := h.library(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, c := range lib.Tables() {
		ids = append(ids, c.Table.ID)
	}
	abstained := 0
	for _, g := range all {
		a := h.answer(t.Context(), g.asked)
		if l != "" && a.Lang != l {
			t.Errorf("%s %q is answered in %s: %s", g.ID, g.Question, a.Lang, firstLine(a.Text))
		}
		if g.Kind == "refusal" {
			if a.Answered() {
				t.Errorf("%s %q must be declined, got %v %v", g.ID, g.Question, a.Figures, a.Explanation)
			}
			continue
		}
		if !a.Answered() {
			abstained++
			t.Logf("%s %q abstained: %s", g.ID, g.Question, firstLine(a.Text))
			continue
		}
		want, err := lib.Query(t.Context(), ids, g.SQL)
		if err != nil {
			t.Fatalf("%s: gold SQL: %v", g.ID, err)
		}
		if why := differs(g, a, want.Rows); why != "" {
			t.Errorf("%s %q: %s\n\t%s\n\t%s", g.ID, g.Question, why, a.SQL, g.SQL)
		}
		if len(a.Sources) == 0 {
			t.Errorf("%s %q: no source", g.ID, g.Question)
		}
	}
	t.Logf("%d questions, %d abstained", len(all), abstained)
	if allowed := len(all) / declined; abstained > allowed {
		t.Errorf("%d questions were declined that have an answer; at most %d may", abstained, allowed)
	}
}

// differs says how an answer differs from the gold rows, or "".
func differs(g gold, a *answer.Answer, want [][]any) string {
	if g.Kind == "figure" {
		if len(a.Figures) == 0 {
			return fmt.Sprintf("got a table %v, want %v", a.Rows, want)
		}
		if w := toFloat(want[0][0]); !near(a.Figures[0].Value, w, g.Unit) {
			return fmt.Sprintf("got %v, want %v", a.Figures[0].Value, w)
		}
		return ""
	}
	if len(a.Rows) != len(want) {
		return fmt.Sprintf("got %d rows, want %d", len(a.Rows), len(want))
	}
	got, gold := cellsOf(a.Rows), cellsOf(want)
	if !g.Ordered {
		sort.Strings(got)
		sort.Strings(gold)
	}
	for i := range gold { // an answer may show more columns than asked
		if got[i] != gold[i] && !containsAll(got[i], gold[i]) {
			return fmt.Sprintf("row %d: got %s, want %s", i, got[i], gold[i])
		}
	}
	return ""
}

func cellsOf(rows [][]any) []string {
	var out []string
	for _, row := range rows {
		var cells []string
		for _, v := range row {
			if f, ok := v.(float64); ok && f == math.Trunc(f) {
				v = int64(f)
			}
			cells = append(cells, lang.Fold(fmt.Sprint(v)))
		}
		out = append(out, strings.Join(cells, "|"))
	}
	return out
}

func containsAll(row, want string) bool {
	have := strings.Split(row, "|")
	for _, w := range strings.Split(want, "|") {
		if !slices.Contains(have, w) {
			return false
		}
	}
	return true
}

func toFloat(v any) float64 {
	switch x := v.(type) {
	case int64:
		return float64(x)
	case float64:
		return x
	}
	return math.NaN()
}

func near(a, b float64, unit string) bool {
	if unit == "%" {
		return math.Abs(a-b) <= 0.01
	}
	return math.Abs(a-b) <= 1e-6*math.Max(1, math.Abs(b))
}
