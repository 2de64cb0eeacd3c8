package table_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cigogne/internal/lang"
	"cigogne/internal/table"
)

func TestJSON(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		rows int64
		want []string
	}{
		"an array of objects, members where they are": {
			`[{"ville":"Ay","prix":1.250,"vu":true},{"prix":2,"ville":"Bar","note":"12,5"},{"ville":null,"vu":false}]`, 3,
			[]string{`ville: text dimension nulls=1 first="Ay"`, `prix: number measure nulls=1 sum=3.25 first="1.25"`, `vu: boolean dimension nulls=1 first="true"`, `note: number measure nulls=2 sum=12.5 first=""`},
		},
		"rows within what a service answers": {
			`{"help":"x","success":true,"result":{"fields":[{"id":"a"}],"records":[{"a":{"b":1,"c":[1,2]}},{"a":{"b":4}}],"total":2}}`, 2,
			[]string{`a.b: integer measure sum=5 first="1"`, `a.c: text dimension nulls=1 first="[1,2]"`},
		},
		"an object a line": {
			"{\"code\":\"01004\",\"n\":1}\n{\"code\":\"02008\",\"n\":41}\n", 2,
			[]string{`code: text code first="01004"`, `n: integer measure sum=42 first="1"`},
		},
		"GeoJSON": {
			`{"type":"FeatureCollection","features":[
			{"type":"Feature","properties":{"nom":"Lac"},"geometry":{"type":"Polygon","coordinates":[[[7,48],[7.01,48],[7.01,48.01],[7,48.01],[7,48]]]}},
			{"type":"Feature","properties":{"nom":"Voie"},"geometry":{"type":"LineString","coordinates":[[7,48],[7,48.01]]}},
			{"type":"Feature","properties":{"nom":"Ailleurs"},"geometry":{"type":"Point","coordinates":[950000,6800000]}},
			{"type":"Feature","properties":{"nom":"Rien"},"geometry":null}]}`, 4,
			[]string{`nom: text key first="Lac"`, `geometrie: text dimension nulls=1 first="Polygon"`, `longitude: number geometry nulls=2 sum=14.005 first="7.005"`, `latitude: number geometry nulls=2 sum=96.01 first="48.005"`,
				`surface_m2: integer measure in m² nulls=3 sum=827256 first="827256"`, `longueur_m: integer measure nulls=3 sum=1112 first=""`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := read(t, "f.json", c.text)
			if b := brief(got); got.Rows != c.rows || !slices.Equal(b, c.want) {
				t.Errorf("%d rows, columns\n%s\nwant %d\n%s", got.Rows, strings.Join(b, "\n"), c.rows, strings.Join(c.want, "\n"))
			}
		})
	}
}

func TestJSONRefused(t *testing.T) {
	for name, c := range map[string]struct {
		text   string
		reason table.Reason
	}{
		"an error":        {`{"error":{"code":403,"errors":[{"message":"no"}]}}`, table.NotTable},
		"numbers alone":   {`[[1,2],[3,4]]`, table.NotTable},
		"no row":          {`{"records":[]}`, table.NotTable},
		"cut":             {`[{"a":1},{"a":`, table.Cut},
		"no JSON further": {`[{"a":1} oops]`, table.Unreadable},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := convert(t, newReader(t), c.text, table.Options{})
			var bad *table.Error
			if !errors.As(err, &bad) || bad.Reason != c.reason {
				t.Errorf("got %v, want %s", err, c.reason)
			}
		})
	}
}

func TestZip(t *testing.T) {
	r := newReader(t)
	one := archive(t, "__MACOSX/._a.csv", "x", "LISEZMOI.txt", "un texte", "data/a.csv", "lieu;n\nu;1\nv;2\n")
	got, err := convert(t, r, one, table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got.Rows != 2 || got.Size != int64(len(one)) || !slices.Contains(got.Notes, "unpacked: zip") {
		t.Errorf("%d rows, %d bytes, notes %q", got.Rows, got.Size, got.Notes)
	}
	two := archive(t, "b.csv", "lieu;n\nu;1\n", "a.csv", "lieu;n\nu;2\nv;3\n")
	_, err = convert(t, r, two, table.Options{})
	var bad *table.Error
	if !errors.As(err, &bad) || !slices.Equal(bad.Names, []string{"a.csv", "b.csv"}) {
		t.Fatalf("got %v", err)
	}
	if want := "L’archive « z.zip » contient plusieurs tableaux (a.csv, b.csv) : extrayez celui que vous voulez interroger."; bad.Sentence("z.zip", lang.French) != want {
		t.Errorf("says %q", bad.Sentence("z.zip", lang.French))
	}
	if got, err = convert(t, r, two, table.Options{Part: "a.csv"}); err != nil || got.Rows != 2 {
		t.Errorf("the one asked for: %v", err)
	}
	if _, err = convert(t, r, archive(t, "inner.csv", one), table.Options{}); err == nil {
		t.Error("an archive in an archive was read")
	}
	if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "cigogne-entry-*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}
