package assistant_test

import (
	"context"
	"errors"
	"iter"
	"reflect"
	"slices"
	"testing"
	"time"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/search"
	"cigogne/internal/warehouse"
)

// shelves hold three datasets, one of them with a table.
type shelves struct{ reads int }

var shelved = []dataset.Dataset{
	{ID: "a", Name: "communes", Title: "Communes", Publisher: "Insee", Portal: "https://p.example", Themes: []string{"Population"}, Spatial: "Grand Est", Period: dataset.Period{Start: "2021-01-01", End: "2023"}, Modified: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), Distributions: []dataset.Distribution{{Format: "csv"}, {Format: "csv"}}},
	{ID: "b", Name: "lycees", Title: "Lycées", Publisher: "Région", Portal: "https://q.example", Themes: []string{"Éducation"}, Spatial: `{"type":"Polygon"}`, Period: dataset.Period{Start: "2019", End: "9999-12-31"}, Modified: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), Distributions: []dataset.Distribution{{Format: "wms"}, {Format: "csv"}}},
	{ID: "c", Name: "forets", Title: "Forêts", Publisher: "insee", Modified: time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)},
}

func (s *shelves) Datasets(context.Context) iter.Seq2[dataset.Dataset, error] {
	s.reads++
	return func(yield func(dataset.Dataset, error) bool) {
		for _, d := range shelved {
			if !yield(d, nil) {
				return
			}
		}
	}
}

func (s *shelves) Dataset(_ context.Context, key string) (*dataset.Dataset, error) {
	if i := slices.IndexFunc(shelved, func(d dataset.Dataset) bool { return d.ID == key || d.Name == key }); i >= 0 {
		return &shelved[i], nil
	}
	return nil, nil
}

func (s *shelves) Tables() []plan.Candidate {
	return []plan.Candidate{{
		Dataset: &shelved[0], Table: &dataset.Table{ID: "t", DatasetID: "a", Rows: 5, Columns: []dataset.Column{{Name: "annee", Type: dataset.Integer, Role: dataset.Year}, {Name: "pop", Type: dataset.Integer, Role: dataset.Measure}}},
		Annotation: &dataset.Annotation{Column: []dataset.ColumnNote{{Name: "pop", Label: dataset.Bilingual{FR: "population", EN: "population"}, Unit: "habitants"}}, Questions: []dataset.Bilingual{{FR: "Combien ?", EN: "How many?"}}},
	}}
}

func (s *shelves) Index(context.Context) (*search.Index, error) { return nil, nil }

func (s *shelves) Search(_ context.Context, q search.Query, _ lang.Lang) ([]answer.Dataset, error) {
	if q.Text == "fail" {
		return nil, errors.New("index")
	}
	return []answer.Dataset{{ID: "b", Title: "Lycées", Publisher: "Région", Score: 2}, {ID: "a", Title: "Communes", Publisher: "Insee", Score: 1}}, nil
}

func (s *shelves) Run(_ context.Context, p *query.Plan, c *query.Compiled) (*warehouse.Result, error) {
	return &warehouse.Result{Rows: [][]any{{int64(2020), int64(12)}}}, nil
}

func TestGuideDescribes(t *testing.T) {
	g := assistant.NewGuide(&shelves{})
	d, err := g.Describe(t.Context(), "communes", lang.English)
	if err != nil {
		t.Fatal(err)
	}
	if d.Dataset.ID != "a" || len(d.Tables) != 1 || !slices.Equal(d.Ask, []string{"How many?"}) || d.Quality.Score <= 0 || d.Quality.Score >= 1 {
		t.Errorf("got %+v", d)
	}
	if c := d.Samples[0].Columns; c[0].Label != "" || !c[0].Plain || c[1].Label != "population" || c[1].Unit != "habitants" || c[1].Plain || len(d.Samples[0].Rows) != 1 {
		t.Errorf("the sample: %+v", d.Samples[0])
	}
	if d, err := g.Describe(t.Context(), "b", lang.French); err != nil || len(d.Tables) != 0 || d.Tables == nil {
		t.Errorf("a dataset without tables: %+v %v", d, err)
	}
	if _, err := g.Describe(t.Context(), "x", lang.French); !errors.Is(err, assistant.ErrUnknownDataset) {
		t.Errorf("unknown: %v", err)
	}
}

