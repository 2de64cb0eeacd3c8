package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"cigogne/internal/lang"
)

// foreign are the names that towns have in other languages: in Latin letters,
// of one town alone, and no commune's own. Where one differs from the name of
// another commune by its accents alone, both are meant.
type foreign struct {
	named   map[string][]place // communes of the region, by folded name
	largest map[string]int     // population, by folded name
	taken   map[string]bool    // folded: beginnings of names, and names of what is no town
	words   map[string]bool    // of the language

	codes   map[string][]string // who is meant, by the name folded or with its accents
	written map[string]string   // the name by the same; "" where two towns are called so
}

// geoname is a town as GeoNames has it.
type geoname struct {
	Name        string   `json:"name"`
	CountryCode string   `json:"countrycode"`
	Admin1      string   `json:"admin1code"`
	Others      []string `json:"alternatenames"`
}

// know takes the names that communes and other places have in French.
func (f *foreign) know(ours []place, others []string) {
	f.named, f.taken = map[string][]place{}, map[string]bool{}
	for _, c := range ours {
		f.named[lang.Fold(c.Name)] = append(f.named[lang.Fold(c.Name)], c)
		f.taken[lang.Fold(short(c.Name))] = true
	}
	for _, name := range others {
		f.taken[lang.Fold(name)] = true
	}
}

// read takes the other names of the region's towns from a file of GeoNames.
func (f *foreign) read(file string) error {
	b, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var cities map[string]geoname
	if err := json.Unmarshal(b, &cities); err != nil {
		return fmt.Errorf("read %s: %w", file, err)
	}
	for _, x := range cities {
		of := f.named[lang.Fold(x.Name)]
		if x.CountryCode != "FR" || x.Admin1 != home || len(of) != 1 || of[0].Population < town {
			continue
		}
		for _, name := range x.Others {
			if f.admits(name, x.Name) {
				f.add(name, of[0].Code)
			}
		}
	}
	return nil
}

// admits tells whether a town may be known by another name: it is like its own, and
// nothing else is called so.
func (f *foreign) admits(name, own string) bool {
	key, ownKey := lang.Fold(name), lang.Fold(own)
	return foreignName(name) && apart(key, ownKey)*2 <= len(own) && key != ownKey && !f.taken[key] && !isWord(f.words, key)
}

// add has a name mean a town, and the commune whose name it is but for its accents.
func (f *foreign) add(name, code string) {
	key, list := lang.Fold(name), []string{code}
	if f.largest[key] > 0 {
		same := f.named[key]
		if len(same) != 1 || !strings.ContainsAny(strings.ToLower(name), "äöüß") {
			return
		}
		list = append(list, same[0].Code)
		key = strings.ToLower(name)
	}
	if have, ok := f.codes[key]; ok && have[0] != code {
		f.written[key] = "" // two towns are called so
		return
	}
	f.codes[key] = list
	if old, ok := f.written[key]; !ok || old != "" && name < old {
		f.written[key] = name
	}
}

func (f *foreign) write(text *bytes.Buffer) {
	for _, key := range slices.Sorted(maps.Keys(f.codes)) {
		if f.written[key] != "" {
			fmt.Fprintf(text, "name\t%s\t%s\n", f.written[key], strings.Join(f.codes[key], ","))
		}
	}
}

// foreignName tells one word in Latin letters from codes and transcriptions, and
// from the names of the Revolution ("La Moselle", for Toul).
func foreignName(name string) bool {
	first, _ := utf8.DecodeRuneInString(name)
	if !unicode.IsUpper(first) || utf8.RuneCountInString(name) < fewest || strings.ToUpper(name) == name {
		return false
	}
	return !strings.ContainsFunc(name, func(r rune) bool { return r > 'ſ' || !unicode.IsLetter(r) })
}

// apart counts the letters to insert, drop or replace between two names: one of
// a town in another language is like its own.
func apart(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		last := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := last
			if a[i-1] != b[j-1] {
				cost++
			}
			last = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}
