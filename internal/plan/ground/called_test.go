package ground

import (
	"slices"
	"strings"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
)

// hydrants is a table whose headers and codes say little by themselves.
func hydrants() *Table {
	return NewTable(plan.Candidate{Table: &dataset.Table{ID: "given", Title: "pts.csv", Rows: 40, Columns: []dataset.Column{
		{Name: "ID_PT", Type: dataset.Text, Role: dataset.Key, Distinct: 40},
		{Name: "ALTI", Type: dataset.Integer, Role: dataset.Measure, Distinct: 38},
		{Name: "STATUT", Type: dataset.Text, Role: dataset.Dimension, Distinct: 2, Values: []dataset.Value{{Text: "PU", Count: 30}, {Text: "PR", Count: 10}}},
		{Name: "DATE_MES", Type: dataset.Date, Role: dataset.Time, Distinct: 35},
		{Name: "T2 2024", Type: dataset.Integer, Role: dataset.Measure, Distinct: 12},
	}}}, nil)
}

func TestCalled(t *testing.T) {
	table := hydrants()
	for question, want := range map[string]string{
		"à quelle altitude est le point 12 ?":   "altitude: column ALTI called",
		"which one is at the highest elevation": "elevation: column ALTI called",
		"combien de points publics ?":           "publics: STATUT=PU called",
		"how many private ones":                 "private: STATUT=PR called",
		"pertes au deuxième trimestre 2024":     "deuxième trimestre 2024: column T2 2024 exact",
	} {
		t.Run(question, func(t *testing.T) {
			l := lang.French
			if strings.HasPrefix(question, "which") || strings.HasPrefix(question, "how") {
				l = lang.English
			}
			q, err := Read(question, l, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := mentions(On(q, table)); !slices.Contains(got, want) {
				t.Errorf("no %q among\n%s", want, strings.Join(got, "\n"))
			}
		})
	}
}

// A line that is not of its file's shape is an error that names it.
func TestReadCalled(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		cells bool
		bad   bool
	}{
		"columns":              {"alti, alt: haut, hauteur", false, false},
		"cells":                {"statut = PU: public", true, false},
		"any column":           {"* = EHPAD: maison de retraite", true, false},
		"a comment":            {"# alti", false, false},
		"nothing said":         {"alti: ", false, true},
		"no colon":             {"alti haut", false, true},
		"a cell of columns":    {"statut = PU: public", false, true},
		"a column among cells": {"alti: haut", true, true},
	} {
		t.Run(name, func(t *testing.T) {
			into := &calling{columns: map[string][]string{}, cells: map[string]map[string][]string{}}
			if err := into.read(c.text, c.cells); (err != nil) != c.bad {
				t.Errorf("error %v, want one: %v", err, c.bad)
			}
		})
	}
}

// The files that ship are read whole.
func TestCallings(t *testing.T) {
	c, err := callings()
	if err != nil {
		t.Fatal(err)
	}
	for k, said := range c.columns {
		if k == "" || len(said) == 0 {
			t.Errorf("%q is called %q", k, said)
		}
	}
}
