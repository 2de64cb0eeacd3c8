package search

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"cigogne/internal/lang"
)

// Filter narrows datasets by their fields; zero fields admit all.
type Filter struct {
	Publisher string    // as the portal writes it, without regard to case
	Portal    string    // base URL
	Place     string    // code of a Place: about it, or about a part of it
	Covers    []string  // codes of places: about any of them (a department and the region that holds it)
	Naming    string    // the title, the publisher or the spatial field holds these words
	Tabular   bool      // has a table
	Created   time.Time // published at that time or later
	Modified  time.Time // changed at that time or later
	StaleAt   time.Time // out of date by then, by its own declared frequency
}

func (f Filter) admits(e *entry) bool {
	switch {
	case f.Publisher != "" && !strings.EqualFold(f.Publisher, e.publisher),
		f.Portal != "" && f.Portal != e.portal,
		f.Place != "" && !e.in(f.Place),
		f.Tabular && !e.tabular,
		!f.Created.IsZero() && e.created < f.Created.Unix(),
		!f.Modified.IsZero() && e.modified < f.Modified.Unix():
		return false
	}
	if f.Naming != "" && !e.naming(lang.Fold(f.Naming)) {
		return false
	}
	if len(f.Covers) > 0 && !slices.ContainsFunc(f.Covers, e.about) {
		return false
	}
	if !f.StaleAt.IsZero() {
		due, ok := e.due()
		return ok && due.Before(f.StaleAt)
	}
	return true
}

// naming tells whether an entry holds folded words, one after the other.
func (e *entry) naming(words string) bool {
	return strings.Contains(" "+lang.Fold(e.title+" . "+e.publisher+" . "+e.spatial)+" ", " "+words+" ")
}

// Listing is a dataset in answer to a question about the catalogue itself.
type Listing struct {
	ID, Name, Title, Publisher, URL string

	Portal            string    // base URL; "": embedded
	Created, Modified time.Time // zero where unknown
	Frequency         string    // as declared
	Due               time.Time // when its declared frequency wants the next update; zero where none is declared
}

// List returns the datasets that a filter admits, last changed first.
func (x *Index) List(f Filter) []Listing {
	var out []Listing
	for _, e := range x.all() {
		if f.admits(e) {
			due, _ := e.due()
			out = append(out, Listing{e.id, e.name, e.title, e.publisher, e.url, e.portal, date(e.created), date(e.modified), e.frequency, due})
		}
	}
	slices.SortStableFunc(out, func(a, b Listing) int { return b.Modified.Compare(a.Modified) })
	return out
}

// Count is how many datasets share a value.
type Count struct {
	Value    string
	Datasets int
}

// Publishers counts the datasets of each publisher that a filter admits, most
// first. Datasets without one are under "".
func (x *Index) Publishers(f Filter) []Count {
	return x.count(f, func(e *entry) string { return e.publisher })
}

// Portals counts the datasets of each portal that a filter admits, most first.
func (x *Index) Portals(f Filter) []Count {
	return x.count(f, func(e *entry) string { return e.portal })
}

func (x *Index) count(f Filter, by func(*entry) string) []Count {
	n := map[string]int{}
	for _, e := range x.all() {
		if f.admits(e) {
			n[by(e)]++
		}
	}
	out := make([]Count, 0, len(n))
	for v, c := range n {
		out = append(out, Count{v, c})
	}
	slices.SortFunc(out, func(a, b Count) int {
		return cmp.Or(cmp.Compare(b.Datasets, a.Datasets), cmp.Compare(a.Value, b.Value))
	})
	return out
}

// intervals maps declared frequencies (the words of portals in French and
// English, the ends of EU authority URIs, ISO 8601) to days.
var intervals = map[string]int{
	"continuous": 1, "cont": 1, "update_cont": 1, "hourly": 1, "daily": 1, "quotidienne": 1, "quotidien": 1, "journaliere": 1, "p1d": 1, "r/p1d": 1,
	"weekly": 7, "hebdomadaire": 7, "p1w": 7, "r/p1w": 7, "p7d": 7,
	"biweekly": 14, "fortnightly": 14, "semiweekly": 4, "bimensuelle": 15, "semimonthly": 15, "monthly_2": 15,
	"monthly": 31, "mensuelle": 31, "mensuel": 31, "p1m": 31, "r/p1m": 31,
	"bimonthly": 62, "bimestrielle": 62, "p2m": 62,
	"quarterly": 92, "trimestrielle": 92, "trimestriel": 92, "p3m": 92, "r/p3m": 92,
	"threetimesayear": 122, "annual_3": 122, "p4m": 122,
	"biannual": 183, "semiannual": 183, "annual_2": 183, "semestrielle": 183, "semestriel": 183, "p6m": 183, "r/p6m": 183,
	"annual": 366, "yearly": 366, "annuelle": 366, "annuel": 366, "p1y": 366, "r/p1y": 366,
	"biennial": 731, "biennale": 731, "bisannuelle": 731, "p2y": 731,
	"triennial": 1096, "triennale": 1096, "p3y": 1096,
	"quadrennial": 1461, "quinquennial": 1827, "decennial": 3653, "quinquennale": 1827, "p5y": 1827,
}

// due is when a dataset's next update is wanted by its declared frequency.
func (e *entry) due() (time.Time, bool) {
	f := strings.ToLower(strings.TrimSpace(e.frequency))
	days, ok := intervals[f]
	if !ok {
		f = f[strings.LastIndexByte(f, '/')+1:]
		days, ok = intervals[f]
	}
	if !ok || e.modified == 0 {
		return time.Time{}, false
	}
	return date(e.modified).AddDate(0, 0, days), true
}
