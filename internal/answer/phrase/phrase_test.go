package phrase

import (
	"strings"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/query"
)

func TestNames(t *testing.T) {
	for name, c := range map[string]struct {
		level, name, noun, of, in string
	}{
		"feminine department":     {"department", "Moselle", "la Moselle", "de la Moselle", "en Moselle"},
		"elided department":       {"department", "Aube", "l'Aube", "de l'Aube", "dans l'Aube"},
		"masculine department":    {"department", "Haut-Rhin", "le Haut-Rhin", "du Haut-Rhin", "dans le Haut-Rhin"},
		"plural department":       {"department", "Vosges", "les Vosges", "des Vosges", "dans les Vosges"},
		"commune":                 {"commune", "Metz", "Metz", "de Metz", "à Metz"},
		"elided commune":          {"commune", "Épernay", "Épernay", "d'Épernay", "à Épernay"},
		"commune with le":         {"commune", "Le Ban-Saint-Martin", "Le Ban-Saint-Martin", "du Ban-Saint-Martin", "au Ban-Saint-Martin"},
		"commune with les":        {"commune", "Les Islettes", "Les Islettes", "des Islettes", "aux Islettes"},
		"commune with la":         {"commune", "La Bresse", "La Bresse", "de La Bresse", "à La Bresse"},
		"communauté de communes":  {"epci", "CC du Pays de Barr", "la CC du Pays de Barr", "de la CC du Pays de Barr", "dans la CC du Pays de Barr"},
		"eurométropole":           {"epci", "Eurométropole de Strasbourg", "l'Eurométropole de Strasbourg", "de l'Eurométropole de Strasbourg", "dans l'Eurométropole de Strasbourg"},
		"region":                  {"region", "Alsace", "l'Alsace", "de l'Alsace", "en Alsace"},
		"department of elsewhere": {"department", "Nulle-Part", "Nulle-Part", "de Nulle-Part", "dans Nulle-Part"},
	} {
		t.Run(name, func(t *testing.T) {
			noun := place(c.level, c.name, lang.French)
			if noun != c.noun || of(noun, lang.French) != c.of || in(c.level, c.name, lang.French) != c.in {
				t.Errorf("%q, %q, %q", noun, of(noun, lang.French), in(c.level, c.name, lang.French))
			}
		})
	}
}

func TestAmounts(t *testing.T) {
	for name, c := range map[string]struct {
		v      float64
		unit   string
		fr, en string
	}{
		"millions of euros":     {496779162, "EUR", "**496,8\u00a0M€** (496\u202f779\u202f162\u00a0€)", "**€496.8\u00a0million** (€496,779,162)"},
		"thousands of millions": {3103543193, "EUR", "**3,1\u00a0Md€** (3\u202f103\u202f543\u202f193\u00a0€)", "**€3.1\u00a0billion** (€3,103,543,193)"},
		"euros":                 {6200, "EUR", "**6\u202f200\u00a0€**", "**€6,200**"},
		"inhabitants":           {1163810, "habitants", "**1\u202f163\u202f810\u00a0habitants**", "**1,163,810\u00a0inhabitants**"},
		"one inhabitant":        {1, "habitants", "**1\u00a0habitant**", "**1\u00a0inhabitant**"},
		"no inhabitant":         {0, "habitants", "**0\u00a0habitant**", "**0\u00a0inhabitants**"},
		"millions of people":    {23907864, "voyageurs", "**23,9\u00a0millions de voyageurs** (23\u202f907\u202f864\u00a0voyageurs)", "**23.9\u00a0million passengers** (23,907,864\u00a0passengers)"},
		"a mean":                {923.07541, "habitants", "**923,1\u00a0habitants**", "**923.1\u00a0inhabitants**"},
		"a unit of the data":    {17.13, "kW", "**17,13\u00a0kW**", "**17.13\u00a0kW**"},
		"small":                 {0.00123, "", "**0,00123**", "**0.00123**"},
	} {
		t.Run(name, func(t *testing.T) {
			for l, want := range map[lang.Lang]string{lang.French: c.fr, lang.English: c.en} {
				if got := (speaker{Fact{Lang: l}}).amount(c.v, c.unit); got != want {
					t.Errorf("%q, want %q", got, want)
				}
			}
		})
	}
}

