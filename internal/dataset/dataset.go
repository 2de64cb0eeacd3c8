// Package dataset holds the nouns of the house: what a portal publishes
// (Dataset, Distribution, Licence: the DCAT terms), what a downloaded file
// turned out to hold (Table, Column), and what people know about a table that
// its columns cannot say (Annotation). It imports nothing of ours and does no
// input or output.
package dataset

import "time"

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

	Distributions []Distribution `json:"distributions,omitempty"`
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
}
