// Package dataset holds the nouns of the house: what a portal publishes
// (Dataset, Distribution, Licence: the DCAT terms), what a downloaded file
// turned out to hold (Table, Column), and what people know about a table that
// its columns cannot say (Annotation). It imports nothing of ours and does no
// input or output.
package dataset

import (
	"slices"
	"time"
)

// Dataset is one entry of a portal's catalogue (dcat:Dataset).
type Dataset struct {
	ID          string    `json:"id"`   // the portal's identifier, often a UUID but never assumed to be
	Name        string    `json:"name"` // the portal's short name (slug); the ID where it has none
	Title       string    `json:"title"`
	Description string    `json:"description,omitempty"` // plain text: markup is removed on harvest
	Publisher   string    `json:"publisher,omitempty"`
	Licence     Licence   `json:"licence,omitzero"`
	URL         string    `json:"url,omitempty"`     // the page a person reads
	Portal      string    `json:"portal,omitempty"`  // base URL it was harvested from; "embedded" for the built-in catalogue
	Origins     []string  `json:"origins,omitempty"` // identifiers and addresses under which it stands elsewhere
	Keywords    []string  `json:"keywords,omitempty"`
	Themes      []string  `json:"themes,omitempty"`
	Frequency   string    `json:"frequency,omitempty"` // declared update frequency: annual, monthly, …
	Period      Period    `json:"period,omitzero"`
	Spatial     string    `json:"spatial,omitempty"`
	Created     time.Time `json:"created,omitzero"`
	Modified    time.Time `json:"modified,omitzero"`
	Withdrawn   time.Time `json:"withdrawn,omitzero"` // when its portal was first found not to publish it any more

	Distributions []Distribution `json:"distributions,omitempty"`
}

// pictures are formats of services and files that show data and hold none.
var pictures = []string{"wms", "wmts", "wmc", "tms", "png", "jpg", "jpeg", "tif", "tiff"}

// about are formats of what is written about data.
var about = []string{"html", "pdf", "doc", "docx", "odt", "txt", ""}

// IsMap tells whether all that a dataset offers, but for what is written about
// it, is pictures of maps: nothing that figures could be read from.
func (d *Dataset) IsMap() bool {
	any := false
	for _, x := range d.Distributions {
		switch {
		case slices.Contains(pictures, x.Format):
			any = true
		case !slices.Contains(about, x.Format):
			return false
		}
	}
	return any
}

// Licence as the portal states it; any field may be empty.
type Licence struct {
	ID    string `json:"id,omitempty"`
	Title string `json:"title,omitempty"`
	URL   string `json:"url,omitempty"`
}

// Period is the time the data speaks of, as ISO dates or years ("2016",
// "2016-01-01"); an empty bound is unknown.
type Period struct {
	Start string `json:"start,omitempty" toml:"start"`
	End   string `json:"end,omitempty" toml:"end"`
}

// Distribution is one file or service of a dataset (dcat:Distribution).
type Distribution struct {
	ID        string    `json:"id"`
	Title     string    `json:"title,omitempty"`
	URL       string    `json:"url,omitempty"`
	Format    string    `json:"format,omitempty"` // lower case: csv, xlsx, geojson, wms, …
	MediaType string    `json:"media_type,omitempty"`
	Size      int64     `json:"size,omitempty"` // bytes as declared, 0 when unknown
	Hash      string    `json:"hash,omitempty"` // as declared by the portal
	Modified  time.Time `json:"modified,omitzero"`
	Schema    string    `json:"schema,omitempty"` // name or address of the schema it declares to follow
	Dead      bool      `json:"dead,omitempty"`   // the portal itself found nothing at its address
	Probed    bool      `json:"probed,omitempty"` // its address answered when it was last tried
	Parsed    string    `json:"parsed,omitempty"` // address of the same as Parquet, read by the portal; it may have made numbers of codes
	Fields    []Field   `json:"fields,omitempty"` // what the portal declares of its columns, where that says more than their names
}

// Field is what a portal declares of a column of a file.
type Field struct {
	Name  string `json:"name"`            // by which programs know it: "pop_tot"
	Label string `json:"label,omitempty"` // by which people do: "Population totale"
	Unit  string `json:"unit,omitempty"`  // as it is written there
}
