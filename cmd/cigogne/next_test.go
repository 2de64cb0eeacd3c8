package main

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"strings"
	"testing"
)

// TestNextQuestionsAreAnswered asks what answers offer to ask next, under a sample of
// what people asked.
func TestNextQuestionsAreAnswered(t *testing.T) {
	const one = 20 // of so many
	h := newHouse(newProgram(options{data: t.TempDir() + "/none"}, stdio{in: strings.NewReader(""), out: io.Discard, err: io.Discard, env: func(string) string { return "" }}))
	defer h.Close()
	tried := map[string]bool{}
	for _, name := range []string{"testdata/people.jsonl", "testdata/german.jsonl"} {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		lines := bufio.NewScanner(f)
		for n := 0; lines.Scan(); n++ {
			var q asked
			if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
				t.Fatal(err)
			}
			if n%one != 0 || q.Conversation != "" {
				continue
			}
			for _, next := range h.answer(t.Context(), q).Next {
				if tried[next] {
					continue
				}
				tried[next] = true
				if a := h.answer(t.Context(), asked{Question: next}); !a.Answered() {
					t.Errorf("after %q, %q is not answered: %s", q.Question, next, firstLine(a.Text))
				}
			}
		}
	}
	if len(tried) < one {
		t.Errorf("%d questions were offered", len(tried))
	}
}
