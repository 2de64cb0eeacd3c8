package main

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// vintages are the versions of the npm package @etalab/decoupage-administratif
// that hold the communes and intercommunalities of each year.
var vintages = map[int]string{2021: "1.1.1", 2022: "2.3.1", 2023: "3.1.1", 2024: "4.1.0", 2025: "5.3.0", 2026: "6.0.0"}

const grandEst = "44"

type commune struct {
	Code, Type, Departement, Region string
	Nom                             string
	Population                      int
}

type epci struct {
	Code, Nom, Type      string
	PopulationMunicipale int
	Membres              []struct{ Code string }
}

// divisions makes the two files of communes and intercommunalities from the
// unpacked packages: dir/VERSION/package/data/{communes,epci,departements}.json.
func divisions(dir, out string) error {
	years := make([]int, 0, len(vintages))
	for y := range vintages {
		years = append(years, y)
	}
	slices.Sort(years)
	communes := [][]string{{"annee", "code_commune", "commune", "code_departement", "departement", "code_epci", "epci", "population"}}
	groups := [][]string{{"annee", "code_epci", "epci", "type", "nb_communes", "population_municipale"}}
	for _, year := range years {
		var cs []commune
		var es []epci
		var ds []struct{ Code, Nom string }
		for name, to := range map[string]any{"communes": &cs, "epci": &es, "departements": &ds} {
			b, err := os.ReadFile(filepath.Join(dir, vintages[year], "package", "data", name+".json"))
			if err != nil {
				return err
			}
			if err := json.Unmarshal(b, to); err != nil {
				return fmt.Errorf("%s of %d: %w", name, year, err)
			}
		}
		departments, here, group := map[string]string{}, map[string]bool{}, map[string]epci{}
		for _, d := range ds {
			departments[d.Code] = d.Nom
		}
		for _, c := range cs {
			here[c.Code] = here[c.Code] || c.Type == "commune-actuelle" && c.Region == grandEst // a former commune may bear the same code
		}
		slices.SortFunc(es, func(a, b epci) int { return cmp.Compare(a.Code, b.Code) })
		for _, e := range es {
			within := false
			for _, m := range e.Membres {
				group[m.Code] = e
				within = within || here[m.Code]
			}
			if within {
				groups = append(groups, []string{strconv.Itoa(year), e.Code, e.Nom, e.Type, strconv.Itoa(len(e.Membres)), strconv.Itoa(e.PopulationMunicipale)})
			}
		}
		slices.SortFunc(cs, func(a, b commune) int { return cmp.Compare(a.Code, b.Code) })
		for _, c := range cs {
			if here[c.Code] && c.Type == "commune-actuelle" {
				e := group[c.Code]
				communes = append(communes, []string{strconv.Itoa(year), c.Code, c.Nom, c.Departement, departments[c.Departement], e.Code, e.Nom, strconv.Itoa(c.Population)})
			}
		}
	}
	return errors.Join(writeCSV(filepath.Join(out, "communes-grand-est-population.csv"), communes), writeCSV(filepath.Join(out, "intercommunalites-grand-est.csv"), groups))
}

func writeCSV(path string, rows [][]string) error {
	var b strings.Builder
	w := csv.NewWriter(&b)
	if err := w.WriteAll(rows); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(b.String()), 0o644)
}
