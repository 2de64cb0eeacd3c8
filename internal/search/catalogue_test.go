package search

import (
	"testing"
	"time"

	"cigogne/internal/dataset"
)

func day(s string) time.Time {
	t, err := time.Parse("2006-01-02", s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestQuestionsAboutTheCatalogue(t *testing.T) {
	ds := []dataset.Dataset{
		{ID: "a", Name: "a", Title: "Arbres de Metz", Publisher: "Metz", Portal: "p", Frequency: "annual", Created: day("2020-01-01"), Modified: day("2023-01-01"), Distributions: []dataset.Distribution{{Format: "csv"}}},
		{ID: "b", Name: "b", Title: "Budget (Moselle)", Publisher: "Moselle", Portal: "p", Frequency: "http://publications.europa.eu/resource/authority/frequency/MONTHLY", Created: day("2025-06-01"), Modified: day("2026-01-01")},
		{ID: "c", Name: "c", Title: "Cantines du Grand Est", Publisher: "Metz", Portal: "q", Frequency: "punctual", Created: day("2026-01-20"), Modified: day("2026-01-20")},
	}
	x, err := Build(t.Context(), ds, Options{})
	if err != nil {
		t.Fatal(err)
	}
	ids := func(f Filter) string {
		s := ""
		for _, l := range x.List(f) {
			s += l.ID
		}
		return s
	}
	for _, c := range []struct {
		name string
		f    Filter
		want string
	}{
		{"all, last changed first", Filter{}, "cba"},
		{"publisher", Filter{Publisher: "METZ"}, "ca"},
		{"portal", Filter{Portal: "p"}, "ba"},
		{"tables", Filter{Tabular: true}, "a"},
		{"naming a town", Filter{Naming: "Metz"}, "ca"},
		{"naming part of a word", Filter{Naming: "Met"}, ""},
		{"new", Filter{Created: day("2026-01-01")}, "c"},
		{"changed", Filter{Modified: day("2026-01-01")}, "cb"},
		{"out of date", Filter{StaleAt: day("2026-01-25")}, "a"},
		{"out of date later", Filter{StaleAt: day("2026-02-15")}, "ba"},
		{"in the region", Filter{Place: "region-44"}, "cb"},
		{"in the department", Filter{Place: "department-57"}, "b"},
		{"covering a department", Filter{Covers: []string{"department-57", "region-44"}}, "cb"},
		{"covering another", Filter{Covers: []string{"department-08", "region-44"}}, "c"},
	} {
		if got := ids(c.f); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if p := x.Publishers(Filter{}); len(p) != 2 || p[0] != (Count{"Metz", 2}) {
		t.Errorf("publishers: %v", p)
	}
	if p := x.Portals(Filter{Tabular: true}); len(p) != 1 || p[0] != (Count{"p", 1}) {
		t.Errorf("portals of tables: %v", p)
	}
	hits, err := x.Search(t.Context(), Query{Text: "budget", Only: Filter{Publisher: "Metz"}})
	if err != nil || len(hits) != 0 {
		t.Errorf("a budget by Metz: %v, %v", hits, err)
	}
}
