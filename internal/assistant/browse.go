package assistant

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
	"cigogne/internal/search"
)

// Browse is what someone looks for in the catalogue. Zero fields admit all.
type Browse struct {
	Text      string // "": all datasets, those that can be asked first, last changed first
	Like      string // ID or name of a dataset: those of its series, whatever the text
	Theme     string
	Askable   bool // only those that can be asked for figures
	Year      int  // that their data speak of
	Territory string
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

	Elsewhere string `json:"elsewhere,omitempty"` // address of the national portal's search for the text, where nothing fits it
}

// FoundItem is a dataset found.
type FoundItem struct {
	answer.Dataset
	Portal    string   `json:"portal,omitempty"`
	Formats   []string `json:"formats,omitempty"`
	Modified  string   `json:"modified,omitempty"` // ISO date
	About     string   `json:"about,omitempty"`    // the beginning of its description
	Table     bool     `json:"table,omitempty"`    // it can be asked for figures
	Themes    []string `json:"themes,omitempty"`
	Territory string   `json:"territory,omitempty"`
	From      int      `json:"from,omitempty"` // first year that its data speak of; 0 where it is not said
	To        int      `json:"to,omitempty"`   // the last one
}

// FoundFacet counts what was found by a field, as if that field alone were not
// narrowed.
type FoundFacet struct {
	Field  string       `json:"field"` // theme, askable, year, territory, publisher, portal, format
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

// Askable is the value of the field "askable".
const Askable = "yes"

// field is something that datasets are narrowed by.
type field struct {
	name   string
	chosen func(Browse) string // "" where it is not narrowed
	values func(FoundItem) []string
}

var fields = []field{
	{"theme", func(b Browse) string { return b.Theme }, func(x FoundItem) []string { return x.Themes }},
	{"askable", func(b Browse) string {
		if b.Askable {
			return Askable
		}
		return ""
	}, func(x FoundItem) []string {
		if x.Table {
			return []string{Askable}
		}
		return nil
	}},
	{"year", func(b Browse) string {
		if b.Year == 0 {
			return ""
		}
		return strconv.Itoa(b.Year)
	}, years},
	{"territory", func(b Browse) string { return b.Territory }, func(x FoundItem) []string { return []string{x.Territory} }},
	{"publisher", func(b Browse) string { return b.Publisher }, func(x FoundItem) []string { return []string{x.Publisher} }},
	{"portal", func(b Browse) string { return b.Portal }, func(x FoundItem) []string { return []string{x.Portal} }},
	{"format", func(b Browse) string { return b.Format }, func(x FoundItem) []string { return x.Formats }},
}

// years are those that a dataset's data speak of.
func years(x FoundItem) (out []string) {
	for y := x.From; y > 0 && y <= x.To; y++ {
		out = append(out, strconv.Itoa(y))
	}
	return out
}

// Find lists datasets by their words and fields.
func (g *Guide) Find(ctx context.Context, b Browse, l lang.Lang) (*Found, error) {
	all, err := g.cards.read(ctx, g.shelves)
	if err != nil {
		return nil, fmt.Errorf("read the catalogue: %w", err)
	}
	items := all.latest
	if strings.TrimSpace(b.Text) != "" || b.Like != "" {
		hits, err := g.shelves.Search(ctx, search.Query{Text: b.Text, Like: b.Like, Limit: searchDepth}, l)
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
	for _, f := range fields {
		found.Facets = append(found.Facets, FoundFacet{f.name, count(items, b, f)})
	}
	limit := b.Limit
	if limit <= 0 {
		limit = defaultLimit
	}
	for _, item := range folded(items, b) {
		if found.Total >= b.Offset && len(found.Datasets) < limit {
			found.Datasets = append(found.Datasets, item)
		}
		found.Total++
	}
	if found.Total == 0 && strings.TrimSpace(b.Text) != "" {
		found.Elsewhere = search.Elsewhere(b.Text)
	}
	return found, nil
}

// folded are the datasets that are admitted; of those of a series the first one,
// which stands for the others, where the series is not what is looked at.
func folded(items []FoundItem, b Browse) []FoundItem {
	had := map[string]bool{}
	var out []FoundItem
	for _, item := range items {
		if !b.admits(item, "") {
			continue
		}
		if item.Series != "" && b.Like == "" {
			if had[item.Series] {
				continue
			}
			had[item.Series] = true
		}
		out = append(out, item)
	}
	return out
}

// admits tells whether a dataset has every value that is chosen, whatever it has
// of one field that is let be.
func (b Browse) admits(x FoundItem, letBe string) bool {
	for _, f := range fields {
		chosen := f.chosen(b)
		if chosen == "" || f.name == letBe {
			continue
		}
		if !slices.ContainsFunc(f.values(x), func(v string) bool { return strings.EqualFold(v, chosen) }) {
			return false
		}
	}
	return true
}

// count counts a field's values, the most frequent first; years, the latest.
func count(items []FoundItem, b Browse, f field) []FoundCount {
	n := map[string]int{}
	for _, x := range items {
		if !b.admits(x, f.name) {
			continue
		}
		for _, v := range f.values(x) {
			n[v]++
		}
	}
	delete(n, "")
	out := make([]FoundCount, 0, len(n))
	for v, c := range n {
		out = append(out, FoundCount{v, c})
	}
	slices.SortFunc(out, func(a, b FoundCount) int {
		if f.name == "year" {
			return cmp.Compare(b.Value, a.Value)
		}
		return cmp.Or(cmp.Compare(b.Datasets, a.Datasets), cmp.Compare(a.Value, b.Value))
	})
	return out[:min(facetValues, len(out))]
}

// Overview is the catalogue in a line.
type Overview struct {
	Datasets  int      `json:"datasets"`
	Askable   int      `json:"askable"`        // that can be asked for figures
	From      int      `json:"from,omitempty"` // first and last year of those, 0 where none says
	To        int      `json:"to,omitempty"`
	Modified  string   `json:"modified,omitempty"`  // when the latest of those changed, ISO date
	Territory string   `json:"territory,omitempty"` // that most of those are of
	Themes    []string `json:"themes,omitempty"`    // of those, the most frequent first
}

const maxThemes = 6 // of an overview

// Overview tells what there is.
func (g *Guide) Overview(ctx context.Context) (Overview, error) {
	all, err := g.cards.read(ctx, g.shelves)
	if err != nil {
		return Overview{}, fmt.Errorf("read the catalogue: %w", err)
	}
	o := Overview{Datasets: len(all.latest)}
	territories, themes := map[string]int{}, map[string]int{}
	for _, x := range all.latest {
		if !x.Table {
			continue
		}
		o.Askable++
		if x.From > 0 && (o.From == 0 || x.From < o.From) {
			o.From = x.From
		}
		o.To, o.Modified = max(o.To, x.To), max(o.Modified, x.Modified)
		if territories[x.Territory]++; x.Territory != "" && territories[x.Territory] > territories[o.Territory] {
			o.Territory = x.Territory
		}
		for _, t := range x.Themes {
			themes[t]++
		}
	}
	o.Themes = slices.SortedFunc(maps.Keys(themes), func(a, b string) int {
		return cmp.Or(cmp.Compare(themes[b], themes[a]), cmp.Compare(a, b))
	})
	o.Themes = o.Themes[:min(maxThemes, len(o.Themes))]
	return o, nil
}
