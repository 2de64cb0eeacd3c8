package main

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

const (
	grandEst = "44" // the region, in the official geographic code
	current  = "commune-actuelle"
)

type commune struct {
	Code, Type, Departement, Region, Nom string
	Arrondissement, ChefLieu, Siren      string
	CodesPostaux                         []string
	Population                           int
}

type epci struct {
	Code, Nom, Type string
	Membres         []member
}

type member struct {
	Code, Siren          string
	PopulationMunicipale int
}

// division is an arrondissement or a department. Liaison says how a French
// sentence goes on to its name (de, d', du …).
type division struct {
	Code, Nom, Region string
	TypeLiaison       int
}

// divisions are the territories of one year.
type divisions struct {
	year            int
	communes        []commune // of the region alone, by code
	parts           []commune // of those: associated and delegated communes
	epcis           []epci    // with a commune of the region, by code
	arrondissements map[string]division
	departments     map[string]string
	people          map[string]int  // commune of France → municipal population in force that year
	group           map[string]epci // commune → its intercommunality
}

// borrowed is the last year whose communes.json carries the population in force
// in the year after it. Until then the members of epci.json bear the population
// in force in their own year. The epci.json of the year after is this year's
// byte for byte, so that there the communes bear it, and the memberships are old.
const borrowed = 2025

func readDivisions(dir string, v vintage) (*divisions, error) {
	p, err := readPackage(dir, v)
	if err != nil {
		return nil, err
	}
	d := &divisions{year: v.Year, arrondissements: map[string]division{}, departments: map[string]string{}, people: map[string]int{}, group: map[string]epci{}}
	for _, x := range p.departments {
		d.departments[x.Code] = x.Nom
	}
	for _, x := range p.arrondissements {
		d.arrondissements[x.Code] = x
	}
	here := d.addCommunes(p.communes)
	d.addGroups(p.epcis, here)
	slices.SortFunc(d.communes, func(a, b commune) int { return cmp.Compare(a.Code, b.Code) })
	slices.SortFunc(d.epcis, func(a, b epci) int { return cmp.Compare(a.Code, b.Code) })
	return d, d.check(v)
}

// divided is what the package of one year holds of all of France.
type divided struct {
	communes                     []commune
	epcis                        []epci
	departments, arrondissements []division
}

func readPackage(dir string, v vintage) (p divided, err error) {
	packed, err := read(dir, v.file(), v.SHA256)
	if err != nil {
		return p, err
	}
	files, err := unpack(packed)
	if err != nil {
		return p, err
	}
	for name, to := range map[string]any{"communes.json": &p.communes, "epci.json": &p.epcis, "departements.json": &p.departments, "arrondissements.json": &p.arrondissements} {
		if err := files.decode(name, to); err != nil {
			return p, fmt.Errorf("%s: %w", v.file(), err)
		}
	}
	return p, nil
}

// addCommunes keeps the communes of the region and their parts, and the people of
// all where these files have them; here are the region's by code.
func (d *divisions) addCommunes(all []commune) (here map[string]bool) {
	here = map[string]bool{}
	for _, c := range all {
		if c.Region == grandEst && c.Type == current {
			d.communes, here[c.Code] = append(d.communes, c), true
		}
		if d.year > borrowed && c.Type == current {
			d.people[c.Code] = c.Population
		}
	}
	for _, c := range all {
		if c.Type != current && here[c.ChefLieu] {
			d.parts = append(d.parts, c)
		}
	}
	return here
}

// addGroups keeps the intercommunalities with a commune of the region, and which one
// each commune is of.
func (d *divisions) addGroups(all []epci, here map[string]bool) {
	for _, e := range all {
		within := false
		for _, m := range e.Membres {
			within = within || here[m.Code]
			d.group[m.Code] = e
			if d.year <= borrowed {
				d.people[m.Code] = m.PopulationMunicipale
			}
		}
		if within {
			d.epcis = append(d.epcis, e)
		}
	}
}

// check holds what was read against what the package held when the catalogue
// was made.
func (d *divisions) check(v vintage) error {
	sum := 0
	for _, c := range d.communes {
		n, ok := d.people[c.Code]
		if !ok {
			return fmt.Errorf("%s: %s (%s) has no population in force in %d", v.file(), c.Nom, c.Code, v.Year)
		}
		sum += n
	}
	for _, e := range d.epcis {
		for _, m := range e.Membres {
			if _, ok := d.people[m.Code]; !ok {
				return fmt.Errorf("%s: %s holds commune %s, which has no population in %d", v.file(), e.Nom, m.Code, v.Year)
			}
		}
	}
	return differs(v.file(), map[string]int{"communes": len(d.communes), "epci": len(d.epcis), "population": sum},
		map[string]int{"communes": v.Communes, "epci": v.EPCI, "population": v.Population})
}

