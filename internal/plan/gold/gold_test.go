package gold

import (
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestLoad(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("set.jsonl", `{"id":"1","question":"q","table":"a/x.csv","kind":"values","gold":[3],"gold_sql":"select n from t"}`+"\n"+`{"id":"2","question":"q","table":"b/y.csv","kind":"refusal"}`+"\n")
	write("make.py", `TABLES = [{'file': 'x.csv', 'load': {'sep': ',', 'names': {'l\'âge': 'age', "d'où": 'ou'}}, 'qs': [('a', "file: 'b'")]}, {'file': 'z.csv'}]`)
	got, err := Load(filepath.Join(folder, "set.jsonl"))
	if err != nil || len(got) != 2 {
		t.Fatal(got, err)
	}
	if q := got[0]; q.Name != "t" || !maps.Equal(q.Columns, map[string]string{"age": "l'âge", "ou": "d'où"}) || q.Path != filepath.Join(folder, "a/x.csv") {
		t.Errorf("%+v", q)
	}
	if q := got[1]; q.Name != "y" || q.Columns != nil || q.SQL != "" {
		t.Errorf("%+v", q)
	}
	write("broken.jsonl", "{")
	for _, name := range []string{"broken.jsonl", "none.jsonl"} {
		if _, err := Load(filepath.Join(folder, name)); err == nil {
			t.Errorf("%s is loaded", name)
		}
	}
}

func TestRight(t *testing.T) {
	f := func(v float64) *float64 { return &v }
	day := time.Date(2013, 8, 30, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		q    Question
		rows [][]any
		want bool
	}{
		"a value":                         {Question{Kind: "values", Gold: []any{3.0}}, [][]any{{int64(3)}}, true},
		"another value":                   {Question{Kind: "values", Gold: []any{3.0}}, [][]any{{int64(4)}}, false},
		"a column of several":             {Question{Kind: "values", Gold: []any{"Metz", "Épinal"}}, [][]any{{"epinal", 1.0}, {"Metz", 2.0}}, true},
		"one too many":                    {Question{Kind: "values", Gold: []any{"Metz"}}, [][]any{{"Metz"}, {"Metz"}}, false},
		"a day":                           {Question{Kind: "values", Gold: []any{"8/30/2013"}}, [][]any{{day}}, true},
		"another day":                     {Question{Kind: "values", Gold: []any{"8/31/2013"}}, [][]any{{day}}, false},
		"an empty cell":                   {Question{Kind: "values", Gold: []any{""}}, [][]any{{nil}}, true},
		"rows in any order, more columns": {Question{Kind: "table", Rows: [][]any{{"a", 1.0}, {"b", 2.0}}}, [][]any{{"b", int64(2), 7.0}, {"a", int64(1), 7.0}}, true},
		"rows out of order":               {Question{Kind: "table", Ordered: true, Rows: [][]any{{"a"}, {"b"}}}, [][]any{{"b"}, {"a"}}, false},
		"rows in order":                   {Question{Kind: "table", Ordered: true, Rows: [][]any{{"a"}, {"b"}}}, [][]any{{"a"}, {"b"}}, true},
		"a row missing":                   {Question{Kind: "table", Rows: [][]any{{"a"}, {"b"}}}, [][]any{{"a"}}, false},
		"a figure, the last":              {Question{Kind: "figure", Value: f(12.05), Unit: "%"}, [][]any{{3.0, 12.0}}, true},
		"another sign":                    {Question{Kind: "figure", Value: f(-12)}, [][]any{{12.0}}, false},
		"another sign, not counted":       {Question{Kind: "figure", Value: f(-12), Absolute: true}, [][]any{{12.0}}, true},
		"an answer to a refusal":          {Question{Kind: "refusal"}, [][]any{{1.0}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.q.Right(c.rows, -1); got != c.want {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

// FuzzNames reads any text as a script.
func FuzzNames(f *testing.F) {
	f.Add(`'file': 'x', 'names': {'a': "b\'", `)
	f.Fuzz(func(_ *testing.T, s string) { namesIn(s) })
}
