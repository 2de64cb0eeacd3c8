// Package library holds what can be asked: the datasets, tables and annotations
// of the embedded catalogue and of what was harvested, with the databases that
// hold the tables. A harvested table that is the same publication as an
// embedded one takes its place.
package library

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"

	"cigogne/internal/answer"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/search"
	"cigogne/internal/texts"
	"cigogne/internal/warehouse"
)

// Names of the files of a generation.
const (
	IndexFile    = "search.index"     // of all datasets, the embedded ones too
	DatabaseFile = "warehouse.duckdb" // every harvested table, and the embedded ones beside
)

// Holding is a table with its dataset.
type Holding struct {
	Dataset *dataset.Dataset
	Table   *dataset.Table
}

// Parts are what a library is made of.
type Parts struct {
	Embedded    []Holding
	Harvested   []Holding
	Annotations []dataset.Annotation
	Parquet     func(tableID string) ([]byte, error)             // of an embedded table
	Database    string                                           // path of the file that holds the harvested tables and copies of the embedded ones; "" when there is none
	File        func(tableID string) string                      // the Parquet file of a harvested table, to do without Database where it is damaged
	Index       func(ctx context.Context) (*search.Index, error) // opens the search index, once
	Limits      warehouse.Limits
	Far         *Far // nil: there is none

	Datasets func() iter.Seq2[dataset.Dataset, error]   // all of them
	Dataset  func(key string) (*dataset.Dataset, error) // by ID or name, harvested ones first; nil where there is none
}

// Catalogue is the library of everything known.
type Catalogue struct {
	parts Parts
	all   []plan.Candidate // every table that may answer
	inMem []string         // embedded tables that may answer
	aside map[string]bool  // embedded datasets that a harvested one replaces

	mu       sync.Mutex
	file     *warehouse.DB
	damaged  bool          // file was loaded from the Parquet files that Database was made of
	mem      *warehouse.DB // the embedded tables that were asked first, or all of them
	loaded   []string      // which
	replaced *warehouse.DB // that of the first ones, which may be in use

	rest rest // of Parts.Far
}

// New returns a library over its parts; databases are opened when first asked.
func New(parts Parts) *Catalogue {
	c := &Catalogue{parts: parts, aside: map[string]bool{}}
	taken := map[string]int{} // annotation → index of the harvested table that has it
	for _, h := range parts.Harvested {
		cand := plan.Candidate{Dataset: h.Dataset, Table: h.Table, Annotation: fits(h.Table, parts.Annotations)}
		if a := cand.Annotation; a != nil {
			if !covers(h.Table, a, parts.Embedded, parts.Annotations) {
				continue // found by search, it answers nothing in place of the whole
			}
			if i, ok := taken[a.ID]; ok { // the same publication twice: the newer, else the fuller, answers
				if newer(cand, c.all[i]) {
					c.all[i] = cand
				}
				continue
			}
			taken[a.ID] = len(c.all)
		}
		c.all = append(c.all, cand)
	}
	for _, h := range parts.Embedded {
		a := fits(h.Table, parts.Annotations)
		if a != nil {
			if _, ok := taken[a.ID]; ok {
				c.aside[h.Dataset.ID] = true
				continue
			}
		}
		c.all = append(c.all, plan.Candidate{Dataset: h.Dataset, Table: h.Table, Annotation: a})
		c.inMem = append(c.inMem, h.Table.ID)
	}
	return c
}

// covers tells whether a harvested table holds at least half of what the
// embedded table of the same annotation names: a sample of two communes does
// not answer for a region.
func covers(t *dataset.Table, a *dataset.Annotation, embedded []Holding, notes []dataset.Annotation) bool {
	named := func(t *dataset.Table) int64 {
		for _, c := range t.Columns {
			if strings.EqualFold(c.Name, a.Entity.Label) {
				return c.Distinct
			}
		}
		return 0
	}
	for _, h := range embedded {
		if other := fits(h.Table, notes); other == a && a.Entity.Label != "" && 2*named(t) < named(h.Table) {
			return false
		}
	}
	return true
}

// Close closes the databases that were opened.
func (c *Catalogue) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var err error
	for _, db := range []*warehouse.DB{c.file, c.mem, c.replaced} {
		if db != nil {
			err = errors.Join(err, db.Close())
		}
	}
	c.file, c.mem, c.replaced, c.loaded = nil, nil, nil, nil
	return err
}

// Tables lists every table that may answer.
func (c *Catalogue) Tables() []plan.Candidate { return c.all }

// Datasets implements assistant.Shelves.
func (c *Catalogue) Datasets(ctx context.Context) iter.Seq2[dataset.Dataset, error] {
	return func(yield func(dataset.Dataset, error) bool) {
		for d, err := range c.parts.Datasets() {
			if err == nil && c.aside[d.ID] {
				continue
			}
			if err == nil {
				err = ctx.Err()
			}
			if !yield(d, err) || err != nil {
				return
			}
		}
	}
}

// Dataset implements assistant.Shelves. An embedded dataset that a harvested
// one replaces is that one.
func (c *Catalogue) Dataset(_ context.Context, key string) (*dataset.Dataset, error) {
	d, err := c.parts.Dataset(key)
	if err != nil || d == nil || !c.aside[d.ID] {
		return d, err
	}
	for _, h := range c.parts.Embedded {
		if h.Dataset.ID != d.ID {
			continue
		}
		note := fits(h.Table, c.parts.Annotations)
		if i := slices.IndexFunc(c.all, func(x plan.Candidate) bool { return x.Annotation == note && x.Dataset != nil }); note != nil && i >= 0 {
			return c.all[i].Dataset, nil
		}
	}
	return d, nil
}

