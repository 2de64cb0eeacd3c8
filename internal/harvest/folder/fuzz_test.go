package folder_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest"
	"cigogne/internal/harvest/folder"
)

// FuzzRecords reads a saved answer of any dialect.
func FuzzRecords(f *testing.F) {
	archives, _ := filepath.Glob("testdata/variants/*.txtar")
	for _, path := range archives {
		if a, err := txtar.ParseFile(path); err == nil {
			for i := 0; i < len(a.Files); i += 2 {
				f.Add(a.Files[i].Data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		all, _, err := folder.Records(b, "https://portail.exemple.fr")
		if err != nil {
			return
		}
		for _, d := range all {
			if d.ID == "" || d.Title == "" {
				t.Errorf("a dataset without ID or title: %+v", d)
			}
		}
	})
}

// FuzzDescribed reads a folder whose file of metadata may say anything.
func FuzzDescribed(f *testing.F) {
	f.Add([]byte("[[dataset]]\nfile = \"a.csv\"\ntitle = \"A\"\nperiod = { start = \"2020\" }\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		dir := t.TempDir()
		for name, text := range map[string][]byte{"datasets.toml": b, "a.csv": []byte("a;b\n1;2\n")} {
			if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		s, err := folder.New(dir)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		_, err = s.Harvest(t.Context(), harvest.Sink{Put: func(d dataset.Dataset) error {
			if n++; d.Title == "" || len(d.Distributions) != 1 {
				t.Errorf("%+v", d)
			}
			return nil
		}})
		if err == nil && n != 1 {
			t.Errorf("%d tables of one", n)
		}
	})
}
