package fetch

import (
	"os"
	"path/filepath"
	"testing"
)

// FuzzForms has a page of features counted, sorted and added to itself in each
// form: what is counted must be what is there once it is twice as long.
func FuzzForms(f *testing.F) {
	f.Add([]byte("FID,nom\n1,a\n2,\"b\nc\"\n"))
	f.Add([]byte("\ufeffnom;x\r\na;1"))
	f.Add([]byte(`{"type":"FeatureCollection","crs":null,"features":[{"type":"Feature","properties":{"nom":"a","b":1},"geometry":null}]}`))
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
			if twice, err := form.count(path); err != nil || twice < n {
				t.Errorf("%s: %d features, then %d (%v)", form.name, n, twice, err)
			}
		}
	})
}
