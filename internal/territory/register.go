package territory

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"sync"

	"cigogne/internal/lang"
)

//go:embed units.tsv.gz
var unitsTSV []byte

// formerTXT is the folded names that a unit bore and bears no more, a line
// each: most questions hold none, and need no more of the register.
//
//go:embed former.txt
var formerTXT string

// Unit is a commune or an intercommunality of the home region, of today or of
// the past: communes that merged are units that are part of another.
type Unit struct {
	Level      string   // commune, epci
	Code       string   // Insee's of a commune, SIREN of an intercommunality
	Name       string   // the latest
	Department string   // code, of a commune
	SIREN      string   // nine digits; "" of what is long gone
	Postcodes  []string // of a commune
	Until      int      // the last year it existed by itself; 0 where it still does
	Into       string   // code of the commune it is part of since
	Older      []Name   // names it bore before, oldest first
	Changes    []Change // what joined or left it, oldest first
}

// Name is what a unit was called up to a year.
type Name struct {
	Text  string
	Until int // the last year
}

// Change is what joined or left a unit from one year to the next: the communes
// that one merged with, the members of an intercommunality.
type Change struct {
	Year   int // the first with it
	Gained []string
	Lost   []string
}

// Register is the units of a region in the years that the embedded tables
// cover. It is safe for concurrent use.
type Register struct {
	former  map[string]bool // folded
	longest int             // words of the longest former name
	aliases aliases
	units   func() *units
}

// units are the units with what finds them.
type units struct {
	list    []Unit
	names   func() index // folded names, former ones too
	numbers func() index // codes, SIREN, postcodes
}

// index is units by a key.
type index map[string][]int

func (x index) add(key string, unit int) {
	if key != "" && !slices.Contains(x[key], unit) {
		x[key] = append(x[key], unit)
	}
}

// Home is the register of the region that the embedded tables are about. Its
// units are read when they are first needed; a test holds that they read.
var Home = sync.OnceValue(func() *Register {
	r := &Register{former: map[string]bool{}, aliases: parseAliases(aliasesTSV)}
	for line := range strings.Lines(formerTXT) {
		name := strings.TrimSuffix(line, "\n")
		r.former[name] = true
		r.longest = max(r.longest, 1+strings.Count(name, " "))
	}
	r.units = sync.OnceValue(func() *units {
		text, _ := unpack(unitsTSV)
		return parseUnits(text)
	})
	return r
})

func parseUnits(text string) *units {
	r := &units{}
	r.names, r.numbers = sync.OnceValue(r.byName), sync.OnceValue(r.byNumber)
	at := map[string]int{} // level and code of the latest unit → its index
	for line := range strings.Lines(text) {
		f := strings.Split(strings.TrimRight(line, "\n"), "\t")
		switch {
		case f[0] == "unit" && len(f) == 9:
			u := Unit{Level: f[1], Code: f[2], Name: f[3], Department: f[4], SIREN: f[5], Postcodes: list(f[6], ","), Into: f[8]}
			u.Until, _ = strconv.Atoi(f[7])
			if _, ok := at[f[1]+f[2]]; !ok {
				at[f[1]+f[2]] = len(r.list)
			}
			r.list = append(r.list, u)
		case f[0] == "name" && len(f) == 5:
			if i, ok := at[f[1]+f[2]]; ok {
				until, _ := strconv.Atoi(f[4])
				r.list[i].Older = append(r.list[i].Older, Name{f[3], until})
			}
		case f[0] == "change" && len(f) == 6:
			if i, ok := at[f[1]+f[2]]; ok {
				year, _ := strconv.Atoi(f[3])
				r.list[i].Changes = append(r.list[i].Changes, Change{year, list(f[4], ";"), list(f[5], ";")})
			}
		}
	}
	return r
}

func (r *units) byName() index {
	x := index{}
	for i, u := range r.list {
		x.add(lang.Fold(u.Name), i)
		for _, n := range u.Older {
			x.add(lang.Fold(n.Text), i)
		}
	}
	return x
}

func (r *units) byNumber() index {
	x := index{}
	for i, u := range r.list {
		x.add(u.SIREN, i)
		if u.Into == "" || u.SIREN != "" { // else a code that another may bear by now
			x.add(u.Code, i)
		}
		for _, p := range u.Postcodes {
			x.add(p, i)
		}
	}
	return x
}

func list(s, sep string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, sep)
}

// Find returns the units of that name (of today or earlier), code, SIREN or
// postcode, without regard to case, accents and hyphens.
func (r *Register) Find(key string) []Unit {
	k, u := lang.Fold(key), r.units()
	return u.of(slices.Concat(u.numbers()[k], u.names()[k]))
}

// Former tells whether a folded name is one that its bearer bears no more.
// Unlike Find, it is told at once.
func (r *Register) Former(folded string) bool { return r.former[folded] }

// Longest is how many words the longest former name or alias has.
func (r *Register) Longest() int { return max(r.longest, r.aliases.longest) }

func (r *units) of(list []int) []Unit {
	var found []Unit
	for _, i := range list {
		if !slices.ContainsFunc(found, func(u Unit) bool { return u.Code == r.list[i].Code && u.Name == r.list[i].Name }) {
			found = append(found, r.list[i])
		}
	}
	return found
}

// Heir is the unit that holds another today: itself, or the commune it is part
// of. ok is false where there is no one such unit.
func (r *Register) Heir(u Unit) (heir Unit, ok bool) {
	for range 5 { // mergers after mergers
		if u.Until == 0 {
			return u, true
		}
		holders := slices.DeleteFunc(r.Find(u.Into), func(x Unit) bool { return x.Code != u.Into || x.Name == u.Name })
		if u.Into == "" || len(holders) == 0 {
			return Unit{}, false
		}
		u = holders[0]
	}
	return Unit{}, false
}

// Count is how many units of a level there are today.
func (r *Register) Count(level string) int {
	n := 0
	for _, u := range r.units().list {
		if u.Level == level && u.Until == 0 {
			n++
		}
	}
	return n
}