// history is the divisions of every year, oldest first, and what follows from
// them together: a territory bears in every row the name it has now.
type history struct {
	years    []*divisions
	communes map[string]commune // as of the last year that has them
	names    map[string]string  // code of a commune or an intercommunality → its latest name
	into     map[string]string  // commune that is gone → the one it is part of
	sirens   map[string]string
	aliases  map[string]string // of inputs.Named
}

func readHistory(dir string, in *inputs) (*history, error) {
	h := &history{communes: map[string]commune{}, names: map[string]string{}, into: maps.Clone(in.Into), sirens: map[string]string{}, aliases: in.Named}
	for _, v := range in.Package {
		d, err := readDivisions(dir, v)
		if err != nil {
			return nil, err
		}
		h.years = append(h.years, d)
		for _, e := range d.epcis {
			h.names[e.Code] = e.Nom
			for _, m := range e.Membres {
				h.sirens[m.Code] = cmp.Or(m.Siren, h.sirens[m.Code])
			}
		}
		for _, c := range d.communes {
			h.communes[c.Code], h.names[c.Code] = c, c.Nom
			h.sirens[c.Code] = cmp.Or(c.Siren, h.sirens[c.Code])
		}
	}
	for _, c := range h.last().parts {
		if _, ok := h.communes[c.Code]; ok && c.Code != c.ChefLieu {
			h.into[c.Code] = c.ChefLieu
		}
	}
	for code, c := range h.communes {
		if _, ok := h.heir(code); !ok {
			return nil, fmt.Errorf("%s (%s) is gone, and neither a package nor inputs.toml says what it is part of", c.Nom, code)
		}
	}
	return h, nil
}

func (h *history) last() *divisions { return h.years[len(h.years)-1] }

// heir is the commune of the last year that holds the territory of another.
func (h *history) heir(code string) (commune, bool) {
	for range 5 { // of mergers after mergers
		if next, ok := h.into[code]; ok {
			code = next
			continue
		}
		at, ok := slices.BinarySearchFunc(h.last().communes, code, func(c commune, code string) int { return cmp.Compare(c.Code, code) })
		if !ok {
			return commune{}, false
		}
		return h.last().communes[at], true
	}
	return commune{}, false
}

// tables writes the two files of communes and intercommunalities.
func (h *history) tables(dir string) error {
	communes := [][]string{{"annee", "code_commune", "commune", "code_departement", "departement", "arrondissement", "code_epci", "epci", "codes_postaux", "siren", "population"}}
	groups := [][]string{{"annee", "code_epci", "epci", "type", "nb_communes", "population_municipale"}}
	for _, d := range h.years {
		year := strconv.Itoa(d.year)
		for _, c := range d.communes {
			now, _ := h.heir(c.Code)
			latest, e := h.communes[c.Code], d.group[c.Code]
			slices.Sort(latest.CodesPostaux)
			communes = append(communes, []string{year, c.Code, latest.Nom, c.Departement, d.departments[c.Departement], h.last().arrondissements[now.Arrondissement].named(),
				e.Code, h.names[e.Code], strings.Join(latest.CodesPostaux, ", "), h.sirens[c.Code], strconv.Itoa(d.people[c.Code])})
		}
		for _, e := range d.epcis {
			sum := 0
			for _, m := range e.Membres {
				sum += d.people[m.Code]
			}
			groups = append(groups, []string{year, e.Code, h.names[e.Code], e.Type, strconv.Itoa(len(e.Membres)), strconv.Itoa(sum)})
		}
	}
	if err := writeCSV(filepath.Join(dir, "communes.csv"), communes); err != nil {
		return err
	}
	return writeCSV(filepath.Join(dir, "intercommunalites.csv"), groups)
}

// named writes an arrondissement out, so that it is not taken for the commune
// it is called after.
func (a division) named() string {
	link := [...]string{"de ", "d'", "du ", "de la ", "des ", "de l'", "des ", "de las ", "de los "}
	return "Arrondissement " + link[min(a.TypeLiaison, len(link)-1)] + a.Nom
}

func writeCSV(path string, rows [][]string) error {
	var b strings.Builder
	w := csv.NewWriter(&b)
	if err := w.WriteAll(rows); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(b.String()), 0o644)
}
