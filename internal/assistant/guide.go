package assistant

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"cigogne/internal/answer"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/search"
	"cigogne/internal/texts"
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
	Run(ctx context.Context, p *query.Plan, compiled *query.Compiled) (*warehouse.Result, error)
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
	Remarks []string           `json:"remarks,omitempty"` // what one has to know before using it
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
				out.Ask = append(out.Ask, x.In(l))
			}
		}
	}
	out.Remarks = remarks(d, len(out.Tables) > 0, l)
	return out, nil
}

// remarks say what one has to know of a dataset before using it.
func remarks(d *dataset.Dataset, held bool, l lang.Lang) []string {
	var out []string
	if !d.Withdrawn.IsZero() {
		out = append(out, texts.Say(l, "assistant.withdrawn", "day", lang.Day(d.Withdrawn, l)))
	}
	if !held && d.IsMap() {
		out = append(out, texts.Say(l, "assistant.a_map"))
	}
	return out
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
	res, err := g.shelves.Run(ctx, p, compiled)
	if errors.Is(err, warehouse.ErrElsewhere) { // whose first rows nobody here knows
		return s, nil
	}
	if err != nil {
		return s, err
	}
	s.Rows = res.Rows
	return s, nil
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
