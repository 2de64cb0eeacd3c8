package judge

import (
	"cmp"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/plan/ground"
	"cigogne/internal/query"
)

// A few words leave no choice: a plan against them is never answered, whatever
// speaks for it.
func TestContradicts(t *testing.T) {
	table := ground.NewTable(plan.Candidate{Table: &dataset.Table{ID: "given", Title: "dons.csv", Rows: 60, Columns: []dataset.Column{
		{Name: "type", Type: dataset.Text, Role: dataset.Dimension, Distinct: 3, Nulls: 4, Values: []dataset.Value{{Text: "Legs", Count: 20}, {Text: "Don", Count: 36}}},
		{Name: "montant", Type: dataset.Number, Role: dataset.Measure, Distinct: 50},
		{Name: "date", Type: dataset.Date, Role: dataset.Time, Distinct: 40},
		{Name: "taux", Type: dataset.Number, Role: dataset.Measure, Distinct: 30, Additivity: dataset.Never, Why: dataset.WhyRate},
		{Name: "commune", Type: dataset.Text, Role: dataset.Dimension, Distinct: 20, Kind: dataset.KindCommuneName},
	}}}, nil)
	count, sum := query.Measure{Agg: query.Count}, query.Measure{Agg: query.Sum, Column: "montant"}
	type_ := func(op query.Op, values ...any) query.Filter {
		return query.Filter{Column: "type", Op: op, Values: values}
	}
	for name, tt := range map[string]struct {
		question string
		plan     query.Plan
		want     bool
	}{
		"the least, the most first":  {"quelle commune a le montant le plus faible", query.Plan{Columns: []string{"commune"}, OrderBy: []query.Order{{Column: "montant", Desc: true}}, Limit: 1}, true},
		"the least, the least first": {"quelle commune a le montant le plus faible", query.Plan{Columns: []string{"commune"}, OrderBy: []query.Order{{Column: "montant"}}, Limit: 1}, false},
		"more than one of several": {"quelles communes ont plus que Metz", query.Plan{Columns: []string{"commune"}, Where: []query.Filter{{Column: "montant", Op: query.Gt, Than: &query.Plan{Columns: []string{"montant"}, Limit: 1,
			Where: []query.Filter{{Column: "commune", Op: query.Eq, Values: []any{"Metz"}}}}}}}, true},
		"the cell beside the one that is named":      {"quelle commune vient après Metz", query.Plan{Columns: []string{"commune"}, Shift: 1, Where: []query.Filter{{Column: "commune", Op: query.Eq, Values: []any{"Metz"}}}}, false},
		"in a year, from the next on":                {"le plus de dons en 2021", query.Plan{Measures: []query.Measure{count}, Where: []query.Filter{{Column: "date", Op: query.Gt, Values: []any{"2021-12-31"}}}}, true},
		"before a year":                              {"dons avant 2021", query.Plan{Measures: []query.Measure{count}, Where: []query.Filter{{Column: "date", Op: query.Lt, Values: []any{"2021-01-01"}}}}, false},
		"for each inhabitant, the whole":             {"montant par habitant", query.Plan{Measures: []query.Measure{sum}}, true},
		"for each inhabitant":                        {"montant par habitant", query.Plan{Measures: []query.Measure{sum, count}, Derived: &query.Derived{Op: query.Ratio, Of: 1, Over: 2}}, false},
		"the cell that is named":                     {"quelle commune est Metz", query.Plan{Columns: []string{"commune"}, Where: []query.Filter{{Column: "commune", Op: query.Eq, Values: []any{"Metz"}}}}, true},
		"different things, rows counted":             {"Combien de montants différents ?", query.Plan{Measures: []query.Measure{sum}}, true},
		"different things, once each":                {"Combien de montants différents ?", query.Plan{Measures: []query.Measure{{Agg: query.CountDistinct, Column: "montant"}}}, false},
		"left out":                                   {"montant total hors type legs", query.Plan{Measures: []query.Measure{sum}, Where: []query.Filter{type_(query.Ne, "Legs")}}, false},
		"left out in English":                        {"total montant excluding legs", query.Plan{Measures: []query.Measure{sum}, Where: []query.Filter{type_(query.Ne, "Legs")}}, false},
		"left out, kept alone":                       {"montant total hors type legs", query.Plan{Measures: []query.Measure{sum}, Where: []query.Filter{type_(query.Eq, "Legs")}}, true},
		"left out, empty cells kept alone":           {"montant total sans legs", query.Plan{Measures: []query.Measure{sum}, Where: []query.Filter{type_(query.Null)}}, true},
		"left out, forgotten":                        {"montant total sauf legs", query.Plan{Measures: []query.Measure{sum}}, true},
		"the other one left out":                     {"montant total sauf legs", query.Plan{Measures: []query.Measure{sum}, Where: []query.Filter{type_(query.Ne, "Don")}}, true},
		"by year, a group a day":                     {"montant par année", query.Plan{Measures: []query.Measure{sum}, GroupBy: []string{"date"}}, true},
		"by year":                                    {"montant par année", query.Plan{Measures: []query.Measure{sum}, GroupBy: []string{"date"}, GroupAs: []query.As{query.AsYear}}, false},
		"by type, in one":                            {"montant total par type", query.Plan{Measures: []query.Measure{sum}}, true},
		"by type":                                    {"montant total par type", query.Plan{Measures: []query.Measure{sum}, GroupBy: []string{"type"}}, false},
		"by amount, sorted by it":                    {"les 3 premiers types par montant", query.Plan{Columns: []string{"type"}, OrderBy: []query.Order{{Column: "montant", Desc: true}}, Limit: 3}, false},
		"by day":                                     {"montant par jour", query.Plan{Measures: []query.Measure{sum}, GroupBy: []string{"date"}}, false},
		"yearly, rows averaged":                      {"moyenne annuelle du montant", query.Plan{Measures: []query.Measure{{Agg: query.Avg, Column: "montant"}}}, true},
		"how many years, rows counted":               {"combien d'années ?", query.Plan{Measures: []query.Measure{count}}, true},
		"places, one for each row":                   {"combien de communes ?", query.Plan{Measures: []query.Measure{{Agg: query.Count, Column: "commune"}}}, true},
		"places, once each":                          {"combien de communes ?", query.Plan{Measures: []query.Measure{{Agg: query.CountDistinct, Column: "commune"}}}, false},
		"rows of one rate together":                  {"taux par type", query.Plan{Measures: []query.Measure{count}, GroupBy: []string{"taux", "type"}}, true},
		"by rate, if one must":                       {"combien de dons par taux", query.Plan{Measures: []query.Measure{count}, GroupBy: []string{"taux"}}, false},
		"a year forgotten":                           {"montant total en 2021", query.Plan{Measures: []query.Measure{sum}}, true},
		"the year 2021":                              {"montant de l'année 2021", query.Plan{Measures: []query.Measure{sum}, Where: []query.Filter{{Column: "date", Op: query.Between, Values: []any{"2021-01-01", "2021-12-31"}}}}, false},
		"until a year, as its next begins":           {"montant entre 2020 et 2021", query.Plan{Measures: []query.Measure{sum}, Where: []query.Filter{{Column: "date", Op: query.Ge, Values: []any{"2020-01-01"}}, {Column: "date", Op: query.Lt, Values: []any{"2022-01-01"}}}}, false},
		"before a day":                               {"montant avant le 1er juillet 2021", query.Plan{Measures: []query.Measure{sum}, Where: []query.Filter{{Column: "date", Op: query.Lt, Values: []any{"2021-07-01"}}}}, false},
		"a month forgotten":                          {"montant en juillet 2021", query.Plan{Measures: []query.Measure{sum}, Where: []query.Filter{{Column: "date", Op: query.Between, Values: []any{"2021-01-01", "2021-12-31"}}}}, true},
		"how many, and words":                        {"combien de dons", query.Plan{Columns: []string{"commune"}}, true},
		"a number that may be a year is a threshold": {"combien de dons de plus de 2000", query.Plan{Measures: []query.Measure{count}, Where: []query.Filter{{Column: "montant", Op: query.Gt, Values: []any{2000.0}}}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			q, err := ground.Read(tt.question, lang.French, nil)
			if err != nil {
				t.Fatal(err)
			}
			tt.plan.Table = "given"
			if got := NewReader(ground.On(q, table)).Contradicts(&tt.plan); got != tt.want {
				t.Errorf("%v", got)
			}
		})
	}
}