func TestPolar(t *testing.T) {
	for question, want := range map[string]bool{
		"Est-ce que Mulhouse a perdu des habitants ?":             true,
		"Troyes est-elle plus peuplée que Charleville-Mézières ?": true,
		"Y a-t-il plus de 50 musées dans le Bas-Rhin ?":           true,
		"Combien la Région a-t-elle dépensé en 2020 ?":            false,
		"Qu'est-ce qu'une opération d'ordre ?":                    false,
		"De combien la population a-t-elle augmenté ?":            false,
		"Did Mulhouse lose inhabitants?":                          true,
		"How many inhabitants does Metz have?":                    false,
		"population de Metz":                                      false,
	} {
		if Polar(question) != want {
			t.Errorf("%s: %v", question, !want)
		}
	}
}

// A word file that cannot be read would silently leave a language out.
func TestWordsAreRead(t *testing.T) {
	for _, l := range []lang.Lang{lang.French, lang.English} {
		w, err := readWords(l)
		if err != nil || len(w.Opens) == 0 || len(w.Falls) == 0 || len(w.Rises) == 0 || len(w.There) == 0 {
			t.Errorf("%s: %v", l, err)
		}
	}
}

// A table that nobody annotated gets sentences that name its columns.
func TestBareTables(t *testing.T) {
	table := &dataset.Table{ID: "t", Columns: []dataset.Column{
		{Name: "Année", Type: dataset.Integer, Role: dataset.Year, Max: "2023"},
		{Name: "Musée", Type: dataset.Text, Role: dataset.Dimension},
		{Name: "Entrées", Type: dataset.Integer, Role: dataset.Measure},
	}}
	sum := []query.Measure{{Agg: query.Sum, Column: "Entrées"}}
	in2022 := []query.Filter{{Column: "Année", Op: query.Eq, Values: []any{2022.0}}}
	for name, c := range map[string]struct {
		plan query.Plan
		rows [][]any
		want string
	}{
		"a total":      {query.Plan{Measures: sum, Where: in2022}, [][]any{{202000.0}}, "En 2022, le total de « Entrées » était de **202 000**."},
		"a count":      {query.Plan{Measures: []query.Measure{{Agg: query.Count}}, Where: in2022}, [][]any{{int64(3)}}, "Il y a **3 lignes** en 2022."},
		"one row":      {query.Plan{Measures: []query.Measure{{Agg: query.Count}}}, [][]any{{int64(1)}}, "Il y a **1 ligne**."},
		"a filter":     {query.Plan{Measures: sum, Where: []query.Filter{{Column: "Musée", Op: query.Eq, Values: []any{"Louvre-Lens"}}}}, [][]any{{5.0}}, "Le total de « Entrées » pour « Louvre-Lens » est de **5**."},
		"an evolution": {query.Plan{Measures: sum, GroupBy: []string{"Année"}}, [][]any{{int64(2021), 10.0}, {int64(2022), 15.0}}, "Le total de « Entrées » a augmenté de **5** (+50 %) entre 2021 et 2022, de 10 à 15."},
		"a ranking":    {query.Plan{Measures: sum, GroupBy: []string{"Musée"}, OrderBy: []query.Order{{Measure: 1, Desc: true}}}, [][]any{{"Orsay", 30.0}, {"Cluny", 10.0}}, "**« Orsay »** arrive en tête du total de « Entrées » : **30**, soit 20 de plus que « Cluny »."},
	} {
		t.Run(name, func(t *testing.T) {
			c.plan.Table = "t"
			compiled, err := query.Compile(&c.plan, func(string) *dataset.Table { return table })
			if err != nil {
				t.Fatal(err)
			}
			got := Sentence(Fact{Lang: lang.French, Plan: &c.plan, Outputs: compiled.Outputs, Units: make([]string, len(compiled.Outputs)), Rows: c.rows, Table: table,
				Names: func(_, column string) string { return column }, Escape: func(s string) string { return s }})
			if got := spaces(got); got != c.want {
				t.Errorf("%s\nwant %s", got, c.want)
			}
		})
	}
}

