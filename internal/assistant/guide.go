package assistant

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"cigogne/internal/answer"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/search"
	"cigogne/internal/warehouse"
)

// Shelves are what a guide shows people around: every dataset, and the tables
// among them.
type Shelves interface {
	// Datasets reads every dataset that is not replaced by another.
	Datasets(ctx context.Context) iter.Seq2[dataset.Dataset, error]
	// Dataset finds one by ID or name; nil where there is none.
	Dataset(ctx context.Context, key string) (*dataset.Dataset, error)
	Tables() []plan.Candidate
	Index(ctx context.Context) (*search.Index, error)
	Search(ctx context.Context, q search.Query, l lang.Lang) ([]answer.Dataset, error)
	Query(ctx context.Context, tables []string, sql string, args ...any) (*warehouse.Result, error)
}

// ErrUnknownDataset is returned for an ID or name that no dataset has.
var ErrUnknownDataset = errors.New("no such dataset")

// Guide tells what there is: it describes datasets and finds them by their
// words and fields. It is safe for concurrent use.
type Guide struct {
	shelves Shelves
	now     func() time.Time
	cards   cards
}

// NewGuide returns a guide to the shelves.
func NewGuide(shelves Shelves) *Guide { return &Guide{shelves: shelves, now: time.Now} }

// Description is what is known of a dataset.
type Description struct {
	Dataset dataset.Dataset    `json:"dataset"`
	Quality DescriptionQuality `json:"quality"`
	Tables  []dataset.Table    `json:"tables"`
	Samples []Sample           `json:"samples,omitempty"` // the first rows of each table
	Ask     []string           `json:"ask,omitempty"`     // questions it answers
}

// DescriptionQuality says which criteria a dataset meets.
type DescriptionQuality struct {
	Score   float64             `json:"score"` // share of the criteria met, 0 to 1
	Met     []dataset.Criterion `json:"met,omitempty"`
	Missing []dataset.Criterion `json:"missing,omitempty"`
}

// Sample is the beginning of a table, with what its columns are called.
type Sample struct {
	Table   string         `json:"table"`
	Columns []SampleColumn `json:"columns"` // all of the table's
	Rows    [][]any        `json:"rows"`    // cells of the first columns, twelve at most
}

// SampleColumn is a column of a sample.
type SampleColumn struct {
	Name  string `json:"name"`
	Label string `json:"label,omitempty"` // what people call it
	Unit  string `json:"unit,omitempty"`
	Plain bool   `json:"plain,omitempty"` // years and codes: digits are kept together
}

const (
	sampleRows    = 3
	sampleColumns = 12
)

// Describe tells all that is known of a dataset, by ID or name; the error is
// ErrUnknownDataset where none has it.
func (g *Guide) Describe(ctx context.Context, key string, l lang.Lang) (*Description, error) {
	d, err := g.shelves.Dataset(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("find dataset: %w", err)
	}
	if d == nil {
		return nil, ErrUnknownDataset
	}
	q := dataset.QualityOf(*d, g.now())
	out := &Description{Dataset: *d, Quality: DescriptionQuality{q.Score(), q.Met, q.Missing}, Tables: []dataset.Table{}}
	for _, c := range g.shelves.Tables() {
		if c.Dataset == nil || c.Dataset.ID != d.ID {
			continue
		}
		out.Tables = append(out.Tables, *c.Table)
		s, err := g.sample(ctx, c, l)
		if err != nil {
			return nil, fmt.Errorf("sample of %s: %w", c.Table.ID, err)
		}
		out.Samples = append(out.Samples, s)
		if c.Annotation != nil {
			for _, x := range c.Annotation.Questions {
				out.Ask = append(out.Ask, x.Pick(string(l)))
			}
		}
	}
	return out, nil
}

// sample reads the first rows of a table.
func (g *Guide) sample(ctx context.Context, c plan.Candidate, l lang.Lang) (Sample, error) {
	s := Sample{Table: c.Table.ID}
	v := viewOf(c, []plan.Candidate{c}, l)
	p := &query.Plan{Table: c.Table.ID, Limit: sampleRows}
	for i, col := range c.Table.Columns {
		if i < sampleColumns {
			p.Columns = append(p.Columns, col.Name)
		}
		sc := SampleColumn{Name: col.Name, Unit: v.unit(col.Name), Plain: !col.Type.Numeric() || col.Role != dataset.Measure}
		if label := v.name(c.Table.ID, col.Name); label != col.Name {
			sc.Label = label
		}
		s.Columns = append(s.Columns, sc)
	}
	compiled, err := query.Compile(p, tables([]plan.Candidate{c}))
	if err != nil {
		return s, err
	}
	res, err := g.shelves.Query(ctx, p.Tables(), compiled.SQL, compiled.Args...)
	if err != nil {
		return s, err
	}
	s.Rows = res.Rows
	return s, nil
}

