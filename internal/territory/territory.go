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
	"sort"
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
	above    []above // departments and regions
	communes string  // lines of folded name, code, name, in the order of the first two; see build
	lines    []int32 // where each of them begins, and the end
	within   map[string]Place

	oneWord func() map[int][]string // folded names of one word, by their length
	byCode  func() map[string]int   // code of a commune → its line
}

type above struct {
	Place
	folded string
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

// parse leaves the 36,000 lines of communes as they are: a process that answers
// one question looks for a name or two, and finds them by halves.
func parse(departments, communes string) *Gazetteer {
	g := &Gazetteer{communes: communes, within: map[string]Place{}}
	regions := map[string]bool{}
	for line := range strings.Lines(departments) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if len(f) != 4 || f[0] == "" || f[0][0] == '#' {
			continue
		}
		d := Place{Level: "department", Code: f[0], Name: f[1], Within: f[3], Region: f[2]}
		g.within[d.Code] = d
		g.add(d)
		if !regions[f[2]] {
			regions[f[2]] = true
			g.add(Place{Level: "region", Code: f[2], Name: f[3], Region: f[2]})
		}
	}
	g.lines = make([]int32, 0, len(communes)/averageLine)
	for at := 0; at < len(communes); {
		g.lines = append(g.lines, int32(at))
		end := strings.IndexByte(communes[at:], '\n')
		if end < 0 {
			break
		}
		at += end + 1
	}
	g.lines = append(g.lines, int32(len(communes)))
	g.oneWord, g.byCode = sync.OnceValue(g.wordsByLength), sync.OnceValue(g.linesByCode)
	return g
}

func (g *Gazetteer) add(p Place) { g.above = append(g.above, above{p, lang.Fold(p.Name)}) }

const averageLine = 30 // bytes, at least

// line is what a line of the communes says.
func (g *Gazetteer) line(i int) (folded, code, name string) {
	folded, rest, _ := strings.Cut(strings.TrimSuffix(g.communes[g.lines[i]:g.lines[i+1]], "\n"), "\t")
	code, name, _ = strings.Cut(rest, "\t")
	return folded, code, name
}

func (g *Gazetteer) commune(i int) Place {
	_, code, name := g.line(i)
	d, ok := g.within[code[:min(2, len(code))]]
	if !ok {
		d = g.within[code[:min(3, len(code))]]
	}
	return Place{Level: "commune", Code: code, Name: name, Within: d.Name, Region: d.Region}
}

func (g *Gazetteer) wordsByLength() map[int][]string {
	words := map[int][]string{}
	last := ""
	for i := range len(g.lines) - 1 {
		if name, _, _ := g.line(i); name != last && !strings.Contains(name, " ") {
			words[len(name)] = append(words[len(name)], name)
			last = name
		}
	}
	for _, p := range g.above {
		if name := p.folded; !strings.Contains(name, " ") && !slices.Contains(words[len(name)], name) {
			words[len(name)] = append(words[len(name)], name)
		}
	}
	return words
}

func (g *Gazetteer) linesByCode() map[string]int {
	lines := make(map[string]int, len(g.lines))
	for i := range len(g.lines) - 1 {
		_, code, _ := g.line(i)
		lines[code] = i
	}
	return lines
}

// WithoutArticle is how people shorten a folded name: "le havre" is "havre".
func WithoutArticle(name string) string {
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
	key := lang.Fold(name)
	if key == "" {
		return nil
	}
	var found []Place
	for _, p := range g.above {
		if p.folded == key || WithoutArticle(p.folded) == key {
			found = append(found, p.Place)
		}
	}
	first := sort.Search(len(g.lines)-1, func(i int) bool {
		folded, _, _ := g.line(i)
		return folded >= key
	})
	for i := first; i < len(g.lines)-1; i++ {
		if folded, _, _ := g.line(i); folded != key {
			break
		}
		found = append(found, g.commune(i))
	}
	return found
}

// Coded returns the place of a level ("region", "department", "commune") and an
// official code.
func (g *Gazetteer) Coded(level, code string) (Place, bool) {
	if level == "commune" {
		i, ok := g.byCode()[code]
		if !ok {
			return Place{}, false
		}
		return g.commune(i), true
	}
	i := slices.IndexFunc(g.above, func(p above) bool { return p.Level == level && p.Code == code })
	if i < 0 {
		return Place{}, false
	}
	return g.above[i].Place, true
}

// Regions lists the regions.
func (g *Gazetteer) Regions() []Place { return g.level("region") }

// Departments lists the departments.
func (g *Gazetteer) Departments() []Place { return g.level("department") }

func (g *Gazetteer) level(level string) []Place {
	var out []Place
	for _, p := range g.above {
		if p.Level == level {
			out = append(out, p.Place)
		}
	}
	return out
}

// OneWord lists the folded one-word names of n letters.
func (g *Gazetteer) OneWord(n int) []string { return g.oneWord()[n] }
