package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
)

// TestTables asks files that nobody annotated: what the headers and the cells
// say is all there is. The judge decides by what it has learnt, so no single
// question is sure of its answer: most are to be right, and next to none wrong. A
// question that the file does not answer has no want.
func TestTables(t *testing.T) {
	right, wrong, all := askTables(t, "questions.jsonl")
	if right*10 < all*6 {
		t.Errorf("%d of %d questions are right: fewer than six in ten", right, all)
	}
	if wrong*25 > all {
		t.Errorf("%d of %d questions are wrong: more than one in twenty-five", wrong, all)
	}
}

// TestGermanTables asks the same files in German, which is said in French first: no
// answer is wrong.
func TestGermanTables(t *testing.T) {
	right, wrong, all := askTables(t, "german.jsonl")
	if right*10 < all*6 {
		t.Errorf("%d of %d questions are right: fewer than six in ten", right, all)
	}
	if wrong > 0 {
		t.Errorf("%d of %d questions are wrong", wrong, all)
	}
}

// askTables asks the questions of a file beside the tables, and counts those that are
// answered rightly and wrongly.
func askTables(t *testing.T, name string) (right, wrong, all int) {
	t.Helper()
	h := newHouse(newProgram(options{data: t.TempDir() + "/none"}, stdio{in: strings.NewReader(""), out: io.Discard, err: io.Discard, env: func(string) string { return "" }}))
	defer h.Close()
	f, err := os.Open(filepath.Join("testdata", "tables", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var q struct{ Question, Table, Want string }
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			t.Fatal(err)
		}
		t.Run(q.Question, func(t *testing.T) {
			as, err := h.assistant(t.Context(), filepath.Join("testdata", "tables", q.Table))
			if err != nil {
				t.Fatal(err)
			}
			a, err := as.Ask(t.Context(), assistant.Question{Text: q.Question})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if a.Answered() {
				got = strings.ReplaceAll(fmt.Sprint(a.Rows), "\u00a0", " ")
			}
			all++
			switch {
			case got == q.Want:
				right++
			case got != "" && !tells(got, q.Want):
				wrong++
				t.Logf("%s\n got %q (%s)\nwant %q\n%s", q.Question, got, a.Kind, q.Want, a.SQL)
			case got != "":
				right++
			}
			if a.Answered() && a.Kind == answer.KindFigure && len(a.Figures) == 0 {
				t.Error("a figure without a figure")
			}
		})
	}
	t.Logf("%d questions: %d right, %d wrong", all, right, wrong)
	return right, wrong, all
}

// tells tells whether every cell of the wanted rows stands in those given, which
// may have more columns.
func tells(got, want string) bool {
	for _, w := range strings.Fields(strings.Trim(want, "[]")) {
		if !strings.Contains(got, strings.Trim(w, "[]")) {
			return false
		}
	}
	return want != ""
}