// Browse is what someone looks for in the catalogue. Zero fields admit all.
type Browse struct {
	Text      string // "": all datasets, last changed first
	Publisher string
	Portal    string
	Format    string // lower case: csv, geojson …
	Offset    int
	Limit     int // 0: 20
}

// Found is a page of what was found.
type Found struct {
	Total    int          `json:"total"`
	Datasets []FoundItem  `json:"results"`
	Facets   []FoundFacet `json:"facets,omitempty"`
}

// FoundItem is a dataset found.
type FoundItem struct {
	answer.Dataset
	Portal   string   `json:"portal,omitempty"`
	Formats  []string `json:"formats,omitempty"`
	Modified string   `json:"modified,omitempty"` // ISO date
	About    string   `json:"about,omitempty"`    // the beginning of its description
	Table    bool     `json:"table,omitempty"`    // it can be asked for figures
}

// FoundFacet counts what was found by a field, as if that field alone were not
// narrowed.
type FoundFacet struct {
	Field  string       `json:"field"` // publisher, portal, format
	Values []FoundCount `json:"values"`
}

// FoundCount is how many datasets have a value.
type FoundCount struct {
	Value    string `json:"value"`
	Datasets int    `json:"datasets"`
}

const (
	searchDepth  = 400 // datasets that a text is searched for, before they are narrowed
	facetValues  = 12
	defaultLimit = 20
)

// Find lists datasets by their words and fields.
func (g *Guide) Find(ctx context.Context, b Browse, l lang.Lang) (*Found, error) {
	all, err := g.cards.read(ctx, g.shelves)
	if err != nil {
		return nil, fmt.Errorf("read the catalogue: %w", err)
	}
	items := all.latest
	if strings.TrimSpace(b.Text) != "" {
		hits, err := g.shelves.Search(ctx, search.Query{Text: b.Text, Limit: searchDepth}, l)
		if err != nil {
			return nil, fmt.Errorf("search: %w", err)
		}
		items = make([]FoundItem, 0, len(hits))
		for _, h := range hits {
			item := all.byID[h.ID]
			item.Dataset = h
			items = append(items, item)
		}
	}
	found := &Found{Datasets: []FoundItem{}}
	for _, field := range []string{"publisher", "portal", "format"} {
		rest := b
		switch field {
		case "publisher":
			rest.Publisher = ""
		case "portal":
			rest.Portal = ""
		default:
			rest.Format = ""
		}
		found.Facets = append(found.Facets, FoundFacet{field, count(items, rest, field)})
	}
	limit := b.Limit
	if limit <= 0 {
		limit = defaultLimit
	}
	for _, item := range items {
		if !b.admits(item) {
			continue
		}
		if found.Total >= b.Offset && len(found.Datasets) < limit {
			found.Datasets = append(found.Datasets, item)
		}
		found.Total++
	}
	return found, nil
}

func (b Browse) admits(x FoundItem) bool {
	return (b.Publisher == "" || strings.EqualFold(b.Publisher, x.Publisher)) && (b.Portal == "" || b.Portal == x.Portal) &&
		(b.Format == "" || slices.Contains(x.Formats, b.Format))
}

func count(items []FoundItem, b Browse, field string) []FoundCount {
	n := map[string]int{}
	for _, x := range items {
		if !b.admits(x) {
			continue
		}
		switch field {
		case "publisher":
			n[x.Publisher]++
		case "portal":
			n[x.Portal]++
		default:
			for _, f := range x.Formats {
				n[f]++
			}
		}
	}
	delete(n, "")
	out := make([]FoundCount, 0, len(n))
	for v, c := range n {
		out = append(out, FoundCount{v, c})
	}
	slices.SortFunc(out, func(a, b FoundCount) int {
		if a.Datasets != b.Datasets {
			return b.Datasets - a.Datasets
		}
		return strings.Compare(a.Value, b.Value)
	})
	return out[:min(facetValues, len(out))]
}

// Names lists the names, or IDs, of datasets that begin so, else that hold the
// words anywhere, those that can be asked for figures first; total counts them all.
func (g *Guide) Names(ctx context.Context, beginning string, limit int) (names []string, total int, err error) {
	all, err := g.cards.read(ctx, g.shelves)
	if err != nil {
		return nil, 0, fmt.Errorf("read the catalogue: %w", err)
	}
	wanted := lang.Fold(strings.TrimSpace(beginning))
	for _, fits := range []func(s, part string) bool{strings.HasPrefix, strings.Contains} {
		for _, x := range all.latest {
			name := x.Name
			switch {
			case name != "" && fits(lang.Fold(name), wanted):
			case fits(lang.Fold(x.ID), wanted):
				name = x.ID
			default:
				continue
			}
			if total++; len(names) < limit {
				names = append(names, name)
			}
		}
		if total > 0 {
			break
		}
	}
	return names, total, nil
}
