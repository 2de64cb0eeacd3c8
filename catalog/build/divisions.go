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
	Membres              []member
}

type member struct {
	Code                 string
	PopulationMunicipale int
}

// borrowed is the last year whose communes.json carries the population in force
// in the year after it. Until then the members of epci.json bear the population
// in force in their own year. The epci.json of the year after is this year's
// byte for byte, so that there the communes bear it, and the memberships are old.
const borrowed = 2025

// populations gives the municipal population in force in the year, of every
// commune of France that is in an intercommunality or listed by itself.
func populations(year int, cs []commune, es []epci) map[string]int {
	in := map[string]int{}
	if year > borrowed {
		for _, c := range cs {
			if c.Type == "commune-actuelle" {
				in[c.Code] = c.Population
			}
		}
		return in
	}
	for _, e := range es {
		for _, m := range e.Membres {
			in[m.Code] = m.PopulationMunicipale
		}
	}
	return in
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
		people := populations(year, cs, es)
		slices.SortFunc(es, func(a, b epci) int { return cmp.Compare(a.Code, b.Code) })
		for _, e := range es {
			within, sum := false, 0
			for _, m := range e.Membres {
				group[m.Code] = e
				within = within || here[m.Code]
				n, ok := people[m.Code]
				if !ok {
					return fmt.Errorf("epci.json of %d: %s holds commune %s, which has no population", year, e.Nom, m.Code)
				}
				sum += n
			}
			if within {
				groups = append(groups, []string{strconv.Itoa(year), e.Code, e.Nom, e.Type, strconv.Itoa(len(e.Membres)), strconv.Itoa(sum)})
			}
		}
		slices.SortFunc(cs, func(a, b commune) int { return cmp.Compare(a.Code, b.Code) })
		for _, c := range cs {
			if here[c.Code] && c.Type == "commune-actuelle" {
				e := group[c.Code]
				n, ok := people[c.Code]
				if !ok {
					return fmt.Errorf("communes.json of %d: %s (%s) has no population in force that year", year, c.Nom, c.Code)
				}
				communes = append(communes, []string{strconv.Itoa(year), c.Code, c.Nom, c.Departement, departments[c.Departement], e.Code, e.Nom, strconv.Itoa(n)})
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
