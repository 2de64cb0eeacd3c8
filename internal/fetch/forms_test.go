package fetch

import (
	"os"
	"path/filepath"
	"testing"
)

// FuzzForms has a page of features counted, sorted and added to itself in each
// form: of GeoJSON, twice as many are there then. Of CSV there may be fewer, where
// a quote stays open: Layer counts the whole.
func FuzzForms(f *testing.F) {
	f.Add([]byte("FID,nom\n1,a\n2,\"b\nc\"\n"))
	f.Add([]byte("\ufeffnom;x\r\na;1"))
	f.Add([]byte(`{"type":"FeatureCollection","crs":null,"features":[{"type":"Feature","properties":{"nom":"a","b":1},"geometry":null}]}`))
	f.Add([]byte(`{"features":[],"":null}`))
	f.Add([]byte(`<?xml version="1.0"?><ows:ExceptionReport/>`))
	dir := f.TempDir()
	path, page := filepath.Join(dir, "layer"), filepath.Join(dir, "page")
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, form := range forms[:2] {
			for _, name := range []string{path, page} {
				if err := os.WriteFile(name, b, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			n, err := form.count(path)
			_ = form.sorts(path)
			if err != nil || form.extend(path, page) != nil {
				continue
			}
			if twice, err := form.count(path); form.name != "csv" && (err != nil || twice != 2*n) {
				t.Errorf("%s: %d features, then %d (%v)", form.name, n, twice, err)
			}
		}
	})
}

// Pages that do not join are no layer.
func TestPagesThatDoNotJoin(t *testing.T) {
	path := filepath.Join(t.TempDir(), "layer")
	for text, wrong := range map[string]bool{"nom\na\nb\n": false, "nom\na\n\"b\n": true} {
		for _, name := range []string{path, path + ".page"} {
			if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		l := &layer{form: forms[0]}
		n, err := l.form.count(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := l.form.extend(path, path+".page"); err != nil {
			t.Fatal(err)
		}
		if err := l.joined(path, 2*n); (err != nil) != wrong {
			t.Errorf("%q: %v", text, err)
		}
	}
}
