package answer

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/query"
)

var update = flag.Bool("update", false, "write the golden files anew")

// accounts is a small table of public accounts.
var accounts = &dataset.Table{ID: "accounts", Title: "accounts.csv", Rows: 6, SHA256: "5ce1", Columns: []dataset.Column{
	{Name: "YEAR", Type: dataset.Integer, Role: dataset.Year, Distinct: 3},
	{Name: "FUNCTION", Type: dataset.Text, Role: dataset.Dimension, Distinct: 2},
	{Name: "AMOUNT", Type: dataset.Number, Role: dataset.Measure, Distinct: 6, Unit: "EUR"},
}}

// composed is what a plan over accounts and its rows make.
func composed(t *testing.T, l lang.Lang, p *query.Plan, rows [][]any) *Answer {
	t.Helper()
	p.Table = accounts.ID
	compiled, err := query.Compile(p, func(string) *dataset.Table { return accounts })
	if err != nil {
		t.Fatal(err)
	}
	names, counted := map[string]string{"YEAR": "exercice", "FUNCTION": "fonction", "AMOUNT": "montant"}, "lignes"
	if l == lang.English {
		names, counted = map[string]string{"YEAR": "financial year", "FUNCTION": "function", "AMOUNT": "amount"}, "rows"
	}
	a := &Answer{Lang: l, Question: "?"}
	ok := Compose(a, Result{Plan: p, Compiled: compiled, Rows: rows, Table: accounts, Counted: counted,
		Names: func(_, column string) string { return names[column] }, Unit: func(string) string { return "" }})
	if !ok {
		t.Fatal("nothing to say")
	}
	return a
}

var (
	sum = []query.Measure{{Agg: query.Sum, Column: "AMOUNT"}}
	in  = func(y float64) []query.Filter {
		return []query.Filter{{Column: "YEAR", Op: query.Eq, Values: []any{y}}}
	}
	cases = map[string]struct {
		plan query.Plan
		rows [][]any
	}{
		"figure":     {query.Plan{Measures: sum, Where: in(2020)}, [][]any{{496779162.0}}},
		"count":      {query.Plan{Measures: []query.Measure{{Agg: query.Count}}}, [][]any{{int64(1234)}}},
		"evolution":  {query.Plan{Measures: sum, GroupBy: []string{"YEAR"}}, [][]any{{int64(2018), 1000.0}, {int64(2019), nil}, {int64(2020), 1234.5}}},
		"ranking":    {query.Plan{Measures: sum, GroupBy: []string{"FUNCTION"}, OrderBy: []query.Order{{Measure: 1, Desc: true}}}, [][]any{{"Trains | *buses*", 2.5e6}, {"@everyone [x](http://x)", 1e6}}},
		"names":      {query.Plan{Columns: []string{"FUNCTION"}, Distinct: true}, [][]any{{"Culture"}, {"Sport"}}},
		"one-cell":   {query.Plan{Columns: []string{"FUNCTION", "AMOUNT"}, Limit: 1}, [][]any{{"Culture", 12.5}}},
		"share":      {query.Plan{Measures: []query.Measure{{Agg: query.Sum, Column: "AMOUNT", Where: in(2020), Label: "part"}, {Agg: query.Sum, Column: "AMOUNT", Label: "whole"}}, Derived: &query.Derived{Op: query.Share, Of: 1, Over: 2}}, [][]any{{25.0, 200.0, 12.5}}},
		"difference": {query.Plan{Measures: []query.Measure{{Agg: query.Sum, Column: "AMOUNT", Where: in(2020), Label: "2020"}, {Agg: query.Sum, Column: "AMOUNT", Where: in(2019), Label: "2019"}}, Derived: &query.Derived{Op: query.Difference, Of: 1, Over: 2}}, [][]any{{25.0, 200.0, -175.0}}},
		"tally":      {query.Plan{Measures: sum, GroupBy: []string{"FUNCTION"}, Having: []query.Having{{Measure: 1, Op: query.Gt, Value: 1e6}}, Tally: true}, [][]any{{int64(7)}}},
	}
)

