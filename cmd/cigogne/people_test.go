package main

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"os"
	"strings"
	"testing"

	"cigogne/internal/answer"
)

// person is a line of testdata/people.jsonl: what a newcomer, an agent or a
// director types, alone or in a conversation, with what a careful reader thought
// of the answers before and after answers began with a sentence.
type person struct {
	asked
	Who     string      `json:"who"`     // newcomer, agent, director
	Before  string      `json:"before"`  // useful, asked back, unhelpful, fair refusal, wrong
	Verdict string      `json:"verdict"` // the same, of what says holds
	Kind    answer.Kind `json:"kind"`
	Says    string      `json:"says,omitempty"` // the first line; "" where it depends on the day
}

const peopleFile = "testdata/people.jsonl"

// TestPeople holds the first line of every answer to what was read and judged;
// -update writes them anew, to be read and judged again.
func TestPeople(t *testing.T) {
	b, err := os.ReadFile(peopleFile)
	if err != nil {
		t.Fatal(err)
	}
	h := newHouse(newProgram(options{data: t.TempDir() + "/none"}, stdio{in: strings.NewReader(""), out: io.Discard, err: io.Discard, env: func(string) string { return "" }}))
	defer h.Close()
	var written bytes.Buffer
	enc := json.NewEncoder(&written)
	enc.SetEscapeHTML(false)
	verdicts := map[string]int{}
	lines := bufio.NewScanner(bytes.NewReader(b))
	for lines.Scan() {
		var p person
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		verdicts[p.Verdict]++
		a := h.answer(t.Context(), p.asked)
		first := firstLine(cmp.Or(a.Sentence, a.Text))
		if !*update && (a.Kind != p.Kind || p.Says != "" && first != p.Says) {
			t.Errorf("%s %q: %s %q\nwas judged as %s %q", p.ID, p.Question, a.Kind, first, p.Kind, p.Says)
		}
		if p.Says != "" {
			p.Says = first
		}
		p.Kind = a.Kind
		if err := enc.Encode(p); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%v", verdicts)
	if verdicts["wrong"] > 0 {
		t.Errorf("%d answers are judged wrong", verdicts["wrong"])
	}
	if *update {
		if err := os.WriteFile(peopleFile, written.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
