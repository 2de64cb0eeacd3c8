package search

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"sync"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
)

// Place is a territory that a text names.
type Place struct {
	Code   string   // "region-44", "department-68", "commune-68066": its level, then its official code
	Name   string   // as people write it: Haut-Rhin
	Within []string // codes of the places that hold it
}

// Gazetteer finds the places that a text names.
type Gazetteer interface {
	Places(text string) []Place
}

//go:embed places.txt
var placesText string

// builtinPlaces knows the regions and departments; it serves where no fuller
// gazetteer is given.
var builtinPlaces = sync.OnceValue(func() *placeList { return parsePlaces(placesText) })

type placeList struct {
	byName  map[string]Place // folded
	longest int              // words in the longest name
}

func parsePlaces(text string) *placeList {
	l := &placeList{byName: map[string]Place{}}
	var region Place
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		rest, isRegion := strings.CutPrefix(line, "= ")
		code, names, _ := strings.Cut(rest, " ")
		all := strings.Split(names, " / ")
		p := Place{Code: "department-" + code, Name: all[0]}
		if isRegion {
			p.Code = "region-" + code
			region = p
		} else {
			p.Within = []string{region.Code}
		}
		for _, n := range all {
			f := lang.Fold(n)
			if _, taken := l.byName[f]; !taken || isRegion {
				l.byName[f] = p
			}
			l.longest = max(l.longest, len(strings.Fields(f)))
		}
	}
	return l
}

// commonWords are names that are also words or names of rivers.
var commonWords = foldSet("nord manche centre loire marne aisne orne somme lot cher landes vienne meuse moselle jura ain aube eure indre drome savoie creuse")

// meansPlace tells whether a common word stands for the place: written with a
// capital inside a sentence, or after "département".
func meansPlace(ws []lang.Word, i int) bool {
	if i == 0 {
		return false
	}
	capital := ws[i].Text != strings.ToLower(ws[i].Text)
	lead := ws[i-1].Fold
	if ws[i].Fold == "nord" || ws[i].Fold == "centre" { // a compass point, a town centre
		capital = capital && lead == "le"
	}
	return capital || lead == "departement" || i > 1 && ws[i-2].Fold == "departement"
}

// Places lists the departments and regions that the text names, by name.
func (l *placeList) Places(text string) []Place {
	ws := lang.Words(text)
	var out []Place
	seen := map[string]bool{}
	for i := 0; i < len(ws); i++ {
		name := ws[i].Fold
		found, used := Place{}, 0
		for n := 1; n <= l.longest && i+n <= len(ws); n++ {
			if n > 1 {
				name += " " + ws[i+n-1].Fold
			}
			if p, ok := l.byName[name]; ok {
				if n == 1 && commonWords[name] && !meansPlace(ws, i) {
					continue
				}
				found, used = p, n
			}
		}
		if used > 0 {
			i += used - 1
			if !seen[found.Code] {
				seen[found.Code] = true
				out = append(out, found)
			}
		}
	}
	return out
}

// localWords give away a dataset of one territory, whichever it is.
var localWords = regexp.MustCompile(`\b(ville|commune|mairie|communaute|metropole|eurometropole|agglomeration|agglo|pays|departement|region|conseil (departemental|regional|general)|syndicat|smictom|sictom|secteur|arrondissement|academie) (de|d|du|des|la|le|l|urbaine|regionale)\b|\b\d{5}\b`)

// scope is where a dataset's data lies.
type scope struct {
	places []string // codes of the places named; of those that hold them, after "<"
	local  bool     // about a part of the country
}

// scopeOf reads a dataset's territory from its title, its own spatial field and
// its publisher; a place in the description alone only makes it local.
func scopeOf(g Gazetteer, d dataset.Dataset) scope {
	var s scope
	for _, p := range g.Places(d.Title + " . " + d.Spatial) {
		s.places = append(s.places, p.Code)
		for _, w := range p.Within {
			s.places = append(s.places, "<"+w)
		}
	}
	start := lang.Fold(clip(d.Description, 400))
	s.local = len(s.places) > 0 || len(g.Places(d.Publisher)) > 0 ||
		localWords.MatchString(lang.Fold(d.Title+" "+d.Publisher)) || localWords.MatchString(start) || len(g.Places(clip(d.Description, 400))) > 0
	return s
}

// in tells whether a dataset is about the place, or about one within it.
func (e *entry) in(code string) bool {
	for p := range strings.SplitSeq(e.places, " ") {
		if strings.TrimPrefix(p, "<") == code {
			return true
		}
	}
	return false
}

// about tells whether a dataset is about that very place.
func (e *entry) about(code string) bool {
	return slices.Contains(strings.Fields(e.places), code)
}

// onLevelOf tells whether a dataset is about some place of the same level.
func (e *entry) onLevelOf(code string) bool {
	level, _, _ := strings.Cut(code, "-")
	for p := range strings.SplitSeq(e.places, " ") {
		if strings.HasPrefix(p, level+"-") {
			return true
		}
	}
	return false
}
