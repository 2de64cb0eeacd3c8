package rules

import (
	"slices"
	"strconv"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
)

// unitNames maps what people and headers call a unit, folded, to one short name of it.
var unitNames = func() map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(`
m metre metres meter meters
km kilometre kilometres kilometer kilometers kms
cm centimetre centimetres centimeter centimeters
mm millimetre millimetres millimeter millimeters
ft feet foot pied pieds
in inch inches pouce pouces
mi mile miles
yd yard yards
kg kilo kilos kilogram kilograms kilogramme kilogrammes
g gramme grammes gram grams
lb lbs pound pounds livre livres
t tonne tonnes ton tons
km2 km² sqkm
m2 m² sqm
ha hectare hectares
ac acre acres
l litre litres liter liters
hl hectolitre hectolitres
min minute minutes mn mins
h heure heures hour hours hrs
s sec seconde secondes second seconds secs
rpm
mph
kph kmh
kn knot knots noeud noeuds
hp
mw megawatt megawatts
kw kilowatt kilowatts
gw gigawatt gigawatts
kwh
mwh
gwh
mhz megahertz
khz kilohertz
gb go
mb mo
tb
eur euro euros €
usd dollar dollars $
gbp £
pct percent % pourcent
db decibel decibels
ppm
degree degrees degre degres
ly
`) {
		words := strings.Fields(line)
		for _, w := range words {
			out[w] = words[0]
		}
	}
	return out
}()

// findUnits notes which columns are measured in which unit, by their headers
// ("Elevation (ft)", "Part %") and by what follows the number in their cells.
func (s *schema) findUnits() {
	s.units = map[string][]int{}
	add := func(name string, col int) {
		if u := unitNames[name]; u != "" && !slices.Contains(s.units[u], col) {
			s.units[u] = append(s.units[u], col)
		}
	}
	for i, c := range s.t.Columns {
		if !c.Type.Numeric() && !s.cells[i].number {
			continue
		}
		for _, sign := range []string{"%", "€", "$", "£", "km²", "m²"} {
			if strings.Contains(strings.ToLower(c.Name), sign) {
				add(sign, i)
			}
		}
		if words := headerWords(c.Name); len(words) > 1 {
			for _, w := range words[1:] {
				if len(w) > 1 || strings.Contains(c.Name, "("+w+")") {
					add(w, i)
				}
			}
		}
		if c.Unit != "" {
			add(strings.ToLower(c.Unit), i)
		}
		if c.Type == dataset.Text {
			for _, v := range c.Values[:min(len(c.Values), 20)] {
				add(unitAfterNumber(v.Text), i)
			}
		}
	}
}

// unitAfterNumber is the word or sign right after the first number of a text.
func unitAfterNumber(text string) string {
	at := strings.IndexAny(text, "0123456789")
	if at < 0 {
		return ""
	}
	if at > 0 && strings.ContainsAny(text[:at], "$£€") {
		return strings.Trim(text[:at], " +-~")
	}
	rest := strings.TrimLeft(text[at:], "0123456789., \u00a0\u202f")
	if rest == "" {
		return ""
	}
	if r := []rune(rest)[0]; strings.ContainsRune("%€$£", r) {
		return string(r)
	}
	end := strings.IndexFunc(rest, func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '²') })
	if end < 0 {
		end = len(rest)
	}
	return strings.ToLower(rest[:end])
}

// splitUnits cuts "193m" into its number and its unit, where some column is
// measured in it. Tokens keep their places in the question.
func (s *schema) splitUnits(tokens []token, l lang.Lang) []token {
	var out []token
	for _, t := range tokens {
		at := strings.IndexFunc(t.Text, func(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' })
		if t.isNum || at < 1 || t.Text[0] < '0' || t.Text[0] > '9' || len(s.units[unitNames[strings.ToLower(t.Text[at:])]]) == 0 {
			out = append(out, t)
			continue
		}
		v, ok := lang.ParseNumber(t.Text[:at], l)
		if !ok {
			out = append(out, t)
			continue
		}
		n, u := t, t
		n.Text, n.End, n.num, n.isNum, n.Fold = t.Text[:at], t.Start+at, v, true, strconv.FormatFloat(v, 'f', -1, 64)
		n.norm = n.Fold
		u.Text, u.Start, u.Fold, u.norm = t.Text[at:], t.Start+at, strings.ToLower(t.Text[at:]), strings.ToLower(t.Text[at:])
		out = append(out, n, u)
	}
	return out
}

// unit returns the columns measured in the unit that span i is, right after a
// number; nil where it is none.
func (r *reader) unit(i int) []int {
	p := i - 1
	if p > 0 && r.tokens[r.spans[p].from].Fold == "d" { // "un million d'euros"
		p--
	}
	if p < 0 || r.spans[i].to-r.spans[i].from != 1 || r.spans[i].from-r.spans[p].to > i-1-p {
		return nil
	}
	if _, scaled := multipliers[r.tokens[r.spans[p].from].Fold]; !r.spans[p].num && !scaled {
		return nil
	}
	return r.s.units[unitNames[r.tokens[r.spans[i].from].Fold]]
}
