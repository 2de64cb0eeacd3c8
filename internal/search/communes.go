package search

import (
	"strings"
	"unicode"

	"cigogne/internal/lang"
	"cigogne/internal/territory"
)

// communes adds to the regions and departments the communes that a text names:
// with a capital, after a word that announces a place, by a name that one
// commune of France alone bears.
type communes struct {
	above  *placeList
	france func() *territory.Gazetteer
}

// announcing are words before the name of a commune, folded.
var announcing = foldSet("a de d du des la le les l sur en ville commune mairie metropole eurometropole agglomeration agglo communaute grand cu cc ca")

const longestCommune = 6 // words of a name

// Places implements Gazetteer.
func (c communes) Places(text string) []Place {
	out := c.above.Places(text)
	ws := lang.Words(text)
	seen := map[string]bool{}
	for i := 0; i < len(ws); i++ {
		first, _ := decodeFirst(ws[i].Text)
		if !unicode.IsUpper(first) || len(ws[i].Text) > 2 && strings.ToUpper(ws[i].Text) == ws[i].Text {
			continue
		}
		for n := min(longestCommune, len(ws)-i); n > 0; n-- {
			name, ok := c.name(text, ws, i, n)
			if !ok {
				continue
			}
			p, ok := c.one(name)
			if !ok && len(c.france().Named(name)) == 0 {
				continue
			}
			if ok && !seen[p.Code] {
				seen[p.Code] = true
				out = append(out, p)
			}
			i += n - 1 // a name that several bear hides those within it, too
			break
		}
	}
	return out
}

// name is what n words from one on may name, folded: with a capital at both ends;
// a single word of some length, after one that announces it.
func (c communes) name(text string, ws []lang.Word, i, n int) (string, bool) {
	if last, _ := decodeFirst(ws[i+n-1].Text); n > 1 && !unicode.IsUpper(last) {
		return "", false
	}
	name := lang.Fold(text[ws[i].Start:ws[i+n-1].End])
	alone := n == 1 && (len(name) < 5 || i == 0 || !announcing[ws[i-1].Fold])
	return name, !alone && c.above.byName[name].Code == ""
}

// one is the commune of a name that no other bears.
func (c communes) one(name string) (Place, bool) {
	var found Place
	for _, p := range c.france().Named(name) {
		if p.Level != "commune" || found.Code != "" {
			return Place{}, false
		}
		department := p.Code[:2]
		if department == "97" || department == "98" {
			department = p.Code[:3]
		}
		found = Place{Code: "commune-" + p.Code, Name: p.Name, Within: []string{"department-" + department, "region-" + p.Region}}
	}
	return found, found.Code != ""
}

func decodeFirst(s string) (rune, int) {
	for _, r := range s {
		return r, 1
	}
	return 0, 0
}
