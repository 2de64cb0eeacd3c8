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
	flag.Parse()
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
		name := strings.TrimSuffix(filepath.Base(file), ".csv")
		parquet := filepath.Join(out, name+".parquet")
		t, err := table.Convert(ctx, file, parquet, table.Options{Name: filepath.Base(file)})
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
	}
	return h.register(units)
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
