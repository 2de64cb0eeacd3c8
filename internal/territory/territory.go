// Package territory knows the communes, departments and regions of France by
// name, so that a place the data do not cover is told from a misspelt one.
package territory

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"cigogne/internal/lang"
)

//go:embed departments.tsv
var departmentsTSV string

//go:embed communes.tsv.gz
var communesTSV []byte

// Place is a commune, a department or a region.
type Place struct {
	Level  string // commune, department, region
	Code   string // Insee: 57463, 2A, 44
	Name   string // as Insee writes it: Metz
	Within string // the department of a commune, the region of a department: Moselle; "" of a region
	Region string // code of the region that holds it
}

// Gazetteer finds places by name. It is safe for concurrent use.
type Gazetteer struct {
	places []Place
	byName map[string][]int // folded name → places
	byLen  map[int][]string // folded names of one word, by their length
	byCode map[string]int   // level and code → place
}

// France is the official geographic code of 2026, read when it is first needed.
// What is embedded reads without fault: a test holds it to that.
var France = sync.OnceValue(func() *Gazetteer {
	communes, _ := unpack(communesTSV)
	return parse(departmentsTSV, communes)
})

func unpack(packed []byte) (string, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return "", fmt.Errorf("read the embedded communes: %w", err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		return "", fmt.Errorf("read the embedded communes: %w", err)
	}
	return string(text), nil
}

func parse(departments, communes string) *Gazetteer {
	g := &Gazetteer{byName: map[string][]int{}, byLen: map[int][]string{}, byCode: map[string]int{}}
	within, regions := map[string]Place{}, map[string]bool{}
	for line := range strings.Lines(departments) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if len(f) != 4 || f[0] == "" || f[0][0] == '#' {
			continue
		}
		d := Place{Level: "department", Code: f[0], Name: f[1], Within: f[3], Region: f[2]}
		within[d.Code] = d
		g.add(d)
		if !regions[f[2]] {
			regions[f[2]] = true
			g.add(Place{Level: "region", Code: f[2], Name: f[3], Region: f[2]})
		}
	}
	for line := range strings.Lines(communes) {
		code, name, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok || len(code) != 5 {
			continue
		}
		d, ok := within[code[:2]]
		if !ok {
			d = within[code[:3]]
		}
		g.add(Place{Level: "commune", Code: code, Name: name, Within: d.Name, Region: d.Region})
	}
	return g
}

func (g *Gazetteer) add(p Place) {
	id := len(g.places)
	g.places = append(g.places, p)
	g.byCode[p.Level+" "+p.Code] = id
	name := lang.Fold(p.Name)
	for _, n := range []string{name, withoutArticle(name)} {
		if n == "" || slices.Contains(g.byName[n], id) {
			continue
		}
		if len(g.byName[n]) == 0 && !strings.Contains(n, " ") {
			g.byLen[len(n)] = append(g.byLen[len(n)], n)
		}
		g.byName[n] = append(g.byName[n], id)
	}
}

// withoutArticle is how people shorten "Le Havre": Havre.
func withoutArticle(name string) string {
	for _, a := range []string{"le ", "la ", "les ", "l "} {
		if rest, ok := strings.CutPrefix(name, a); ok {
			return rest
		}
	}
	return name
}

// Named returns the places of that name, without regard to case, accents and
// hyphens; regions and departments come first.
func (g *Gazetteer) Named(name string) []Place {
	var found []Place
	for _, id := range g.byName[lang.Fold(name)] {
		found = append(found, g.places[id])
	}
	return found
}

// Coded returns the place of a level ("region", "department", "commune") and an
// official code.
func (g *Gazetteer) Coded(level, code string) (Place, bool) {
	id, ok := g.byCode[level+" "+code]
	if !ok {
		return Place{}, false
	}
	return g.places[id], true
}

// Regions lists the regions.
func (g *Gazetteer) Regions() []Place {
	var out []Place
	for _, p := range g.places {
		if p.Level == "region" {
			out = append(out, p)
		}
	}
	return out
}

// OneWord lists the folded one-word names of n letters.
func (g *Gazetteer) OneWord(n int) []string { return g.byLen[n] }
