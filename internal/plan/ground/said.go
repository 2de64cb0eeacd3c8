package ground

import (
	"fmt"
	"regexp"
	"strconv"
)

// Ways that files write a month, a quarter and an hour, whose cells are texts.
var (
	yearMonth   = regexp.MustCompile(`^(\d{4})[-/.](0[1-9]|1[0-2])$`)
	monthYear   = regexp.MustCompile(`^(0[1-9]|1[0-2])[-/.](\d{4})$`)
	yearQuarter = regexp.MustCompile(`^(\d{4})[-/. ]?[TQ]([1-4])$`)
	quarterYear = regexp.MustCompile(`^[TQ]([1-4])[-/. ](\d{4})$`)
	hour        = regexp.MustCompile(`^(\d{1,2})[:hH](\d{2})$`)
)

// saidAs lists how people say what a cell writes in digits: "2024-01" is "janvier
// 2024", "2023-T2" the "2e trimestre 2023", "19:30" is "19h30".
func saidAs(cell string) []string {
	switch {
	case yearMonth.MatchString(cell):
		m := yearMonth.FindStringSubmatch(cell)
		return months12(m[2], m[1])
	case monthYear.MatchString(cell):
		m := monthYear.FindStringSubmatch(cell)
		return months12(m[1], m[2])
	case yearQuarter.MatchString(cell):
		m := yearQuarter.FindStringSubmatch(cell)
		return quarters(m[2], m[1])
	case quarterYear.MatchString(cell):
		m := quarterYear.FindStringSubmatch(cell)
		return quarters(m[1], m[2])
	case hour.MatchString(cell):
		m := hour.FindStringSubmatch(cell)
		h, _ := strconv.Atoi(m[1]) // two digits
		out := []string{fmt.Sprintf("%dh%s", h, m[2]), fmt.Sprintf("%02dh%s", h, m[2])}
		if m[2] == "00" {
			out = append(out, fmt.Sprintf("%dh", h), fmt.Sprintf("%d heures", h))
		}
		return out
	}
	return nil
}

// months12 are the names of a month, 01 to 12, with its year.
func months12(month, year string) []string {
	lex, err := words()
	if err != nil {
		return nil
	}
	n, _ := strconv.Atoi(month) // two digits
	var out []string
	for w, phrases := range lex {
		for _, p := range phrases {
			if p.sense == months && len(p.words) == 1 && int(p.value) == n {
				out = append(out, w+" "+year)
			}
		}
	}
	return out
}

// quarters are the names of a quarter, 1 to 4, with its year.
func quarters(quarter, year string) []string {
	ordinal := map[string][]string{"1": {"1er", "premier", "1st", "first"}, "2": {"2e", "2eme", "deuxieme", "second", "2nd"}, "3": {"3e", "3eme", "troisieme", "3rd", "third"}, "4": {"4e", "4eme", "quatrieme", "4th", "fourth"}}
	out := []string{"T" + quarter + " " + year, "Q" + quarter + " " + year}
	for _, o := range ordinal[quarter] {
		out = append(out, o+" trimestre "+year, o+" trimestre de "+year, o+" quarter "+year)
	}
	return out
}