// shortlist is how many unannotated tables found by search are tried.
const shortlist = 8

// Candidates implements assistant.Library: every annotated table, and the
// tables of the datasets that the question finds.
func (c *Catalogue) Candidates(ctx context.Context, question string) ([]plan.Candidate, bool, error) {
	var out []plan.Candidate
	rest := map[string][]plan.Candidate{}
	calls := places(question)
	for _, cand := range c.all {
		if cand.Annotation != nil {
			out = append(out, named(cand, calls))
		} else if cand.Dataset != nil {
			rest[cand.Dataset.ID] = append(rest[cand.Dataset.ID], cand)
		}
	}
	if len(rest) == 0 {
		return out, false, nil
	}
	x, err := c.parts.Index(ctx)
	if err != nil {
		return nil, false, err
	}
	found, err := x.Search(ctx, search.Query{Text: question, Limit: 50})
	if err != nil {
		return nil, false, err
	}
	n := 0
	for _, d := range found {
		for _, cand := range rest[d.ID] {
			if n == shortlist {
				return out, false, nil
			}
			cand.Score = d.Score
			out = append(out, cand)
			n++
		}
	}
	return out, false, nil
}

// newer tells whether a table replaces another of the same publication.
func newer(a, b plan.Candidate) bool {
	if !a.Table.Modified.Equal(b.Table.Modified) {
		return a.Table.Modified.After(b.Table.Modified)
	}
	return a.Table.Rows > b.Table.Rows
}

// Search implements assistant.Library. Embedded datasets that a harvested one
// replaces are left out.
func (c *Catalogue) Search(ctx context.Context, q search.Query, l lang.Lang) ([]answer.Dataset, error) {
	x, err := c.parts.Index(ctx)
	if err != nil {
		return nil, err
	}
	limit := cmp.Or(q.Limit, 10)
	q.Limit = limit + len(c.aside)
	hits, err := x.Search(ctx, q)
	if err != nil {
		return nil, err
	}
	var out []answer.Dataset
	for _, h := range hits {
		if c.aside[h.ID] || len(out) == limit {
			continue
		}
		d := answer.Dataset{ID: h.ID, Name: h.Name, Title: h.Title, Publisher: h.Publisher, URL: h.URL, Score: h.Score, Why: why(h.Why, l), Series: h.Series}
		if q.Like == "" {
			d.Similar = h.Similar
		}
		out = append(out, d)
	}
	return out, nil
}

// why says what speaks for a hit.
func why(reasons []search.Reason, l lang.Lang) []string {
	var out []string
	for _, r := range reasons {
		switch r.Kind {
		case search.ByID:
			out = append(out, texts.Say(l, "library.its_identifier"))
		case search.ByWord:
			out = append(out, texts.Say(l, "library.asked", "asked", r.Asked))
		case search.BySynonym:
			out = append(out, texts.Say(l, "library.found_for", "found", r.Found, "asked", r.Asked))
		case search.ByMeaning:
			out = append(out, texts.Say(l, "library.near_in_meaning"))
		case search.ByPlace:
			out = append(out, texts.Say(l, "library.territory")+" "+r.Asked)
		case search.ByYear:
			out = append(out, texts.Say(l, "library.year"))
		}
	}
	return out
}

// Replaced implements assistant.Library.
func (c *Catalogue) Replaced(datasetID string) bool { return c.aside[datasetID] }

// Index implements assistant.Library.
func (c *Catalogue) Index(ctx context.Context) (*search.Index, error) { return c.parts.Index(ctx) }

// Query runs SQL of the embedded engine over tables that it holds.
func (c *Catalogue) Query(ctx context.Context, tables []string, sql string, args ...any) (*warehouse.Result, error) {
	if err := c.here(tables); err != nil {
		return nil, err
	}
	db, err := c.database(ctx, tables)
	if err != nil {
		return nil, err
	}
	return db.Query(ctx, sql, args...)
}

// database opens the one that holds the tables: the embedded ones alone are in
// memory, harvested ones are in the file, beside copies of the embedded ones.
func (c *Catalogue) database(ctx context.Context, tables []string) (*warehouse.DB, error) {
	harvested := slices.ContainsFunc(tables, func(t string) bool { return !slices.Contains(c.inMem, t) })
	c.mu.Lock()
	defer c.mu.Unlock()
	if harvested {
		if c.file == nil {
			db, err := warehouse.OpenFile(ctx, c.parts.Database, c.parts.Limits)
			if err != nil && c.parts.File != nil { // it was made of files that are still there
				var again error
				if db, again = c.load(ctx, c.inMem, c.parts.Harvested); again != nil {
					err = errors.Join(err, again)
				} else {
					err, c.damaged = nil, true
				}
			}
			if err != nil {
				return nil, fmt.Errorf("open the tables: %w", err)
			}
			c.file = db
		}
		return c.file, nil
	}
	if !slices.ContainsFunc(tables, func(t string) bool { return !slices.Contains(c.loaded, t) }) && c.mem != nil {
		return c.mem, nil
	}
	wanted := tables
	if c.mem != nil { // a second subject: all of them, once
		wanted = c.inMem
	}
	db, err := c.load(ctx, wanted, nil)
	if err != nil {
		return nil, fmt.Errorf("load the embedded tables: %w", err)
	}
	c.replaced, c.mem, c.loaded = c.mem, db, slices.Clone(wanted)
	return c.mem, nil
}
