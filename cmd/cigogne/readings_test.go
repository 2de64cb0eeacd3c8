package main

import (
	"fmt"
	"io"
	"os"
	"testing"

	"cigogne/internal/assistant"
)

// Whatever is offered beside an answer is answered.
func TestReadingsAreAnswered(t *testing.T) {
	data := os.Getenv("CIGOGNE_TEST_DATA")
	if data == "" {
		t.Skip("CIGOGNE_TEST_DATA names no data directory: readings were not asked of real data")
	}
	c, err := openCurrent(t.Context(), newProgram(options{data: data}, stdio{out: io.Discard, err: io.Discard, env: func(string) string { return "" }}))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	offered := 0
	for i, q := range append(c.Questions("fr"), append(c.Questions("en"), "Combien la Région a-t-elle dépensé en 2020 ?", "Combien d'habitants à Metz ?", "population par département", "spending by function in 2020", "recettes de la Région par année")...) {
		a, err := c.Ask(t.Context(), assistant.Question{Text: q})
		if err != nil {
			t.Fatal(err)
		}
		for k, next := range c.Readings(a) {
			offered++
			room := fmt.Sprint(i, "-", k)
			if _, err := c.Ask(t.Context(), assistant.Question{Text: q, Conversation: room}); err != nil {
				t.Fatal(err)
			}
			b, err := c.Ask(t.Context(), assistant.Question{Text: next, Conversation: room})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%s → %s: %s, %d rows: %s", q, next, b.Kind, len(b.Rows), b.Explanation)
			if !b.Answered() || b.SQL == a.SQL {
				t.Errorf("%s → %s: %s %s", q, next, b.Kind, b.Text)
			}
		}
	}
	if offered == 0 {
		t.Error("nothing was offered")
	}
}
