package main

import (
	"io"
	"slices"
	"strings"
	"testing"
)

// TestTwoTotals holds that the two totals of an intercommunality are compared
// (three communes of one lie in another region), and that nothing is said where
// they do not differ.
func TestTwoTotals(t *testing.T) {
	h := newHouse(newProgram(options{data: t.TempDir() + "/none"}, stdio{in: strings.NewReader(""), out: io.Discard, err: io.Discard, env: func(string) string { return "" }}))
	defer h.Close()
	for _, c := range []struct{ question, want string }{
		{"population de la CC des Savoir-Faire en 2026", "« Population des communes du Grand Est » donne un autre total : 14\u202f774\u00a0habitants (population), soit -207."},
		{"population de l'agglo de Colmar en 2026", ""},
		{"population de la Moselle en 2026", ""},
	} {
		a := h.answer(t.Context(), asked{Question: c.question})
		if !a.Answered() {
			t.Fatalf("%s: %s", c.question, a.Text)
		}
		has := slices.ContainsFunc(a.Caveats, func(s string) bool { return strings.Contains(s, "autre total") })
		if c.want == "" && has || c.want != "" && !slices.Contains(a.Caveats, c.want) {
			t.Errorf("%s: caveats %q, want %q", c.question, a.Caveats, c.want)
		}
	}
}
