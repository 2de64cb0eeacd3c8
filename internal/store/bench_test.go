package store_test

import (
	"fmt"
	"strings"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/store"
)

// catalogue commits a generation of n datasets about the size of real ones.
func catalogue(b *testing.B, n int) *store.Store {
	b.Helper()
	s := open(b, b.TempDir())
	d := begin(b, s)
	_, err := d.PutDatasets(store.Portal{URL: "https://a"}, func(put func(dataset.Dataset) error) error {
		for i := range n {
			if err := put(dataset.Dataset{
				ID: fmt.Sprintf("%032x", i), Name: fmt.Sprintf("jeu-de-donnees-%d", i),
				Title:         "Comptes administratifs de la commune n° " + fmt.Sprint(i),
				Description:   strings.Repeat("Montants votés et réalisés, en euros. ", 20),
				Keywords:      []string{"budget", "finances publiques", "comptes"},
				Distributions: []dataset.Distribution{{ID: fmt.Sprint(i), URL: "https://exemple.fr/fichier.csv", Format: "csv"}},
			}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	commit(b, d)
	return s
}

func current(b *testing.B, s *store.Store) *store.Generation {
	again, err := store.Open(s.Dir(), store.Read)
	if err != nil {
		b.Fatal(err)
	}
	g, err := again.Current()
	if err != nil {
		b.Fatal(err)
	}
	return g
}

func BenchmarkReadDatasets(b *testing.B) {
	s := catalogue(b, 7500)
	for b.Loop() {
		n := 0
		for _, err := range current(b, s).Datasets() {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != 7500 {
			b.Fatal(n)
		}
	}
}

func BenchmarkFindDataset(b *testing.B) {
	s := catalogue(b, 7500)
	for b.Loop() {
		found, err := current(b, s).Dataset("jeu-de-donnees-4321")
		if err != nil || len(found) != 1 {
			b.Fatal(found, err)
		}
	}
}
