package dataset

import "time"

// Type is what the cells of a column are.
type Type string

// The closed list of column types. Codes that look like numbers ("08001",
// SIRET) are Text: their zeros matter.
const (
	Text     Type = "text"
	Integer  Type = "integer"
	Number   Type = "number" // float64
	Date     Type = "date"
	DateTime Type = "datetime"
	Boolean  Type = "boolean"
)

// Numeric tells whether values of the type can be added up.
func (t Type) Numeric() bool { return t == Integer || t == Number }

// Table is a file that was downloaded (or given), read and cleaned.
type Table struct {
	ID             string `json:"id"` // its name in SQL: [a-z][a-z0-9_]*, stable for the same dataset and distribution
	DatasetID      string `json:"dataset_id,omitempty"`
	DistributionID string `json:"distribution_id,omitempty"`
	Title          string `json:"title,omitempty"`
	Part           string `json:"part,omitempty"` // of its file, where that holds several tables: a sheet, an entry of an archive

	URL       string    `json:"url,omitempty"`      // where the file was downloaded
	SHA256    string    `json:"sha256,omitempty"`   // of the file as downloaded, hex
	Size      int64     `json:"size,omitempty"`     // bytes of that file
	Retrieved time.Time `json:"retrieved,omitzero"` // when it was downloaded
	Modified  time.Time `json:"modified,omitzero"`  // the server's or the portal's word
	ETag      string    `json:"etag,omitempty"`     // the server's, for asking whether the file changed
	Changed   string    `json:"changed,omitempty"`  // the server's Last-Modified as it wrote it, for the same
	Parquet   string    `json:"parquet,omitempty"`  // SHA-256 of the clean Parquet copy

	// Schema is how it follows the schema that its publisher declares; nil where
	// none is declared, or it could not be had.
	Schema *Conformance `json:"schema,omitempty"`

	Rows    int64    `json:"rows"`
	Columns []Column `json:"columns"`
	Skipped []Skip   `json:"skipped,omitempty"` // lines left out, and why

	// Key is the smallest set of columns whose cells differ on each row: what a
	// row is. Empty where rows are the same in every column, or none was found.
	Key        []string `json:"key,omitempty"`
	Duplicates int64    `json:"duplicates,omitempty"` // rows equal in every cell to one before

	Notes []string `json:"notes,omitempty"` // what the reader found out: encoding, separator, title lines …
}

// Conformance is how a table follows a schema.
type Conformance struct {
	Schema string   `json:"schema"`          // as the publisher names it
	Wrong  []string `json:"wrong,omitempty"` // what does not follow it, as package schema writes it; none: all does
}

// Skip is a run of lines of a file that is not data.
type Skip struct {
	Line   int    `json:"line"` // 1-based, in the file as published
	Text   string `json:"text"` // its beginning
	Reason string `json:"reason"`
}

// Column is a column of a Table with the profile of its cells.
type Column struct {
	Name     string   `json:"name"` // the header as published, made unique
	Type     Type     `json:"type"`
	Role     Role     `json:"role"`
	Unit     string   `json:"unit,omitempty"` // from the header ("(€)", "(%)"), or an annotation
	Nulls    int64    `json:"nulls"`
	Distinct int64    `json:"distinct"`
	Min      string   `json:"min,omitempty"` // smallest value as text, ISO for dates
	Max      string   `json:"max,omitempty"`
	Sum      *float64 `json:"sum,omitempty"` // numeric columns only
	First    string   `json:"first"`         // the first row's cell as text, codes with their zeros

	Kind       Kind       `json:"kind,omitempty"`
	Additivity Additivity `json:"additivity,omitempty"` // of a measure
	Why        Why        `json:"why,omitempty"`        // what settled it
	Ratio      *Ratio     `json:"ratio,omitempty"`      // a rate that two other columns make

	// Within is the key of a parent whose value this column repeats on each of
	// its rows: a station's number of points on the row of each point. It is
	// added up once for each different Within.
	Within []string `json:"within,omitempty"`

	// Totals are cells of a Text column whose rows are made of the other rows:
	// "Ensemble", "_T", "France", "Sous-total". They are left out of every
	// figure that does not name them. Whole is the one of them that stands in
	// every group of rows and so can be kept in place of its parts, where a
	// question says nothing of the column; "" where it does not.
	Totals []string `json:"totals,omitempty"`
	Whole  string   `json:"whole,omitempty"`

	// Levels are the cells, coarsest first, of a column that tells levels of the
	// same thing apart (PAYS, REG, DEP, COM): each level covers it whole, and a
	// figure keeps one of them.
	Levels []string `json:"levels,omitempty"`

	// Values are the distinct values of a Text, Boolean or Year column with
	// their row counts, most frequent first, at most MaxValues of them.
	Values []Value `json:"values,omitempty"`
}

// MaxValues bounds Column.Values: enough for every commune of a region.
const MaxValues = 10_000

// Value is a distinct cell of a column.
type Value struct {
	Text  string `json:"text"`
	Count int64  `json:"count"`
}

// Complete tells whether Values lists every distinct value of the column.
func (c Column) Complete() bool { return int64(len(c.Values)) >= c.Distinct }

// Column returns the named column, or nil.
func (t *Table) Column(name string) *Column {
	for i := range t.Columns {
		if t.Columns[i].Name == name {
			return &t.Columns[i]
		}
	}
	return nil
}
