package quality

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/table"
)

var today = time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)

// whole is a record in which nothing is missing.
func whole() dataset.Dataset {
	return dataset.Dataset{
		ID: "a", Title: "Lycées", Publisher: "Région", Description: strings.Repeat("Liste des lycées publics. ", 6), URL: "https://example.fr/a",
		Licence: dataset.Licence{ID: "lov2"}, Keywords: []string{"lycée"}, Themes: []string{"EDUC"}, Spatial: "Grand Est", Frequency: "annual",
		Period: dataset.Period{Start: "2020"}, Created: today.AddDate(-2, 0, 0), Modified: today.AddDate(0, -1, 0),
		Distributions: []dataset.Distribution{{ID: "f", Title: "CSV", URL: "https://example.fr/a.csv", Format: "csv", MediaType: "text/csv", Size: 10}},
	}
}

func clean() dataset.Table {
	return dataset.Table{ID: "lycees", DistributionID: "f", Title: "Lycées", Rows: 2, Columns: []dataset.Column{{Name: "siren", Kind: dataset.KindSIREN, Distinct: 1, Values: []dataset.Value{{Text: "200052264", Count: 2}}}}}
}

func TestNothingMissingIsAHundred(t *testing.T) {
	d := whole()
	for _, tables := range [][]dataset.Table{nil, {clean()}} {
		if s := Of(&d, tables, today); math.Abs(s.Score-100) > 1e-9 || len(s.Findings) > 0 || (s.Content == nil) != (tables == nil) {
			t.Errorf("%d tables: %+v", len(tables), s)
		}
	}
}

// A record that names no file is told that, not what each of its files lacks.
func TestNoFilesIsSaidOnce(t *testing.T) {
	d := whole()
	d.Distributions = nil
	s := Of(&d, nil, today)
	if len(s.Findings) != 1 || s.Findings[0].Check != "files" || math.Abs(100-s.Findings[0].Lost-s.Score) > 1e-9 {
		t.Errorf("%+v", s)
	}
	if Reason("files", lang.French) == "" || Remedy("files", lang.English) == "" {
		t.Error("no words for it")
	}
}

// Each thing taken away is found by name, costs, and what findings cost is what the score lacks.
func TestWhatIsMissingIsNamed(t *testing.T) {
	for check, spoil := range map[string]func(*dataset.Dataset, *dataset.Table){
		"keywords":         func(d *dataset.Dataset, _ *dataset.Table) { d.Keywords = nil },
		"themes":           func(d *dataset.Dataset, _ *dataset.Table) { d.Themes = nil },
		"spatial":          func(d *dataset.Dataset, _ *dataset.Table) { d.Spatial = "" },
		"period":           func(d *dataset.Dataset, _ *dataset.Table) { d.Period = dataset.Period{} },
		"address":          func(d *dataset.Dataset, _ *dataset.Table) { d.Distributions[0].URL = "" },
		"links":            func(d *dataset.Dataset, _ *dataset.Table) { d.Distributions[0].Dead = true },
		"format":           func(d *dataset.Dataset, _ *dataset.Table) { d.Distributions[0].Format = "" },
		"media_type":       func(d *dataset.Dataset, _ *dataset.Table) { d.Distributions[0].MediaType = "" },
		"open_format":      func(d *dataset.Dataset, _ *dataset.Table) { d.Distributions[0].Format = "xlsx" },
		"machine_readable": func(d *dataset.Dataset, _ *dataset.Table) { d.Distributions[0].Format = "wms" },
		"licence":          func(d *dataset.Dataset, _ *dataset.Table) { d.Licence = dataset.Licence{} },
		"licence_known":    func(d *dataset.Dataset, _ *dataset.Table) { d.Licence = dataset.Licence{Title: "Libre"} },
		"publisher":        func(d *dataset.Dataset, _ *dataset.Table) { d.Publisher = "" },
		"size":             func(d *dataset.Dataset, _ *dataset.Table) { d.Distributions[0].Size = 0 },
		"issued":           func(d *dataset.Dataset, _ *dataset.Table) { d.Created = time.Time{} },
		"modified":         func(d *dataset.Dataset, _ *dataset.Table) { d.Modified = time.Time{} },
		"description":      func(d *dataset.Dataset, _ *dataset.Table) { d.Description = "Lycées." },
		"frequency":        func(d *dataset.Dataset, _ *dataset.Table) { d.Frequency = "unknown" },
		"up_to_date":       func(d *dataset.Dataset, _ *dataset.Table) { d.Modified = today.AddDate(-2, 0, 0) },
		"structure":        func(_ *dataset.Dataset, x *dataset.Table) { x.Notes = []string{table.NoteRagged + ": 3, 12"} },
		"header": func(_ *dataset.Dataset, x *dataset.Table) {
			x.Skipped = []dataset.Skip{{Line: 1, Reason: table.SkipTitle}}
		},
		"types":  func(_ *dataset.Dataset, x *dataset.Table) { x.Notes = []string{table.NoteOddCells + ": effectif (nd)"} },
		"rows":   func(_ *dataset.Dataset, x *dataset.Table) { x.Duplicates = 2 },
		"totals": func(_ *dataset.Dataset, x *dataset.Table) { x.Columns[0].Totals = []string{"Ensemble"} },
		"schema": func(_ *dataset.Dataset, x *dataset.Table) {
			x.Schema = &dataset.Conformance{Schema: "scdl/lycees", Wrong: []string{"schema_missing: nom"}}
		},
		"codes": func(_ *dataset.Dataset, x *dataset.Table) { x.Columns[0].Values[0].Text = "200052265" },
	} {
		t.Run(check, func(t *testing.T) {
			d, x := whole(), clean()
			spoil(&d, &x)
			s := Of(&d, []dataset.Table{x}, today)
			if !slices.ContainsFunc(s.Findings, func(f Finding) bool { return f.Check == check && f.Lost > 0 }) {
				t.Errorf("not found: %+v", s.Findings)
			}
			lost := 0.0
			for _, f := range s.Findings {
				lost += f.Lost
				for _, l := range []lang.Lang{lang.French, lang.English} {
					if Reason(f.Check, l) == "" || Remedy(f.Check, l) == "" {
						t.Errorf("%s has no words", f.Check)
					}
				}
			}
			if math.Abs(100-lost-s.Score) > 1e-9 {
				t.Errorf("score %.3f, findings cost %.3f", s.Score, lost)
			}
		})
	}
	if n := len(checks); n != 26 {
		t.Errorf("%d checks, 26 of them tested", n)
	}
}

