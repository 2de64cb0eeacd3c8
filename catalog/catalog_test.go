package catalog_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cigogne/catalog"
	"cigogne/internal/dataset"
	"cigogne/internal/territory"
	"cigogne/internal/warehouse"
)

func load(t *testing.T) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestAnnotationsNameWhatIsThere holds every column and value that an
// annotation names against the table it was written for. The accounts are a
// summary: columns of the full publication may be missing, and nothing else.
func TestAnnotationsNameWhatIsThere(t *testing.T) {
	full := []string{"BGT_NATURE", "BGT_NATURE_LABEL", "BGT_ARTSPE", "BGT_MTPREV", "BGT_MTPROPNOUV", "BGT_CREDOUV"}
	c := load(t)
	for i, a := range c.Annotations {
		tab := c.Tables[i]
		column := func(name string) *dataset.Column {
			if name == "" { // it names none
				return nil
			}
			col := tab.Column(name)
			if col == nil && !slices.Contains(full, name) {
				t.Errorf("%s names column %q, which %s does not have", a.ID, name, tab.ID)
			}
			return col
		}
		for _, name := range slices.Concat(a.Columns, a.Prefer, a.Entity.Key, []string{a.Measure, a.Time.Column}) {
			column(name)
		}
		for _, n := range a.Column {
			column(n.Name)
			if n.Code != "" {
				column(n.Code)
			}
		}
		values := func(name string, values []string) {
			col := column(name)
			for _, v := range values {
				if col != nil && !slices.ContainsFunc(col.Values, func(x dataset.Value) bool { return x.Text == v }) {
					t.Errorf("%s: no cell %q in %s", a.ID, v, name)
				}
			}
		}
		for _, s := range a.Synonyms {
			if !s.People { // who lives in a town that this table does not hold is known all the same
				values(s.Column, s.Values)
			}
		}
		for _, n := range a.Column {
			if n.Of != "" {
				column(n.Of)
			}
		}
		if b := a.Balance; b.Column != "" {
			values(b.Column, []string{b.Of, b.Less})
		} else if b.Of != "" {
			column(b.Of)
			column(b.Less)
		}
		for _, d := range a.Defaults {
			values(d.Column, d.Values)
		}
		for _, cv := range a.Caveats {
			for _, w := range cv.When {
				values(w.Column, w.Values)
			}
		}
	}
}

// TestBothLanguages: everything a person reads exists in French and English.
func TestBothLanguages(t *testing.T) {
	for _, a := range load(t).Annotations {
		texts := []dataset.Bilingual{a.Title, a.Entity.Name, a.Entity.Many, a.Scope.Name}
		if a.Time.Column != "" {
			texts = append(texts, a.Time.Kind)
		}
		texts = append(texts, a.Questions...)
		for _, n := range a.Column {
			texts = append(texts, n.Label)
		}
		for _, d := range a.Defaults {
			texts = append(texts, d.Says)
		}
		for _, cv := range a.Caveats {
			texts = append(texts, cv.Says)
		}
		for _, x := range a.Absent {
			texts = append(texts, x.Says)
		}
		for _, x := range a.Ambiguous {
			texts = append(append(texts, x.Ask), x.Choices...)
		}
		for _, x := range texts {
			if x.FR == "" || x.EN == "" {
				t.Errorf("%s: %q / %q: one language is missing", a.ID, x.FR, x.EN)
			}
		}
		for _, s := range a.Synonyms {
			if (s.Says.FR == "") != (s.Says.EN == "") {
				t.Errorf("%s: %q is said in one language only", a.ID, s.Says)
			}
		}
	}
}

