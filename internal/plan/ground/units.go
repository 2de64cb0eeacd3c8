package ground

import (
	"slices"
	"strings"

	"cigogne/internal/lang"
)

// units are the words for what is measured, each with the ways headers write it.
var units = map[string][]string{
	"euro": {"euro", "eur", "€"}, "metre": {"m", "metre"}, "meter": {"m", "metre"}, "centimetre": {"cm"}, "kilometre": {"km"}, "km": {"km"}, "cm": {"cm"},
	"hectare": {"ha", "hectare"}, "ha": {"ha", "hectare"}, "tonne": {"t", "tonne", "tonnage"}, "kilo": {"kg"}, "kg": {"kg"}, "gramme": {"g"}, "litre": {"l", "litre"},
	"minute": {"min", "minute", "mn"}, "heure": {"h", "heure"}, "jour": {"jour", "j"}, "mois": {"mois"}, "an": {"an", "ans", "age"},
	"kw": {"kw", "puissance"}, "kwh": {"kwh"}, "mwh": {"mwh"}, "gwh": {"gwh"}, "pourcent": {"%", "pct", "pourcentage", "taux", "tx", "part"}, "degre": {"°c", "c"},
	"habitant": {"hab", "habitant", "population", "pop"}, "inhabitant": {"hab", "habitant", "population", "pop"}, "people": {"population"}, "m2": {"m2", "m²"}, "m3": {"m3", "m³"},
}

// Measured tells whether the word after a number is a unit that a column is in:
// "20 euros", "Tarif (€)".
func (g *Ground) Measured(i, col int) bool {
	at := i + 1
	if g.Tokens[i].Scale != "" {
		at++
	}
	for ; at < len(g.Tokens) && at <= i+3; at++ {
		if t := g.Tokens[at]; !linking[t.Fold] {
			list := units[Norm(t.Fold)]
			if list == nil {
				return false
			}
			return g.Table.Columns[col].says(list)
		}
	}
	return false
}

// OfPeople tells whether a column is of inhabitants, or given for each: "Population",
// "dgf_par_hab".
func (c Column) OfPeople() bool { return c.says(units["habitant"]) }

// says tells whether the unit or the header of a column has one of some words.
func (c Column) says(words []string) bool {
	header := append(strings.Fields(lang.Fold(c.Name)), c.Words...)
	return slices.Contains(words, strings.ToLower(c.Unit)) || slices.ContainsFunc(header, func(w string) bool { return slices.Contains(words, Norm(w)) })
}
