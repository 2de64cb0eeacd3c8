// Package catalog is the embedded catalogue: a few real tables of the Grand Est
// with their metadata and annotations, so that the binary alone answers. The
// annotations also serve the same publications when they are harvested.
//
// datasets/*.toml are written by hand, data/* by catalog/build.
package catalog

import (
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"sync"
	"time"

	"github.com/BurntSushi/toml"

	"cigogne/internal/dataset"
)

//go:embed sources.toml places.toml discover.toml verified.jsonl datasets/*.toml data kits
var files embed.FS

// Catalog is what the binary holds by itself.
type Catalog struct {
	Datasets    []dataset.Dataset
	Tables      []dataset.Table // each with the ID of its dataset
	Annotations []dataset.Annotation
	Portals     []Portal
}

// Verified is the book of verified questions over the embedded tables, as JSON
// lines; see package verified.
func Verified() ([]byte, error) { return files.ReadFile("verified.jsonl") }

// Discover is the path of discovery; see package discover.
func Discover() ([]byte, error) { return files.ReadFile("discover.toml") }

// Kits are the theme kits that ship in the binary, a folder each; see package kit.
func Kits() (fs.FS, error) { return fs.Sub(files, "kits") }

// Outlines is the departments of the region as GeoJSON, in degrees that are good
// for drawing alone, with the credit that a drawing of them bears.
func Outlines() ([]byte, error) { return files.ReadFile("data/departments.geojson") }

// Portal is an open-data portal with a short name.
type Portal struct {
	Name  string `toml:"name"`
	Title string `toml:"title"`
	Type  string `toml:"type"`
	URL   string `toml:"url"`
}

// entry is a file of datasets/.
type entry struct {
	Dataset struct {
		ID          string
		Name        string
		Title       string
		Description string
		Publisher   string
		Licence     struct{ ID, Title, URL string }
		URL         string
		Keywords    []string
		Themes      []string
		Frequency   string
		Spatial     string
		Period      dataset.Period
		Modified    string
		Table       string
	}
	Annotation dataset.Annotation
}

// Load reads the embedded catalogue. It fails only where the binary was built
// from broken files, which its test rules out.
func Load() (*Catalog, error) {
	c := &Catalog{}
	var sources struct{ Portal []Portal }
	if _, err := toml.DecodeFS(files, "sources.toml", &sources); err != nil {
		return nil, fmt.Errorf("read sources.toml: %w", err)
	}
	c.Portals = sources.Portal
	var places struct {
		Synonym []struct {
			Level  string
			Values []string
			Words  dataset.Words
			Says   dataset.Bilingual
			People bool
		}
	}
	if _, err := toml.DecodeFS(files, "places.toml", &places); err != nil {
		return nil, fmt.Errorf("read places.toml: %w", err)
	}
	names, err := fs.Glob(files, "datasets/*.toml")
	if err != nil {
		return nil, err
	}
	read := make([]held, len(names))
	var wg sync.WaitGroup
	for i, name := range names { // side by side: a process that answers one question waits for all
		wg.Go(func() { read[i] = add(name) })
	}
	wg.Wait()
	for i, h := range read {
		if h.err != nil {
			return nil, fmt.Errorf("read %s: %w", names[i], h.err)
		}
	}
	slices.SortStableFunc(read, func(a, b held) int { return cmp.Compare(b.annotation.Rank, a.annotation.Rank) })
	for _, h := range read {
		c.Datasets, c.Tables, c.Annotations = append(c.Datasets, h.dataset), append(c.Tables, h.table), append(c.Annotations, h.annotation)
	}
	for i := range c.Annotations {
		a := &c.Annotations[i]
		for _, n := range a.Column {
			for _, p := range places.Synonym {
				if p.Level == n.Level {
					a.Synonyms = append(a.Synonyms, dataset.Synonym{Column: n.Name, Values: p.Values, Words: p.Words, Says: p.Says, People: p.People})
				}
			}
		}
	}
	return c, nil
}

// held is one dataset of the catalogue.
type held struct {
	dataset    dataset.Dataset
	table      dataset.Table
	annotation dataset.Annotation
	err        error
}

func add(name string) (h held) {
	var e entry
	meta, err := toml.DecodeFS(files, name, &e)
	if err != nil {
		return held{err: err}
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return held{err: fmt.Errorf("unknown key %s", unknown[0])}
	}
	var modified time.Time // zero where the publisher's page was not seen
	if e.Dataset.Modified != "" {
		modified, err = time.Parse(time.DateOnly, e.Dataset.Modified)
	}
	if err != nil {
		return held{err: err}
	}
	d := e.Dataset
	h.annotation = e.Annotation
	h.dataset = dataset.Dataset{
		ID: d.ID, Name: d.Name, Title: d.Title, Description: d.Description, Publisher: d.Publisher,
		Licence: dataset.Licence{ID: d.Licence.ID, Title: d.Licence.Title, URL: d.Licence.URL},
		URL:     d.URL, Portal: "embedded", Keywords: d.Keywords, Themes: d.Themes, Frequency: d.Frequency, Spatial: d.Spatial, Period: d.Period, Modified: modified,
	}
	b, err := files.ReadFile("data/" + d.Table + ".json")
	if err != nil {
		return held{err: err}
	}
	if err := json.Unmarshal(b, &h.table); err != nil {
		return held{err: fmt.Errorf("profile of %s: %w", d.Table, err)}
	}
	h.table.DatasetID, h.table.Title, h.table.Modified = d.ID, d.Title, modified
	return h
}

// Parquet returns the data of an embedded table.
func Parquet(tableID string) ([]byte, error) {
	b, err := files.ReadFile("data/" + trimPrefix(tableID) + ".parquet")
	if err != nil {
		return nil, fmt.Errorf("embedded table %q: %w", tableID, err)
	}
	return b, nil
}

func trimPrefix(id string) string {
	const prefix = "embedded_"
	if len(id) > len(prefix) && id[:len(prefix)] == prefix {
		return id[len(prefix):]
	}
	return id
}