// TestFiguresCarriedOver checks totals that were computed from the public files
// by other means than catalog/build: row counts, and sums by year.
func TestFiguresCarriedOver(t *testing.T) {
	db := open(t)
	for sql, want := range map[string]float64{
		"select count(*) from embedded_comptes_region":                             947,
		"select count(*) from embedded_communes":                                   30709,
		"select count(*) from embedded_intercommunalites":                          899,
		"select sum(BGT_MTREAL) from embedded_comptes_region where BGT_ANNEE=2016": 3865917850,
		"select sum(BGT_MTREAL) from embedded_comptes_region where BGT_ANNEE=2020": 9747782654,
		"select sum(BGT_MTREAL) from embedded_comptes_region where BGT_ANNEE=2019 and BGT_SECTION='fonctionnement' and BGT_OPBUDG='réel' and BGT_CODRD='recette'": 2484905907,
		"select count(*) from embedded_communes where annee=2026 and population=0":                                                                                6,
		"select sum(population_municipale) from embedded_intercommunalites where annee=2025 and code_epci='246700488'":                                            517386,
		"select sum(population_municipale) from embedded_intercommunalites where annee=2026 and code_epci='246700488'":                                            522596,
	} {
		got := number(t, db, sql)
		if got != want {
			t.Errorf("%s: got %.0f, want %.0f", sql, got, want)
		}
	}
}

// open loads every embedded table.
func open(t *testing.T) *warehouse.DB {
	t.Helper()
	dir := t.TempDir()
	var sources []warehouse.Source
	size := 0
	for _, tab := range load(t).Tables {
		b, err := catalog.Parquet(tab.ID)
		if err != nil {
			t.Fatal(err)
		}
		size += len(b)
		path := filepath.Join(dir, tab.ID+".parquet")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		sources = append(sources, warehouse.Source{Name: tab.ID, Parquet: path})
	}
	if size > 1<<20 {
		t.Errorf("the embedded tables take %d bytes: keep them below 1 MB", size)
	}
	db, err := warehouse.OpenTables(t.Context(), sources, warehouse.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// number is the one figure of a query.
func number(t *testing.T, db *warehouse.DB, sql string, args ...any) float64 {
	t.Helper()
	res, err := db.Query(t.Context(), sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	switch v := res.Rows[0][0].(type) {
	case int64:
		return float64(v)
	case float64:
		return v
	}
	return 0
}

// TestLegalPopulations holds each year's population against the one that Insee
// declared to be in force in it: 2021 to 2026.
func TestLegalPopulations(t *testing.T) {
	db := open(t)
	for name, want := range map[string][]float64{
		"":           {5550389, 5556219, 5562651, 5561287, 5560079, 5563378},
		"Strasbourg": {284677, 287228, 290576, 291313, 291709, 293771},
		"Nancy":      {104885, 105058, 104403, 104260, 104387, 103671},
		"Metz":       {116581, 118489, 120211, 120874, 121695, 122572},
	} {
		for i, n := range want {
			if got := number(t, db, "select sum(population) from embedded_communes where annee=? and (commune=? or ?='')", 2021+i, name, name); got != n {
				t.Errorf("%s in %d: got %.0f, want %.0f", name, 2021+i, got, n)
			}
		}
	}
}

func TestNoMachineOfOursInTheProfiles(t *testing.T) {
	for _, tab := range load(t).Tables {
		if strings.Contains(tab.Title+tab.URL, "/tmp") || strings.Contains(tab.URL, "127.0.0.1") {
			t.Errorf("%s: %s %s", tab.ID, tab.Title, tab.URL)
		}
	}
}

// What people and intercommunalities are called leads to a place that there is.
func TestPlacesAreThere(t *testing.T) {
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range c.Annotations {
		for _, s := range a.Synonyms {
			if i := slices.IndexFunc(a.Column, func(n dataset.ColumnNote) bool { return n.Name == s.Column }); i < 0 || a.Column[i].Level != "commune" {
				continue
			}
			for _, v := range s.Values {
				if len(territory.Home().Find(v)) == 0 {
					t.Errorf("%s: no place is called %q", a.ID, v)
				}
			}
		}
	}
}
