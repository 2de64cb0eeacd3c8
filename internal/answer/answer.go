// Package answer holds what a question gets: the Answer, whose JSON form is the
// contract with every surface and scorer, its sources, its text in French and
// English, and the checks that a text passes before anyone reads it.
package answer

import (
	"encoding/json"
	"errors"
	"strings"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/query"
)

// Kind is what sort of answer it is.
type Kind string

// The closed list of kinds.
const (
	KindFigure   Kind = "figure"
	KindTable    Kind = "table"
	KindDatasets Kind = "datasets"
	KindClarify  Kind = "clarify"
	KindRefusal  Kind = "refusal"
	KindText     Kind = "text"
)

// ErrUnknown is returned for an ID under which no answer is kept.
var ErrUnknown = errors.New("no such answer")

// Answer is what a question gets. Empty lists are left out of the JSON form.
type Answer struct {
	ID       string    `json:"id,omitempty"` // the asker's own, given back
	Question string    `json:"question"`
	Lang     lang.Lang `json:"lang"`
	Kind     Kind      `json:"kind"`
	Text     string    `json:"text"` // Markdown: all of it, for who shows nothing by itself
	Headline Headline  `json:"headline,omitzero"`
	Sentence string    `json:"sentence,omitempty"` // Markdown: what the figures are, or why there are none; no list, no source

	Figures  []Figure  `json:"figures,omitempty"` // the first is the headline
	Columns  []Column  `json:"columns,omitempty"`
	Rows     Rows      `json:"rows,omitempty"`
	Datasets []Dataset `json:"datasets,omitempty"`
	Choices  []string  `json:"choices,omitempty"`
	Next     []string  `json:"next,omitempty"` // whole questions to go on with, each known to have an answer

	Sources       []Source `json:"sources,omitempty"`
	Assumptions   []string `json:"assumptions,omitempty"`
	Caveats       []string `json:"caveats,omitempty"`
	NotUnderstood []string `json:"not_understood,omitempty"`

	Plan        *query.Plan `json:"plan,omitempty"`
	SQL         string      `json:"sql,omitempty"`
	Explanation string      `json:"explanation,omitempty"`
	Plainly     string      `json:"-"` // the same in words for people, where it was composed in this process
	Engine      string      `json:"engine,omitempty"`
	Model       *Model      `json:"model,omitempty"` // where one was asked
	Chart       bool        `json:"chart,omitempty"` // a drawing was asked for
	AnswerID    string      `json:"answer_id,omitempty"`
	ElapsedMS   float64     `json:"elapsed_ms"`

	Run *Run `json:"-"` // what was run, for those who keep answers; nil where there is nothing to run again
}

// Model is what asking a language model took, whoever's plan was taken.
type Model struct {
	Tokens    int     `json:"tokens"` // of question and reply
	ElapsedMS float64 `json:"elapsed_ms"`
}

// Run is the query behind figures and what it read: enough to compute them again.
type Run struct {
	SQL    string // values are bound: Args
	Args   []any  // string, float64, int64 or bool
	Tables []Version

	Instead bool // of the engine that its tables are large enough for, which did not answer
}

// Version is the content of a table when it was asked.
type Version struct {
	Table      string // dataset.Table.ID, its name in SQL
	Parquet    string // SHA-256 of its Parquet file, hex
	Annotation string // ID of its annotation, "" where it has none
}

// Answered tells whether figures were given.
func (a *Answer) Answered() bool { return a.Kind == KindFigure || a.Kind == KindTable }

// Figure is a number with what it is and its unit.
type Figure struct {
	Label string  `json:"label"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit,omitempty"`

	whole     int64 // Value, where it is a whole number past what a float64 holds; else 0
	published bool  // as Column has it
}

// MarshalJSON writes every digit of a whole number.
func (f Figure) MarshalJSON() ([]byte, error) {
	type bare Figure
	if f.whole == 0 {
		return json.Marshal(bare(f))
	}
	return json.Marshal(struct {
		Label string `json:"label"`
		Value int64  `json:"value"`
		Unit  string `json:"unit,omitempty"`
	}{f.Label, f.whole, f.Unit})
}

// text is the figure as the language has it.
func (f Figure) text(l lang.Lang) string {
	if f.whole != 0 {
		return Cell(f.whole, f.Unit, false, l)
	}
	return CellOf(f.Value, Column{Unit: f.Unit, Published: f.published}, l)
}

// Column is a column of the result rows.
type Column struct {
	Name  string `json:"name"`
	Unit  string `json:"unit,omitempty"`
	Plain bool   `json:"plain,omitempty"` // years and codes: digits are kept together

	Published bool `json:"-"` // its values stand in the data as they are: they are not rounded
}

// Dataset is a dataset pointed to.
type Dataset struct {
	ID        string  `json:"id"`
	Name      string  `json:"name"`
	Title     string  `json:"title"`
	Publisher string  `json:"publisher,omitempty"`
	URL       string  `json:"url,omitempty"`
	Score     float64 `json:"score,omitempty"`

	Series  string   `json:"series,omitempty"`  // the same for all datasets of a series, which differ by commune or year
	Similar int      `json:"similar,omitempty"` // other datasets of its series
	Why     []string `json:"why,omitempty"`     // what speaks for it, strongest first
}

// Source is where figures come from. Dates are ISO.
type Source struct {
	DatasetID   string `json:"dataset_id"`
	Title       string `json:"title"`
	Publisher   string `json:"publisher,omitempty"`
	Licence     string `json:"licence,omitempty"`
	URL         string `json:"url,omitempty"`
	ResourceURL string `json:"resource_url,omitempty"`
	Period      string `json:"period,omitempty"`
	Modified    string `json:"modified,omitempty"`
	Retrieved   string `json:"retrieved,omitempty"`
	SHA256      string `json:"sha256,omitempty"`
}

// SourceOf writes the source of a table; the dataset is nil for a file that was
// given with the question.
func SourceOf(d *dataset.Dataset, t *dataset.Table) Source {
	s := Source{Title: t.Title, ResourceURL: t.URL, SHA256: t.SHA256, Retrieved: day(t.Retrieved), Modified: day(t.Modified)}
	if d == nil {
		return s
	}
	s.DatasetID, s.Title, s.Publisher, s.URL = d.ID, d.Title, d.Publisher, d.URL
	s.Licence = d.Licence.Title
	if s.Licence == "" {
		s.Licence = d.Licence.ID
	}
	if d.Period.Start != "" || d.Period.End != "" {
		s.Period = short(d.Period.Start) + "/" + short(d.Period.End)
	}
	if s.Modified == "" {
		s.Modified = day(d.Modified)
	}
	return s
}

// short leaves whole years as years: 2016-01-01 and 2020-12-31 are 2016 and 2020.
func short(date string) string {
	if len(date) >= 10 && (date[4:10] == "-01-01" || date[4:10] == "-12-31") {
		return date[:4]
	}
	return date
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

// JSON is the indented JSON form of an answer.
func JSON(a *Answer) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(a); err != nil { // floats that are no JSON numbers never get here
		return "{}"
	}
	return strings.TrimSpace(b.String())
}
