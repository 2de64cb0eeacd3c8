// Command build makes catalog/data: the embedded tables and their profiles.
//
//	go run ./catalog/build -in DIR
//
// DIR holds three public files, under these names:
//
//	budget-region-grand-est.csv        Région Grand Est, « BUDGET - Comptes administratifs » 2016–2020,
//	                                   published on DataGrandEst, Licence Ouverte 2.0 (columns of the SCDL budget schema)
//	communes-grand-est-population.csv  annee, code_commune, commune, code_departement, departement, code_epci, epci, population:
//	                                   from @etalab/decoupage-administratif (npm) 1.1.1, 2.3.1, 3.1.1, 4.1.0, 5.3.0 and 6.0.0,
//	                                   the vintages 2021 to 2026, Licence Ouverte 2.0
//	intercommunalites-grand-est.csv    annee, code_epci, epci, type, nb_communes, population_municipale: same packages
//
// The last two are made from those packages, unpacked as DIR/VERSION/package:
//
//	for v in 1.1.1 2.3.1 3.1.1 4.1.0 5.3.0 6.0.0; do
//	  mkdir -p pkg/$v && npm pack @etalab/decoupage-administratif@$v && tar xzf etalab-*-$v.tgz -C pkg/$v
//	done
//	go run ./catalog/build -packages pkg -in DIR
//
// The accounts are summed over accounting natures; the two others are carried over whole.
package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/table"
)

func main() {
	in := flag.String("in", "", "folder of the public files")
	out := flag.String("out", "catalog/data", "folder to write")
	day := flag.String("day", time.Now().UTC().Format(time.DateOnly), "day the public files were downloaded")
	packages := flag.String("packages", "", "folder of unpacked packages: makes the two files of territories in -in from them first")
	flag.Parse()
	if *packages != "" {
		if err := divisions(*packages, *in); err != nil {
			log.Fatal(err)
		}
	}
	if err := build(context.Background(), *in, *out, *day); err != nil {
		log.Fatal(err)
	}
}

func build(ctx context.Context, in, out, day string) error {
	retrieved, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return err
	}
	tmp, err := os.MkdirTemp("", "cigogne-build-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	accounts := filepath.Join(tmp, "comptes-region.csv")
	if err := sumAccounts(filepath.Join(in, "budget-region-grand-est.csv"), accounts); err != nil {
		return fmt.Errorf("sum the accounts: %w", err)
	}
	for name, file := range map[string]string{
		"comptes_region":    accounts,
		"communes":          filepath.Join(in, "communes-grand-est-population.csv"),
		"intercommunalites": filepath.Join(in, "intercommunalites-grand-est.csv"),
	} {
		parquet := filepath.Join(out, name+".parquet")
		t, err := table.Convert(ctx, file, parquet, table.Options{Name: filepath.Base(file)})
		if err != nil {
			return fmt.Errorf("convert %s: %w", name, err)
		}
		t.ID, t.DatasetID, t.Retrieved = "embedded_"+name, "embedded-"+strings.ReplaceAll(name, "_", "-"), retrieved
		if err := writeProfile(filepath.Join(out, name+".json"), t); err != nil {
			return err
		}
		fmt.Printf("%s: %d rows, %d columns\n", name, t.Rows, len(t.Columns))
	}
	return nil
}

func writeProfile(path string, t *dataset.Table) error {
	b, err := json.Marshal(t)
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(b, '\n'), 0o644)
}

// groups are the columns the accounts are summed by; the amounts are whole euros.
var groups = []string{"BGT_ANNEE", "BGT_SECTION", "BGT_OPBUDG", "BGT_CODRD", "BGT_CONTNAT", "BGT_CONTNAT_LABEL", "BGT_FONCTION", "BGT_FONCTION_LABEL"}

const amount = "BGT_MTREAL"

func sumAccounts(from, to string) error {
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return err
	}
	at := func(name string) int { return slices.Index(rows[0], name) }
	sums := map[string]int64{}
	for _, row := range rows[1:] {
		var key []string
		for _, g := range groups {
			// The file holds one CP1252 apostrophe read as a control character.
			key = append(key, strings.ReplaceAll(row[at(g)], "\u0092", "’"))
		}
		v, err := strconv.ParseFloat(row[at(amount)], 64)
		if err != nil || v != float64(int64(v)) {
			return fmt.Errorf("amount %q is not whole euros", row[at(amount)])
		}
		sums[strings.Join(key, "\x00")] += int64(v)
	}
	keys := make([]string, 0, len(sums))
	for k := range sums {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	w, err := os.Create(to)
	if err != nil {
		return err
	}
	defer w.Close()
	out := csv.NewWriter(w)
	out.Write(append(slices.Clone(groups), amount))
	for _, k := range keys {
		out.Write(append(strings.Split(k, "\x00"), strconv.FormatInt(sums[k], 10)))
	}
	out.Flush()
	return out.Error()
}
