package main

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"cigogne/internal/lang"
)

// maker turns a public file into a table of a folder; h names the communes as
// they are called now.
type maker func(h *history, f publicFile, b []byte, dir string) error

// makers are the public files' by name.
var makers = map[string]maker{
	"budget-region-grand-est.csv":         sumAccounts,
	"finances_regions.csv":                regionsFinances,
	"frequentation_gares_sncf.csv":        stations,
	"frequentation_musees_2019_2021.csv":  visitors,
	"musees_de_france_2022.csv":           museums,
	"sites_patrimoniaux_remarquables.csv": heritage,
	"sites_baignade_2024.csv":             bathing,
}

// sheet reads cells of a record by the names of its file's header.
type sheet struct {
	at  map[string]int
	err error // the first column that is not there
}

func newSheet(header []string) *sheet {
	s := &sheet{at: map[string]int{}}
	for i, name := range header {
		s.at[strings.Join(strings.Fields(name), " ")] = i
	}
	return s
}

func (s *sheet) cell(row []string, name string) string {
	i, ok := s.at[name]
	if !ok {
		s.err = cmp.Or(s.err, fmt.Errorf("no column %q", name))
		return ""
	}
	return strings.TrimSpace(row[i])
}

// whole writes an amount of the file ("650519000.0") as a whole number.
func whole(s string) (string, error) {
	if s == "" {
		return "", nil
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || v != float64(int64(v)) {
		return "", fmt.Errorf("%q is not a whole number", s)
	}
	return strconv.FormatInt(int64(v), 10), nil
}

// place is a commune as a file names it, as it is called now.
type place struct{ code, name, department string }

// placed finds the commune of the region that a file names in a department:
// without regard to case and accents, "SEDAN Cedex" too, by a former name too.
func (h *history) placed(name, department string) (place, error) {
	folded := strings.TrimSuffix(lang.Fold(name), " cedex")
	code, ok := h.aliases[name]
	for _, c := range h.last().communes {
		if h.last().departments[c.Departement] == department && lang.Fold(c.Nom) == folded {
			code, ok = c.Code, true
		}
	}
	for _, d := range h.years {
		for _, c := range d.parts {
			if !ok && d.departments[c.Departement] == department && lang.Fold(c.Nom) == folded {
				code, ok = c.ChefLieu, true
			}
		}
	}
	if !ok {
		return place{}, fmt.Errorf("no commune %q in %s", name, department)
	}
	return h.coded(code)
}

// coded finds the commune that holds the territory of a code now.
func (h *history) coded(code string) (place, error) {
	c, ok := h.heir(code)
	if !ok {
		for _, p := range h.last().parts {
			if p.Code == code {
				c, ok = h.heir(p.ChefLieu)
			}
		}
	}
	if !ok {
		return place{}, fmt.Errorf("no commune of code %q", code)
	}
	return place{c.Code, c.Nom, h.last().departments[c.Departement]}, nil
}

// department finds a department of the region by its name in any writing.
func (h *history) department(name string) (string, error) {
	for code, proper := range h.last().departments {
		if lang.Fold(proper) == lang.Fold(name) && h.holds(code) {
			return proper, nil
		}
	}
	return "", fmt.Errorf("no department %q in the region", name)
}

// holds tells whether a department is of the region.
func (h *history) holds(department string) bool {
	return slices.ContainsFunc(h.last().communes, func(c commune) bool { return c.Departement == department })
}

// stations writes the years of the file, which has a column each, as rows.
func stations(h *history, f publicFile, b []byte, dir string) error {
	rows, err := records(f, b, ';')
	if err != nil {
		return err
	}
	s := newSheet(rows[0])
	kinds := map[string]string{"A": "nationale", "B": "régionale", "C": "locale"}
	out := [][]string{{"annee", "code_uic", "gare", "departement", "categorie", "voyageurs"}}
	for _, row := range rows[1:] {
		postcode := fmt.Sprintf("%05s", s.cell(row, "Code postal")) // the file lost their first zero
		department, err := h.department(h.last().departments[postcode[:2]])
		if err != nil {
			continue // another region
		}
		name := s.cell(row, "Nom de la gare")
		for year := 2015; year <= 2023; year++ {
			n, err := whole(s.cell(row, fmt.Sprintf("Total Voyageurs %d", year)))
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			out = append(out, []string{strconv.Itoa(year), s.cell(row, "Code UIC"), name, department, kinds[s.cell(row, "Segmentation DRG")], n})
		}
	}
	return cmp.Or(s.err, writeCSV(filepath.Join(dir, "gares.csv"), out))
}

// visitors names each museum as its latest year does.
func visitors(h *history, f publicFile, b []byte, dir string) error {
	rows, err := records(f, b, ';')
	if err != nil {
		return err
	}
	s := newSheet(rows[0])
	latest := map[string][]string{}
	for _, row := range rows[1:] {
		id := s.cell(row, "ID MUSEOFILE")
		if old := latest[id]; old == nil || s.cell(old, "ANNEE") < s.cell(row, "ANNEE") {
			latest[id] = row
		}
	}
	out := [][]string{{"annee", "identifiant", "musee", "commune", "code_commune", "departement", "entrees_payantes", "entrees_gratuites", "entrees", "ferme"}}
	for _, row := range rows[1:] {
		department, err := h.department(s.cell(row, "DEPARTEMENT"))
		if lang.Fold(s.cell(row, "REGION")) != "grand est" {
			continue
		}
		if err != nil {
			return err
		}
		p, err := h.placed(s.cell(row, "VILLE"), department)
		if err != nil {
			return err
		}
		id := s.cell(row, "ID MUSEOFILE")
		closed := ""
		if s.cell(row, "NOTE") == "F" {
			closed = "fermé"
		}
		out = append(out, []string{s.cell(row, "ANNEE"), id, s.cell(latest[id], "NOM DU MUSEE"), p.name, p.code, p.department, s.cell(row, "PAYANT"), s.cell(row, "GRATUIT"), s.cell(row, "TOTAL"), closed})
	}
	return cmp.Or(s.err, writeCSV(filepath.Join(dir, "frequentation_musees.csv"), sorted(out)))
}

func museums(h *history, f publicFile, b []byte, dir string) error {
	rows, err := records(f, b, ';')
	if err != nil {
		return err
	}
	s := newSheet(rows[0])
	out := [][]string{{"identifiant", "musee", "commune", "code_commune", "departement", "adresse", "code_postal", "site"}}
	for _, row := range rows[1:] {
		if s.cell(row, "Région administrative") != "Grand Est" {
			continue
		}
		p, err := h.placed(s.cell(row, "Commune"), s.cell(row, "Département"))
		if err != nil {
			return err
		}
		out = append(out, []string{s.cell(row, "Identifiant Muséofile"), s.cell(row, "Nom officiel du musée"), p.name, p.code, p.department, cmp.Or(s.cell(row, "Adresse"), s.cell(row, "Lieu")), s.cell(row, "Code Postal"), s.cell(row, "URL")})
	}
	return cmp.Or(s.err, writeCSV(filepath.Join(dir, "musees.csv"), sorted(out)))
}

func heritage(h *history, f publicFile, b []byte, dir string) error {
	rows, err := records(f, b, ';')
	if err != nil {
		return err
	}
	s := newSheet(rows[0])
	out := [][]string{{"numero", "site", "commune", "code_commune", "departement", "autres_communes", "regime_initial", "date_creation", "plan", "etat_du_plan", "date_plan"}}
	for _, row := range rows[1:] {
		if s.cell(row, "Région") != "GRAND EST" {
			continue
		}
		p, err := h.coded(s.cell(row, "Code INSEE"))
		if err != nil {
			return err
		}
		if s.cell(row, "Nombre de SPR") == "" {
			continue // another commune or plan of a site, or none yet
		}
		number := s.cell(row, "numéro du SPR")
		out = append(out, []string{number, p.name + " (" + number + ")", p.name, p.code, p.department, s.cell(row, "Autres communes dans le SPR"), s.cell(row, "SPR initial (régime de création)"), s.cell(row, "SPR initial (date de création)"),
			s.cell(row, "Type de plan en vigueur"), s.cell(row, "Evolution du type de plan"), s.cell(row, "Date du plan en vigueur")})
	}
	return cmp.Or(s.err, writeCSV(filepath.Join(dir, "sites_patrimoniaux.csv"), sorted(out)))
}

func bathing(h *history, f publicFile, b []byte, dir string) error {
	rows, err := records(f, b, ';')
	if err != nil {
		return err
	}
	s := newSheet(rows[0])
	out := [][]string{{"identifiant", "site", "commune", "code_commune", "departement", "type_eau", "declare_le", "longitude", "latitude"}}
	for _, row := range rows[1:] {
		if s.cell(row, "Région") != "Grand Est" {
			continue
		}
		p, err := h.coded(fmt.Sprintf("%05s", s.cell(row, "Code INSEE de la commune"))) // the file lost their first zero
		if err != nil {
			return err
		}
		out = append(out, []string{s.cell(row, "Code unique d'identification du site de baignade"), s.cell(row, "Nom du site de baignade"), p.name, p.code, p.department, s.cell(row, "Type d'eau"), s.cell(row, "Date déclaration UE"),
			strings.ReplaceAll(s.cell(row, "Longitude (ETRS 89)"), ",", "."), strings.ReplaceAll(s.cell(row, "Latitude (ETRS 89)"), ",", ".")})
	}
	return cmp.Or(s.err, writeCSV(filepath.Join(dir, "baignades.csv"), sorted(out)))
}

// sorted puts the rows below the header in order, so that a build says the same
// whatever the file's own.
func sorted(rows [][]string) [][]string {
	slices.SortFunc(rows[1:], slices.Compare)
	return rows
}
