// Command build makes catalog/data, the embedded tables and their profiles, and
// the register of internal/territory.
//
//	go run ./catalog/build -in DIR
//
// DIR holds the public files that inputs.toml names, each with its SHA-256 and
// what it holds; a build from others stops and says what differs. They are
//
//	budget-region-grand-est.csv  Région Grand Est, « BUDGET - Comptes administratifs » 2016–2020,
//	                             published on DataGrandEst, Licence Ouverte 2.0 (columns of the SCDL budget schema)
//	etalab-decoupage-administratif-VERSION.tgz
//	                             as `npm pack @etalab/decoupage-administratif@VERSION` leaves them, Licence Ouverte
//	the others                   public copies of files of the State, of the SNCF and of museums, each with its source
//
// The accounts are summed over accounting natures.
//
//	go run ./catalog/build -facts
//
// finds anew what each table is (key, totals, what adds up, kinds) from its Parquet
// file, after what tells that was changed; a test holds the profiles to it.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/table"
)

func main() {
	in := flag.String("in", "", "folder of the public files")
	out := flag.String("out", "catalog/data", "folder to write")
	day := flag.String("day", time.Now().UTC().Format(time.DateOnly), "day the public files were downloaded")
	units := flag.String("units", "internal/territory", "folder to write the register of territories to")
	facts := flag.Bool("facts", false, "only find what the tables in -out are, from their Parquet files")
	flag.Parse()
	if *facts {
		if err := addFacts(context.Background(), *out); err != nil {
			log.Fatal(err)
		}
		return
	}
	if err := build(context.Background(), *in, *out, *units, *day); err != nil {
		log.Fatal(err)
	}
}

func build(ctx context.Context, in, out, units, day string) error {
	retrieved, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return err
	}
	tmp, err := os.MkdirTemp("", "cigogne-build-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	wanted, err := readInputs(declared)
	if err != nil {
		return err
	}
	h, err := readHistory(in, wanted)
	if err != nil {
		return err
	}
	if err := h.tables(tmp); err != nil {
		return err
	}
	for _, f := range wanted.File {
		b, err := read(in, f.Name, f.SHA256)
		if err != nil {
			return err
		}
		if f.Name == outlinesPackage {
			err = h.outlines(f, b, out)
		} else {
			err = makers[f.Name](h, f, b, tmp)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	files, err := filepath.Glob(filepath.Join(tmp, "*.csv"))
	if err != nil {
		return err
	}
	for _, file := range files {
		if err := convert(ctx, file, out, retrieved); err != nil {
			return err
		}
	}
	return h.register(units)
}

// convert writes a table made of public files, and its profile.
func convert(ctx context.Context, file, out string, retrieved time.Time) error {
	name := strings.TrimSuffix(filepath.Base(file), ".csv")
	t, err := table.Convert(ctx, file, filepath.Join(out, name+".parquet"), table.Options{Name: filepath.Base(file)})
	if err != nil {
		return fmt.Errorf("convert %s: %w", name, err)
	}
	for i := range t.Columns {
		if slices.Contains(numbers, t.Columns[i].Name) {
			t.Columns[i].Values = nil
		}
	}
	t.ID, t.DatasetID, t.Retrieved = "embedded_"+name, "embedded-"+strings.ReplaceAll(name, "_", "-"), retrieved
	if err := writeProfile(filepath.Join(out, name+".json"), t); err != nil {
		return err
	}
	fmt.Printf("%s: %d rows, %d columns\n", name, t.Rows, len(t.Columns))
	return nil
}

// numbers are columns whose cells no question names: internal/territory knows
// which commune each is of. Their profiles would be half of all.
var numbers = []string{"siren", "codes_postaux"}

func writeProfile(path string, t *dataset.Table) error {
	b, err := json.Marshal(t)
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(b, '\n'), 0o644)
}

// addFacts writes what each embedded table is, found from its Parquet file, into its
// profile, and nothing else: for profiles older than a fact, whose public files are
// not at hand.
func addFacts(ctx context.Context, dir string) error {
	profiles, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return err
	}
	for _, path := range profiles {
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var t dataset.Table
		if err := json.Unmarshal(b, &t); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if err := factsOf(ctx, strings.TrimSuffix(path, ".json")+".parquet", &t); err != nil {
			return err
		}
		if err := writeProfile(path, &t); err != nil {
			return err
		}
	}
	return nil
}

// factsOf finds the facts of a profile anew from its Parquet file.
func factsOf(ctx context.Context, parquet string, t *dataset.Table) error {
	tmp, err := os.MkdirTemp("", "cigogne-facts-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	found, err := table.Convert(ctx, parquet, filepath.Join(tmp, "table.parquet"), table.Options{Name: filepath.Base(parquet)})
	if err != nil {
		return fmt.Errorf("read %s: %w", parquet, err)
	}
	t.Key, t.Duplicates = found.Key, found.Duplicates
	for i := range t.Columns {
		c, f := &t.Columns[i], found.Column(t.Columns[i].Name)
		if f == nil {
			return fmt.Errorf("%s has no column %q", parquet, c.Name)
		}
		c.Kind, c.Additivity, c.Why, c.Ratio = f.Kind, f.Additivity, f.Why, f.Ratio
		c.Within, c.Totals, c.Whole, c.Levels = f.Within, f.Totals, f.Whole, f.Levels
	}
	return nil
}