// What comes back every year is counted in one of them.
func TestCountsEachYear(t *testing.T) {
	table := ground.NewTable(plan.Candidate{Table: &dataset.Table{ID: "given", Rows: 60, Key: []string{"hôtel", "annee"}, Columns: []dataset.Column{
		{Name: "hôtel", Type: dataset.Text, Role: dataset.Dimension, Distinct: 20},
		{Name: "annee", Type: dataset.Integer, Role: dataset.Year, Distinct: 3},
	}}}, nil)
	count := query.Measure{Agg: query.Count}
	for name, tt := range map[string]struct {
		plan query.Plan
		want string
	}{
		"all of them":        {query.Plan{Measures: []query.Measure{count}}, "counts each year"},
		"in one year":        {query.Plan{Measures: []query.Measure{count}, Where: []query.Filter{{Column: "annee", Op: query.Eq, Values: []any{2023.0}}}}, ""},
		"each year":          {query.Plan{Measures: []query.Measure{count}, GroupBy: []string{"annee"}}, ""},
		"by different names": {query.Plan{Measures: []query.Measure{{Agg: query.CountDistinct, Column: "hôtel"}}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			q, err := ground.Read("combien d'établissements", lang.French, nil)
			if err != nil {
				t.Fatal(err)
			}
			tt.plan.Table = "given"
			if got := NewReader(ground.On(q, table)).Contradiction(&tt.plan); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// One value is asked for: several of what adds up are no answer.
func TestScatters(t *testing.T) {
	table := ground.NewTable(plan.Candidate{Table: &dataset.Table{ID: "given", Rows: 60, Columns: []dataset.Column{
		{Name: "habitants", Type: dataset.Integer, Role: dataset.Measure, Distinct: 50, Additivity: dataset.Additive},
		{Name: "taux", Type: dataset.Number, Role: dataset.Measure, Distinct: 50, Additivity: dataset.Never},
	}}}, nil)
	for name, tt := range map[string]struct {
		question, column string
		rows             int
		want             bool
	}{
		"one asked, three listed":    {"Quelle est le nombre d'habitants ?", "habitants", 3, true},
		"one asked, one found":       {"Quelle est le nombre d'habitants ?", "habitants", 1, false},
		"rates do not add up":        {"Quel est le taux ?", "taux", 3, false},
		"several asked":              {"Quels sont les habitants ?", "habitants", 3, false},
		"one asked, in English, too": {"What is the number of habitants?", "habitants", 2, true},
	} {
		t.Run(name, func(t *testing.T) {
			q, err := ground.Read(tt.question, lang.Detect(tt.question), nil)
			if err != nil {
				t.Fatal(err)
			}
			p := query.Plan{Table: "given", Columns: []string{tt.column}}
			if got := NewReader(ground.On(q, table)).Belied(&p, make([][]any, tt.rows)) != ""; got != tt.want {
				t.Errorf("%v", got)
			}
		})
	}
}

// A change goes forward in time, a share is no more than the whole, and months are
// no quantities.
func TestSides(t *testing.T) {
	table := ground.NewTable(plan.Candidate{Table: &dataset.Table{ID: "given", Rows: 60, Columns: []dataset.Column{
		{Name: "annee", Type: dataset.Integer, Role: dataset.Year, Distinct: 5},
		{Name: "mois", Type: dataset.Integer, Role: dataset.Dimension, Kind: dataset.KindMonth, Distinct: 12},
		{Name: "nuitées 2022", Type: dataset.Integer, Role: dataset.Measure, Distinct: 50, Additivity: dataset.Additive},
		{Name: "nuitées 2023", Type: dataset.Integer, Role: dataset.Measure, Distinct: 50, Additivity: dataset.Additive},
		{Name: "nb_chambres", Type: dataset.Integer, Role: dataset.Measure, Distinct: 30, Additivity: dataset.Additive},
		{Name: "commune", Type: dataset.Text, Role: dataset.Dimension, Distinct: 3, Values: []dataset.Value{{Text: "Metz", Count: 20}, {Text: "Nancy", Count: 20}, {Text: "Toul", Count: 20}}},
	}}}, nil)
	year := func(y float64) query.Measure {
		return query.Measure{Agg: query.Sum, Column: "nuitées 2022", Where: []query.Filter{{Column: "annee", Op: query.Eq, Values: []any{y}}}}
	}
	sum := func(column string) query.Measure { return query.Measure{Agg: query.Sum, Column: column} }
	growth, share := &query.Derived{Op: query.Growth, Of: 1, Over: 2}, &query.Derived{Op: query.Share, Of: 1, Over: 2}
	for name, tt := range map[string]struct {
		question string
		plan     query.Plan
		rows     [][]any
		want     string
	}{
		"from the earlier year":              {"évolution entre 2019 et 2023", query.Plan{Measures: []query.Measure{year(2023), year(2019)}, Derived: growth}, nil, ""},
		"back in time":                       {"évolution entre 2019 et 2023", query.Plan{Measures: []query.Measure{year(2019), year(2023)}, Derived: growth}, nil, "goes back in time"},
		"back in time by columns":            {"évolution des nuitées de 2022 à 2023", query.Plan{Measures: []query.Measure{sum("nuitées 2022"), sum("nuitées 2023")}, Derived: growth}, nil, "goes back in time"},
		"a share of a part":                  {"quelle part", query.Plan{Measures: []query.Measure{sum("nuitées 2022"), sum("nuitées 2023")}, Derived: share}, [][]any{{40.0}}, ""},
		"a share of more than all":           {"quelle part", query.Plan{Measures: []query.Measure{sum("nuitées 2022"), sum("nuitées 2023")}, Derived: share}, [][]any{{140.0}}, "more than the whole"},
		"the mean of months":                 {"nombre moyen par mois", query.Plan{Measures: []query.Measure{{Agg: query.Avg, Column: "mois"}}}, nil, "computes with labels"},
		"rows counted where a column counts": {"combien de chambres", query.Plan{Measures: []query.Measure{{Agg: query.Count}}}, nil, "counts the rows of what a column counts"},
		"that column added up":               {"combien de chambres", query.Plan{Measures: []query.Measure{sum("nb_chambres")}}, nil, ""},
		"rows of something else":             {"combien de communes ont plus de 50 chambres", query.Plan{Measures: []query.Measure{{Agg: query.Count}}, Where: []query.Filter{{Column: "nb_chambres", Op: query.Gt, Values: []any{50.0}}}}, nil, ""},
		"two that are compared, pooled":      {"combien de plus à Metz qu'à Nancy", query.Plan{Measures: []query.Measure{{Agg: query.Count}}, Where: []query.Filter{{Column: "commune", Op: query.Eq, Values: []any{"Metz", "Nancy"}}}}, nil, "pools what is compared"},
		"a name that is left aside":          {"total des nuitées de Metz", query.Plan{Measures: []query.Measure{sum("nuitées 2022")}}, nil, "forgets a name"},
		"how many, and a list of sums":       {"combien de nuitées à Metz", query.Plan{Columns: []string{"nuitées 2022"}, Where: []query.Filter{{Column: "commune", Op: query.Eq, Values: []any{"Metz"}}}}, [][]any{{1.0}, {2.0}}, "scattered"},
		"its name, and a list of sums":       {"nuitées 2022 à Metz", query.Plan{Columns: []string{"nuitées 2022"}, Where: []query.Filter{{Column: "commune", Op: query.Eq, Values: []any{"Metz"}}}}, [][]any{{1.0}, {2.0}}, "scattered"},
		"how many, and a figure of one":      {"combien de nuitées à Metz", query.Plan{Columns: []string{"nuitées 2022"}, Where: []query.Filter{{Column: "commune", Op: query.Eq, Values: []any{"Metz"}}}}, [][]any{{1.0}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			q, err := ground.Read(tt.question, lang.French, nil)
			if err != nil {
				t.Fatal(err)
			}
			tt.plan.Table = "given"
			r := NewReader(ground.On(q, table))
			if got := cmp.Or(r.Contradiction(&tt.plan), r.Belied(&tt.plan, tt.rows)); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
