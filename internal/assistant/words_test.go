package assistant

import (
	"io/fs"
	"reflect"
	"testing"

	"github.com/BurntSushi/toml"

	"cigogne/internal/lang"
)

// Each language has each list, and no other; each word is written as it compares.
func TestWordFiles(t *testing.T) {
	paths, err := fs.Glob(wordFiles, "words/*.toml")
	if err != nil || len(paths) < 2 {
		t.Fatalf("%d files, %v", len(paths), err)
	}
	for _, path := range paths {
		t.Run(path, func(t *testing.T) {
			b, err := wordFiles.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var v vocabulary
			meta, err := toml.Decode(string(b), &v)
			if err != nil || len(meta.Undecoded()) > 0 {
				t.Fatalf("%v, unknown lists %v", err, meta.Undecoded())
			}
			for i, x := range v.lists() {
				if len(*x.words) == 0 {
					t.Errorf("list %d is empty", i)
				}
				for _, w := range *x.words {
					if fold := lang.Fold(w); fold != w && fold+" " != w {
						t.Errorf("%q compares as %q", w, fold)
					}
				}
			}
		})
	}
	if n := reflect.TypeFor[vocabulary]().NumField(); n != len((&vocabulary{}).lists()) {
		t.Errorf("%d fields, %d lists", n, len((&vocabulary{}).lists()))
	}
}