// TestText holds what people read, in both languages, in testdata.
func TestText(t *testing.T) {
	for name, c := range cases {
		for _, l := range []lang.Lang{lang.French, lang.English} {
			t.Run(name+"."+string(l), func(t *testing.T) {
				a := composed(t, l, &c.plan, c.rows)
				if n := Unfounded(a); len(n) > 0 {
					t.Errorf("unfounded numbers %q in %q", n, a.Text)
				}
				a.Assumptions, a.Caveats = []string{"opérations réelles seulement"}, []string{"Recettes incomplètes."}
				if l == lang.English {
					a.Assumptions, a.Caveats = []string{"real operations only"}, []string{"Receipts are incomplete."}
				}
				a.Sources = []Source{SourceOf(&dataset.Dataset{ID: "d", Title: "Accounts [2020] <b>", Publisher: "Région", URL: "https://x.test/a b(1)",
					Licence: dataset.Licence{Title: "Licence Ouverte"}, Period: dataset.Period{Start: "2018-01-01", End: "2020-12-31"}}, accounts)}
				Finish(a)
				path := filepath.Join("testdata", name+"."+string(l)+".golden")
				if *update {
					if err := os.WriteFile(path, []byte(a.Text+"\n"), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if got := a.Text + "\n"; got != string(want) {
					t.Errorf("got\n%s\nwant\n%s", got, want)
				}
			})
		}
	}
}

func TestHeadlineFigures(t *testing.T) {
	for name, want := range map[string][]Figure{
		"figure":     {{Label: "amount", Value: 496779162, Unit: "EUR"}},
		"share":      {{Label: "share", Value: 12.5, Unit: "%"}, {Label: "part", Value: 25, Unit: "EUR"}, {Label: "whole", Value: 200, Unit: "EUR"}},
		"difference": {{Label: "difference", Value: -175, Unit: "EUR"}, {Label: "2020", Value: 25, Unit: "EUR"}, {Label: "2019", Value: 200, Unit: "EUR"}},
		"tally":      {{Label: "number", Value: 7}},
		"ranking":    nil,
	} {
		c := cases[name]
		if a := composed(t, lang.English, &c.plan, c.rows); !slices.Equal(a.Figures, want) {
			t.Errorf("%s: figures %v, want %v", name, a.Figures, want)
		}
	}
}

func TestNothingToSay(t *testing.T) {
	p := &query.Plan{Table: accounts.ID, Measures: sum}
	compiled, err := query.Compile(p, func(string) *dataset.Table { return accounts })
	if err != nil {
		t.Fatal(err)
	}
	for _, rows := range [][][]any{nil, {{nil}}} {
		if Compose(&Answer{}, Result{Plan: p, Compiled: compiled, Rows: rows, Table: accounts, Names: func(_, c string) string { return c }, Unit: func(string) string { return "" }}) {
			t.Errorf("rows %v: something was said", rows)
		}
	}
}

// TestUnfounded puts numbers into a text that the rows do not have.
func TestUnfounded(t *testing.T) {
	c := cases["evolution"]
	for text, want := range map[string]string{
		"De 2018 à 2020 : +234,5 € (+23,5 %)": "",
		"1 000 € en 2018, 1 234,5 € en 2020":  "",
		"1 236 € en 2020":                     "1 236",
		"1 300 € en 2021":                     "1 300 2021",
	} {
		a := composed(t, lang.French, &c.plan, c.rows)
		a.Text = text
		if got := strings.Join(Unfounded(a), " "); got != want {
			t.Errorf("%q: unfounded %q, want %q", text, got, want)
		}
	}
}

// Cells of a column that counts in millions are said in millions as they stand.
func TestUnfoundedByUnit(t *testing.T) {
	for text, want := range map[string]string{
		"de 213,2 millions à 65,3 millions": "",
		"213,2 milliards":                   "213,2",
		"300 millions":                      "300",
	} {
		a := &Answer{Lang: lang.French, Text: text, Columns: []Column{{Name: "Année"}, {Name: "Entrées", Unit: "millions"}}, Rows: [][]any{{int64(2019), 213.2}, {int64(2020), 65.3}}}
		if got := strings.Join(Unfounded(a), " "); got != want {
			t.Errorf("%q: unfounded %q, want %q", text, got, want)
		}
	}
}

// A title that is written as Markdown makes no link of its own, not even with
// backslashes.
func TestTitlesMakeNoLinks(t *testing.T) {
	for title, want := range map[string]string{
		"x](https://evil.example) [y": `[x\](https://evil.example) \[y](https://p.example/d)`,
		`\[x](https://evil.example)`:  `[\\\[x\](https://evil.example)](https://p.example/d)`,
	} {
		if got := SourceLine(Source{Title: title, URL: "https://p.example/d"}, lang.French); got != want {
			t.Errorf("%s: %s", title, got)
		}
	}
}
