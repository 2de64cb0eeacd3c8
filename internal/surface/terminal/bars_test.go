package terminal_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"cigogne/internal/answer"
	"cigogne/internal/surface/terminal"
)

func TestBars(t *testing.T) {
	a := &answer.Answer{Kind: answer.KindTable, Lang: "fr", Columns: []answer.Column{{Name: "commune"}, {Name: "population", Unit: "habitants"}},
		Rows: [][]any{{"Strasbourg", int64(1000)}, {"Metz", int64(500)}, {"Nul", nil}, {"\x1b[31mRouge", int64(125)}}}
	want := strings.Join([]string{
		"Strasbourg  ████████████████████████████████████████ 1\u202f000",
		"Metz        ████████████████████ 500",
		"Nul         –",
		"[31mRouge   █████ 125",
	}, "\n")
	if got := terminal.Bars(a, terminal.Style{Width: 80}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for _, line := range strings.Split(terminal.Bars(a, terminal.Style{Width: 40}), "\n") {
		if n := utf8.RuneCountInString(line); n > 40 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	a.Rows[1][1] = int64(-5)
	if got := terminal.Bars(a, terminal.Style{Width: 80}); got != "" {
		t.Errorf("figures below zero: %s", got)
	}
}
