// Package catalog is the embedded catalogue: a few real tables of the Grand Est
// with their metadata and annotations, so that the binary alone answers. The
// annotations also serve the same publications when they are harvested.
//
// datasets/*.toml are written by hand, data/* by catalog/build.
package catalog

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"time"

	"github.com/BurntSushi/toml"

	"cigogne/internal/dataset"
)

//go:embed sources.toml verified.jsonl datasets/*.toml data
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
	names, err := fs.Glob(files, "datasets/*.toml")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if err := c.add(name); err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
	}
	return c, nil
}

func (c *Catalog) add(name string) error {
	var e entry
	meta, err := toml.DecodeFS(files, name, &e)
	if err != nil {
		return err
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return fmt.Errorf("unknown key %s", unknown[0])
	}
	modified, err := time.Parse(time.DateOnly, e.Dataset.Modified)
	if err != nil {
		return err
	}
	d := e.Dataset
	c.Datasets = append(c.Datasets, dataset.Dataset{
		ID: d.ID, Name: d.Name, Title: d.Title, Description: d.Description, Publisher: d.Publisher,
		Licence: dataset.Licence{ID: d.Licence.ID, Title: d.Licence.Title, URL: d.Licence.URL},
		URL:     d.URL, Portal: "embedded", Keywords: d.Keywords, Frequency: d.Frequency, Spatial: d.Spatial, Period: d.Period, Modified: modified,
	})
	c.Annotations = append(c.Annotations, e.Annotation)
	b, err := files.ReadFile("data/" + d.Table + ".json")
	if err != nil {
		return err
	}
	var t dataset.Table
	if err := json.Unmarshal(b, &t); err != nil {
		return fmt.Errorf("profile of %s: %w", d.Table, err)
	}
	t.DatasetID, t.Title, t.Modified = d.ID, d.Title, modified
	c.Tables = append(c.Tables, t)
	return nil
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
