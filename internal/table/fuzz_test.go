package table_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/table"
)

// FuzzRead reads any bytes: they are refused with a reason, or become a table
// whose profile is consistent; never a panic, never a hang.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		accents, utf16le(accents), "a;b\n1;\"x\n2\";3\n", "Titre;;\n;;\na;b;c\n1 234,5;12 %;01/02/2020\nTOTAL;;\n",
		"a\tb\n\"x\"y\tz\r\n", "x|y\n1.234,50|(1)\n", "\xe9t\xe9,1\r\n", "n\n1e5\n-\n", "{\"a\":1}", "PAR1", "PK\x03\x04", "\x1f\x8b\x08",
		"a,a,A,\n1,2,3,4,5\n", "a;b\n2019-02-30;2020-01-01T25:00\n", "\x00\xff\xfe", ",,,\n,,,", "\"", "a\n\"\"\"",
		workbook(f, sheetRows), `[{"a":1,"b":{"c":"x"}},{"a":2.5}]`, "{\"a\":1}\n{\"a\":null}\n", `{"features":[{"type":"Feature","properties":{"n":1},"geometry":{"type":"Point","coordinates":[1,2]}}]}`,
		archive(f, "a.csv", "x;y\n1;2\n"), "annee;code;x;y\n2020;08;1;2\n2021;2A;3;4\n",
	} {
		f.Add([]byte(seed))
	}
	r := newReader(f)
	f.Fuzz(func(t *testing.T, data []byte) { readAny(t, r, data) })
}

// FuzzJSON reads what may be between the brackets of an array of objects.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{`{"a":1,"b":{"c":"x","d":[1,2]}},{"a":2.5e3}`, `{"a":null},{"A":"é\ud83d"}`, `{"n":9007199254740993},{"n":"08"}`, `{"a":1}{"a":2`, `1,"x",[]`, `{"":{"":{"":0}}}`} {
		f.Add(seed)
	}
	r := newReader(f)
	f.Fuzz(func(t *testing.T, inside string) { readAny(t, r, []byte("["+inside+"]")) })
}

// FuzzGeoJSON reads what may be the geometry of a feature.
func FuzzGeoJSON(f *testing.F) {
	for _, seed := range []string{`{"type":"Point","coordinates":[6.18,48.69]}`, `{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}`, `{"type":"GeometryCollection","geometries":[null]}`,
		`{"type":"MultiLineString","coordinates":[[[0,1e308],[1e308,0]],[]]}`, `null`, `[]`, `{"type":"Point","coordinates":["x"]}`} {
		f.Add(seed)
	}
	r := newReader(f)
	f.Fuzz(func(t *testing.T, geometry string) {
		readAny(t, r, []byte(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"n":1},"geometry":`+geometry+`},{"type":"Feature","properties":{"n":2},"geometry":null}]}`))
	})
}

// readAny reads any bytes, and the clean copy of what they are read as.
func readAny(t *testing.T, r *table.Reader, data []byte) {
	t.Helper()
	src := filepath.Join(t.TempDir(), "source")
	if err := os.WriteFile(src, data, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	got, err := r.Convert(ctx, src, src+".parquet", table.Options{MaxBytes: 4 << 20})
	if err != nil {
		var refused *table.Error
		if !errors.As(err, &refused) {
			t.Fatalf("err = %v, want a *table.Error", err)
		}
		return
	}
	check(t, got)
	again, err := r.Convert(ctx, src+".parquet", src+".2", table.Options{})
	var refused *table.Error
	if errors.As(err, &refused) && refused.Reason == table.Empty {
		return // all its cells were missing marks
	}
	if err != nil {
		t.Fatalf("read the clean copy: %v", err)
	}
	if again.Rows > got.Rows || len(again.Columns) != len(got.Columns) {
		t.Fatalf("clean copy has %d rows and %d columns, of %d and %d", again.Rows, len(again.Columns), got.Rows, len(got.Columns))
	}
}

// check wants a profile that does not contradict itself.
func check(t *testing.T, tb *dataset.Table) {
	t.Helper()
	names := map[string]bool{}
	for _, c := range tb.Columns {
		if low := strings.ToLower(c.Name); c.Name == "" || names[low] {
			t.Fatalf("column name %q is empty or given twice", c.Name)
		} else {
			names[low] = true
		}
		filled := tb.Rows - c.Nulls
		if c.Nulls < 0 || filled < 0 || c.Distinct > filled || (c.Distinct == 0) != (filled == 0) {
			t.Fatalf("%q: %d rows, %d nulls, %d distinct", c.Name, tb.Rows, c.Nulls, c.Distinct)
		}
		if c.Sum != nil && !c.Type.Numeric() || c.Role == dataset.Measure && !c.Type.Numeric() {
			t.Fatalf("%q is %s, %s, with sum %v", c.Name, c.Type, c.Role, c.Sum)
		}
		var counted int64
		for _, v := range c.Values {
			counted += v.Count
		}
		if len(c.Values) > 0 && c.Complete() && counted != filled {
			t.Fatalf("%q: values count %d cells of %d", c.Name, counted, filled)
		}
	}
}
