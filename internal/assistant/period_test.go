package assistant

import (
	"strings"
	"testing"

	"cigogne/internal/answer"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
)

// yearly is an unannotated table of stocks and flows by year, daily one by day.
var (
	yearly = plan.Candidate{Table: &dataset.Table{ID: "yearly", Title: "yearly.csv", Rows: 30, Columns: []dataset.Column{
		{Name: "exercice", Type: dataset.Integer, Role: dataset.Year, Distinct: 3, Min: "2021", Max: "2023",
			Values: []dataset.Value{{Text: "2023", Count: 10}, {Text: "2021", Count: 10}, {Text: "2022", Count: 10}}},
		{Name: "ville", Type: dataset.Text, Role: dataset.Dimension, Distinct: 10},
		{Name: "nb_hab", Type: dataset.Integer, Role: dataset.Measure, Distinct: 30},
		{Name: "recettes", Type: dataset.Number, Role: dataset.Measure, Distinct: 30},
	}}}
	daily = plan.Candidate{Table: &dataset.Table{ID: "daily", Title: "daily.csv", Rows: 900, Columns: []dataset.Column{
		{Name: "jour", Type: dataset.Date, Role: dataset.Time, Distinct: 900, Min: "2022-01-01", Max: "2024-06-29"},
		{Name: "victimes", Type: dataset.Integer, Role: dataset.Measure, Distinct: 5},
	}}}
)

func sumOf(column string, where ...query.Filter) *query.Plan {
	return &query.Plan{Measures: []query.Measure{{Agg: query.Sum, Column: column}}, Where: where}
}

func on(column string, op query.Op, values ...any) query.Filter {
	return query.Filter{Column: column, Op: op, Values: values}
}

func TestStocksOfSeveralYearsAreAskedBack(t *testing.T) {
	byYear := sumOf("nb_hab")
	byYear.GroupBy = []string{"exercice"}
	growth := sumOf("nb_hab")
	growth.Measures[0].Where = []query.Filter{on("exercice", query.Eq, 2021.0)}
	for name, c := range map[string]struct {
		plan *query.Plan
		asks bool
	}{
		"all years":            {sumOf("nb_hab"), true},
		"since a year":         {sumOf("nb_hab", on("exercice", query.Ge, 2022.0)), true},
		"two years":            {sumOf("nb_hab", on("exercice", query.Eq, 2022.0, 2023.0)), true},
		"one year":             {sumOf("nb_hab", on("exercice", query.Eq, 2022.0)), false},
		"a figure a year":      {byYear, false},
		"one year a measure":   {growth, false},
		"a flow may be summed": {sumOf("recettes"), false},
	} {
		ask, choices := askYear(yearly, c.plan, "Habitants de Metz ?", lang.French)
		if (ask != "") != c.asks {
			t.Errorf("%s: %q", name, ask)
		}
		if c.asks && (len(choices) != 3 || choices[0] != "Habitants de Metz en 2023") {
			t.Errorf("%s: choices %q", name, choices)
		}
	}
}

func TestTimesThatTheTableDoesNotHold(t *testing.T) {
	for name, c := range map[string]struct {
		cand plan.Candidate
		f    query.Filter
		out  bool
	}{
		"a year before":       {yearly, on("exercice", query.Eq, 1999.0), true},
		"a year held":         {yearly, on("exercice", query.Eq, 2022.0), false},
		"days after the last": {daily, on("jour", query.Between, "2025-01-01", "2025-12-31"), true},
		"days in part":        {daily, on("jour", query.Between, "2024-01-01", "2024-12-31"), false},
		"before the first":    {daily, on("jour", query.Lt, "2020-01-01"), true},
		"before the last":     {daily, on("jour", query.Lt, "2023-01-01"), false},
		"after the last":      {daily, on("jour", query.Gt, "2025-01-01"), true},
		"another column":      {daily, on("victimes", query.Gt, 1e6), false},
	} {
		if got := outside(c.cand, sumOf("victimes", c.f), lang.French); (got != "") != c.out {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestPeriodIsSaid(t *testing.T) {
	for name, c := range map[string]struct {
		cand plan.Candidate
		plan *query.Plan
		says string
	}{
		"every year":     {yearly, sumOf("recettes"), "(2021 à 2023)"},
		"every day":      {daily, sumOf("victimes"), "(01/01/2022 à 29/06/2024)"},
		"a year in part": {daily, sumOf("victimes", on("jour", query.Between, "2024-01-01", "2024-12-31")), "en partie"},
		"a whole year":   {daily, sumOf("victimes", on("jour", query.Between, "2023-01-01", "2023-12-31")), ""},
		"one year":       {yearly, sumOf("recettes", on("exercice", query.Eq, 2022.0)), ""},
	} {
		a := &answer.Answer{Lang: lang.French}
		period(c.cand, c.plan, a)
		said := strings.Join(append(a.Assumptions, a.Caveats...), " ")
		if !strings.Contains(said, c.says) || c.says == "" && said != "" {
			t.Errorf("%s: says %q, want %q", name, said, c.says)
		}
	}
}

// A year lacks days where more of it lies outside the table than between two of its
// days.
func TestFewEventsLackNothing(t *testing.T) {
	year := sumOf("n", on("jour", query.Between, "2023-01-01", "2023-12-31"))
	for name, c := range map[string]struct {
		last string
		days int64
		want bool
	}{
		"every day until September":   {"2023-09-30", 638, true},
		"every month until November":  {"2023-11-01", 23, true},
		"every month until December":  {"2023-12-01", 24, false},
		"four sales, the last in Sep": {"2023-09-30", 4, false},
	} {
		cand := plan.Candidate{Table: &dataset.Table{Rows: 700, Columns: []dataset.Column{
			{Name: "jour", Type: dataset.Date, Role: dataset.Time, Distinct: c.days, Min: "2022-01-01", Max: c.last},
			{Name: "n", Type: dataset.Integer, Role: dataset.Measure},
		}}}
		if got := partly(cand, year); got != c.want {
			t.Errorf("%s: %t, want %t", name, got, c.want)
		}
	}
}
