// Package dcat reads catalogues published as DCAT and its profiles (DCAT-AP,
// GeoDCAT-AP, DCAT-US), as JSON-LD, RDF/XML or Turtle, in one document or in
// pages of hydra's.
package dcat

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest"
	"cigogne/internal/httpx"
)

// Type is the name of this dialect.
const Type = "dcat"

const (
	accept   = "application/ld+json, application/rdf+xml;q=0.9, text/turtle;q=0.8, application/json;q=0.5, */*;q=0.1"
	maxPages = 10_000
)

// Source is a catalogue.
type Source struct {
	client *httpx.Client
	first  string // address of its first page
}

// paths at which portals publish their catalogue, below their home.
var paths = []string{"", "/catalog.jsonld", "/catalog.ttl", "/catalog.rdf", "/catalog.xml", "/api/feed/dcat-ap/2.1.1.json", "/data.json"}

// Probe finds the catalogue at an address: its own, or a portal's home.
func Probe(ctx context.Context, client *httpx.Client, address string) (*Source, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, &httpx.Error{Reason: httpx.Invalid, URL: address, Err: err}
	}
	var first error
	for _, path := range pathsOf(u) {
		s := &Source{client: client, first: address}
		if path != "" {
			s.first = strings.TrimRight(address, "/") + path
		}
		page, err := s.get(ctx, s.first, 2)
		if err == nil && (len(page.Datasets) > 0 || page.Catalogue) {
			return s, nil
		}
		if harvest.Hopeless(ctx, err) {
			return nil, err
		}
		if first == nil {
			first = err
		}
	}
	return nil, &harvest.Error{URL: address, Kind: Type, Err: first}
}

// pathsOf are those below an address that may be a catalogue: of one that names
// a file, none.
func pathsOf(u *url.URL) []string {
	if strings.Contains(u.Path[strings.LastIndexByte(u.Path, '/')+1:], ".") || u.RawQuery != "" {
		return paths[:1]
	}
	return paths
}

// URL is the address of the catalogue.
func (s *Source) URL() string { return s.first }

// Type is "dcat".
func (s *Source) Type() string { return Type }

// Harvest implements harvest.Source: page after page, each address once.
func (s *Source) Harvest(ctx context.Context, to harvest.Sink) (harvest.Report, error) {
	report := harvest.Report{Type: Type, Declared: -1}
	had, read := map[string]bool{}, map[string]bool{}
	for next := s.first; next != "" && !read[next] && report.Pages < maxPages; {
		read[next] = true
		page, err := s.get(ctx, next, 0)
		if err != nil {
			return report, err
		}
		report.Pages++
		if page.Total >= 0 {
			report.Declared = page.Total
		}
		fresh := 0
		report.Broken += page.Broken
		for _, d := range page.Datasets {
			if had[d.ID] {
				report.Duplicates++
				continue
			}
			had[d.ID] = true
			fresh++
			if err := to.Put(d); err != nil {
				return report, err
			}
			report.Datasets++
		}
		to.Told(report)
		if next = page.Next; fresh == 0 && report.Pages > 1 {
			break // pages past the last one are empty, and lead on
		}
	}
	return report, nil
}

func (s *Source) get(ctx context.Context, address string, attempts int) (Page, error) {
	var page Page
	_, err := s.client.Get(ctx, httpx.Get{
		URL: address, Accept: accept, Attempts: attempts, MaxBytes: maxBytes,
		Check: func(a *httpx.Answer) (err error) {
			if page, err = ParsePage(a.Body, address); err != nil {
				return &httpx.Error{Reason: httpx.NotAnswer, URL: address, Status: a.Status, Err: err}
			}
			return nil
		},
	})
	return page, err
}

// maxBytes bounds a page: some portals publish all they have in one.
const maxBytes = 256 << 20

// Page is what a document of a catalogue says.
type Page struct {
	Datasets  []dataset.Dataset
	Broken    int    // datasets without a title
	Catalogue bool   // it says that it is one
	Total     int    // of datasets in all pages; -1: it does not say
	Next      string // address of the page after it; "" on the last one
}

// ParsePage reads a document that was found at an address.
func ParsePage(b []byte, address string) (Page, error) {
	g, err := parse(b)
	if err != nil {
		return Page{}, err
	}
	page := Page{Total: -1}
	for _, n := range g.order {
		page.paging(n, address)
	}
	for _, n := range g.datasets() {
		d, err := g.dataset(n, address)
		if err != nil {
			page.Broken++
			continue
		}
		page.Datasets = append(page.Datasets, d)
	}
	if len(page.Datasets) == 0 && page.Broken == 0 && !page.Catalogue {
		return page, errors.New("no catalogue")
	}
	return page, nil
}

// paging reads what a node says of the pages. A dataset of a series has a next
// one too, which is no page.
func (page *Page) paging(n *node, address string) {
	page.Catalogue = page.Catalogue || n.is("Catalog")
	if n.is("Dataset") || n.is("DatasetSeries") || n.is("Distribution") {
		return
	}
	for _, k := range []string{"next", "nextPage"} {
		if t := n.props[k]; len(t) > 0 {
			page.Next = resolve(address, t[0].value)
		}
	}
	if t := n.props["totalItems"]; len(t) > 0 {
		if total := harvest.Int(t[0].value); total > 0 {
			page.Total = int(total)
		}
	}
}

// resolve completes an address that is relative to that of its document; "" where
// it is none.
func resolve(address, ref string) string {
	ref = strings.ReplaceAll(ref, " ", "%20")
	base, err := url.Parse(address)
	if err != nil || ref == "" {
		return ref
	}
	u, err := base.Parse(ref)
	if err != nil {
		return ref
	}
	return u.String()
}