func TestCodesThatCanBeToldWrong(t *testing.T) {
	for _, c := range []struct {
		kind  dataset.Kind
		code  string
		valid bool
	}{
		{dataset.KindSIREN, "200052264", true}, {dataset.KindSIREN, "200052265", false}, {dataset.KindSIREN, "20005226", false},
		{dataset.KindSIRET, "35600000000048", true}, {dataset.KindSIRET, "20005226400013", true}, {dataset.KindSIRET, "20005226400014", false},
		{dataset.KindDepartment, "67", true}, {dataset.KindDepartment, "2A", true}, {dataset.KindDepartment, "20", false},
		{dataset.KindRegion, "44", true}, {dataset.KindRegion, "45", false},
		{dataset.KindCommune, "67482", true}, {dataset.KindCommune, "2A004", true}, {dataset.KindCommune, "97411", true}, {dataset.KindCommune, "1001", false}, {dataset.KindCommune, "00123", false},
		{dataset.KindPostcode, "67000", true}, {dataset.KindPostcode, "6700", false},
	} {
		if got := validators[c.kind](c.code); got != c.valid {
			t.Errorf("%s %s: valid %v", c.kind, c.code, got)
		}
	}
}

// What people ask comes first, though another dataset lacks as much.
func TestWhatIsAskedIsMendedFirst(t *testing.T) {
	quiet, asked := whole(), whole()
	quiet.Licence, asked.Keywords = dataset.Licence{}, nil
	asked.ID = "b"
	a, b := Of(&quiet, nil, today), Of(&asked, nil, today)
	if a.Score >= b.Score {
		t.Fatalf("a licence (%.1f) costs no more than keywords (%.1f)", a.Score, b.Score)
	}
	b.Asked = 40
	r := Reported([]Sheet{a, b})
	if p := r.Publishers[0]; len(r.Publishers) != 1 || p.Sheets[0].ID != "b" || p.First[0].Check != "keywords" || p.Asked != 40 {
		t.Errorf("%+v", r)
	}
}

func TestPageSaysWhatItHoldsAndRunsNothing(t *testing.T) {
	d, x := whole(), clean()
	d.Title, d.URL, x.Duplicates = "<script>alert(1)</script>", "javascript:alert(1)", 1
	var b strings.Builder
	if err := HTML(&b, Reported([]Sheet{Of(&d, []dataset.Table{x}, today)}), lang.French); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, want := range []string{"Qualité des données publiées", "1 ligne en double", "&lt;script&gt;"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in\n%s", want, page)
		}
	}
	for _, bad := range []string{"<script", "javascript:"} {
		if strings.Contains(page, bad) {
			t.Errorf("%q in the page", bad)
		}
	}
}