func TestGuideFinds(t *testing.T) {
	s := &shelves{}
	g := assistant.NewGuide(s)
	ids := func(b assistant.Browse) (out []string, total int) {
		t.Helper()
		f, err := g.Find(t.Context(), b, lang.French)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Datasets {
			out = append(out, d.ID)
		}
		return out, f.Total
	}
	for name, c := range map[string]struct {
		b     assistant.Browse
		want  []string
		total int
	}{
		"all, askable first": {assistant.Browse{}, []string{"a", "b", "c"}, 3},
		"a page":             {assistant.Browse{Offset: 1, Limit: 1}, []string{"b"}, 3},
		"past the end":       {assistant.Browse{Offset: 9}, nil, 3},
		"publisher":          {assistant.Browse{Publisher: "Insee"}, []string{"a", "c"}, 2},
		"format":             {assistant.Browse{Format: "wms"}, []string{"b"}, 1},
		"portal and format":  {assistant.Browse{Portal: "https://p.example", Format: "wms"}, nil, 0},
		"words":              {assistant.Browse{Text: "lycées"}, []string{"b", "a"}, 2},
		"theme":              {assistant.Browse{Theme: "population"}, []string{"a"}, 1},
		"year":               {assistant.Browse{Year: 2022}, []string{"a"}, 1},
		"no end is no year":  {assistant.Browse{Year: 2020}, nil, 0},
		"territory":          {assistant.Browse{Territory: "Grand Est"}, []string{"a"}, 1},
		"can be asked":       {assistant.Browse{Askable: true}, []string{"a"}, 1},
		"words and format":   {assistant.Browse{Text: "lycées", Format: "wms"}, []string{"b"}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			if got, total := ids(c.b); !slices.Equal(got, c.want) || total != c.total {
				t.Errorf("got %v of %d, want %v of %d", got, total, c.want, c.total)
			}
		})
	}
	f, err := g.Find(t.Context(), assistant.Browse{Format: "wms"}, lang.French)
	if err != nil {
		t.Fatal(err)
	}
	facet := func(field string) []assistant.FoundCount {
		for _, x := range f.Facets {
			if x.Field == field {
				return x.Values
			}
		}
		return nil
	}
	// Publishers are counted under the format chosen; formats as if none were.
	if v := facet("publisher"); len(v) != 1 || v[0] != (assistant.FoundCount{Value: "Région", Datasets: 1}) {
		t.Errorf("publishers %v", v)
	}
	if v := facet("format"); len(v) != 2 || v[0] != (assistant.FoundCount{Value: "csv", Datasets: 2}) {
		t.Errorf("formats %v", v)
	}
	if f, err = g.Find(t.Context(), assistant.Browse{}, lang.French); err != nil {
		t.Fatal(err)
	}
	if v := facet("year"); len(v) != 4 || v[0].Value != "2023" || v[3].Value != "2019" {
		t.Errorf("years %v, want the latest first", v)
	}
	if v := facet("territory"); len(v) != 1 {
		t.Errorf("territories %v: corners of a map are none", v)
	}
	if s.reads != 1 {
		t.Errorf("the catalogue was read %d times", s.reads)
	}
	if _, err := g.Find(t.Context(), assistant.Browse{Text: "fail"}, lang.French); err == nil {
		t.Error("a failing index goes unnoticed")
	}
}

func TestOverview(t *testing.T) {
	o, err := assistant.NewGuide(&shelves{}).Overview(t.Context())
	want := assistant.Overview{Datasets: 3, Askable: 1, From: 2021, To: 2023, Modified: "2020-01-01", Territory: "Grand Est", Themes: []string{"Population"}}
	if err != nil || !reflect.DeepEqual(o, want) {
		t.Errorf("%+v %v, want %+v", o, err, want)
	}
}
