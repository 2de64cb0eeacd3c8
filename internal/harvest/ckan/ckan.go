// Package ckan reads portals that speak CKAN's action API, DKAN's look-alike
// included.
package ckan

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"cigogne/internal/harvest"
	"cigogne/internal/httpx"
)

// Type is the name of this dialect.
const Type = "ckan"

// Source is a CKAN portal.
type Source struct {
	client *httpx.Client
	base   string // without a slash at its end
	action string // path of the actions below it
	list   listing
}

// listing is an action that lists records, and how it is asked for a part.
type listing struct {
	name, start, rows, sort string
}

// listings in the order they are tried. Sorting keeps pages from drifting while
// they are read; some portals refuse it.
var listings = []listing{
	{"package_search", "start", "rows", "id asc"},
	{"package_search", "start", "rows", ""},
	{"current_package_list_with_resources", "offset", "limit", ""}, // DKAN
}

// rows is CKAN's own limit on a page.
const rows = 1000

// New returns the portal at the base address; see Probe for one that checks.
func New(client *httpx.Client, base string) *Source {
	return &Source{client: client, base: strings.TrimRight(base, "/"), action: "/api/3/action/", list: listings[0]}
}

// Probe finds the CKAN portal at an address: its home, or that of one of its
// pages or actions. The error is an *httpx.Error, or a *harvest.Error where
// what answers is no CKAN.
func Probe(ctx context.Context, client *httpx.Client, address string) (*Source, error) {
	base := address
	for _, mark := range []string{"/api/3/", "/api/action/", "/api/3", "/dataset"} {
		if i := strings.Index(base, mark); i >= 0 && (i+len(mark) == len(base) || strings.HasSuffix(mark, "/") || strings.ContainsAny(base[i+len(mark):i+len(mark)+1], "/?")) {
			base = base[:i]
			break
		}
	}
	base, _, _ = strings.Cut(base, "?")
	s := New(client, base)
	var first error
	for _, s.action = range []string{"/api/3/action/", "/api/action/"} {
		absent := ""
		for _, s.list = range listings {
			if s.list.name == absent {
				continue
			}
			_, err := s.page(ctx, 0, 1, 2)
			if err == nil {
				return s, nil
			}
			var e *httpx.Error
			if harvest.Hopeless(ctx, err) {
				return nil, err
			}
			if first == nil {
				first = err
			}
			if errors.As(err, &e) && e.Reason == httpx.NotFound {
				absent = s.list.name
			}
		}
	}
	return nil, &harvest.Error{URL: address, Kind: Type, Err: first}
}

// URL is the portal's home.
func (s *Source) URL() string { return s.base }

// Type is "ckan".
func (s *Source) Type() string { return Type }

// Harvest implements harvest.Source.
func (s *Source) Harvest(ctx context.Context, to harvest.Sink) (harvest.Report, error) {
	return harvest.List{Type: Type, Rows: rows, Fetch: s.page, Decode: Decoder(s.base)}.Harvest(ctx, to)
}

func (s *Source) page(ctx context.Context, start, rows, attempts int) (harvest.Page, error) {
	q := url.Values{s.list.start: {fmt.Sprint(start)}, s.list.rows: {fmt.Sprint(rows)}}
	if s.list.sort != "" {
		q.Set("sort", s.list.sort)
	}
	return GetPage(ctx, s.client, s.base+s.action+s.list.name+"?"+q.Encode(), attempts)
}