// What has less is said to have less, whichever is named first.
func TestDifferences(t *testing.T) {
	table := &dataset.Table{ID: "t", Columns: []dataset.Column{
		{Name: "commune", Type: dataset.Text, Role: dataset.Dimension},
		{Name: "pop", Type: dataset.Integer, Role: dataset.Measure, Unit: "habitants"},
	}}
	note := &dataset.Annotation{Entity: dataset.Entity{Name: dataset.Bilingual{FR: "commune"}, Many: dataset.Bilingual{FR: "communes"}, Label: "commune"}, Measure: "pop",
		Column: []dataset.ColumnNote{{Name: "commune", Level: "commune"}, {Name: "pop", Unit: "habitants", Say: []dataset.Saying{{Verb: dataset.Bilingual{FR: "compte"}, Noun: dataset.Bilingual{FR: "la population"}}}}}}
	of := func(name string) query.Measure {
		return query.Measure{Agg: query.Sum, Column: "pop", Label: name, Where: []query.Filter{{Column: "commune", Op: query.Eq, Values: []any{name}}}}
	}
	p := &query.Plan{Table: "t", Measures: []query.Measure{of("Metz"), of("Nancy")}, Derived: &query.Derived{Op: query.Difference, Of: 1, Over: 2}}
	compiled, err := query.Compile(p, func(string) *dataset.Table { return table })
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		row  []any
		want string
	}{
		"more": {[]any{30.0, 20.0, 10.0}, "de plus que"},
		"less": {[]any{20.0, 30.0, -10.0}, "de moins que"},
	} {
		t.Run(name, func(t *testing.T) {
			got := spaces(Sentence(Fact{Lang: lang.French, Plan: p, Outputs: compiled.Outputs, Units: []string{"habitants", "habitants", "habitants"}, Rows: [][]any{c.row}, Table: table, Annotation: note,
				Names: func(_, column string) string { return column }, Escape: func(s string) string { return s }}))
			if !strings.Contains(got, c.want) {
				t.Errorf("%s, want %q in it", got, c.want)
			}
		})
	}
}

func spaces(s string) string {
	out := []rune(s)
	for i, r := range out {
		if r == '\u00a0' || r == '\u202f' {
			out[i] = ' '
		}
	}
	return string(out)
}

// What stands in the data is said as it was published; what was computed is rounded.
func TestPublishedAmounts(t *testing.T) {
	looked := &query.Plan{Columns: []string{"x"}}
	middle := &query.Plan{Measures: []query.Measure{{Agg: query.Median, Column: "x"}}}
	total := &query.Plan{Measures: []query.Measure{{Agg: query.Sum, Column: "x"}}}
	for name, c := range map[string]struct {
		plan *query.Plan
		v    float64
		unit string
		want string
	}{
		"a rate looked up":              {looked, 97.25, "%", "97,25\u00a0%"},
		"a small rate looked up":        {looked, 0.0123, "%", "0,0123\u00a0%"},
		"a median":                      {middle, 12.375, "%", "12,375\u00a0%"},
		"cents looked up":               {looked, 123456.78, "EUR", "123\u202f456,78\u00a0€"},
		"thousandths looked up":         {looked, 12345.125, "", "12\u202f345,125"},
		"a total of cents":              {total, 123456.78, "EUR", "123\u202f457\u00a0€"},
		"a whole number past a float64": {total, 9007199254740992, "", "9\u202f007\u202f199\u202f254\u202f740\u202f993"},
	} {
		t.Run(name, func(t *testing.T) {
			s := speaker{Fact{Lang: lang.French, Plan: c.plan, Rows: [][]any{{int64(9007199254740993)}}}}
			if got := s.exact(c.v, c.unit); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
