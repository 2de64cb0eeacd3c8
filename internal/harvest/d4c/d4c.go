// Package d4c reads Data4Citizen portals (DataGrandEst): CKAN records behind an
// interface of their own, whose parameters stand in the path, and whose answers
// leave out where the files are.
package d4c

import (
	"context"
	"fmt"
	"strings"

	"cigogne/internal/harvest"
	"cigogne/internal/harvest/ckan"
	"cigogne/internal/httpx"
)

// Type is the name of this dialect.
const Type = "d4c"

const rows = 1000

// Source is a Data4Citizen portal.
type Source struct {
	client *httpx.Client
	base   string // the portal's home, without a slash at its end
	api    string // below it, where the interface is: …/d4c/api
}

// New returns the portal whose interface is at base + "/d4c/api"; see Probe for
// one that finds it.
func New(client *httpx.Client, base string) *Source {
	base = strings.TrimRight(base, "/")
	return &Source{client: client, base: base, api: base + "/d4c/api"}
}

// Probe finds the Data4Citizen portal at an address: its home, the site it is
// a part of, or one of its interface's addresses. The error is an
// *httpx.Error, or a *harvest.Error where what answers is none.
func Probe(ctx context.Context, client *httpx.Client, address string) (*Source, error) {
	base, _, _ := strings.Cut(address, "?")
	base = strings.TrimRight(base, "/")
	var bases []string
	if i := strings.Index(base+"/", "/d4c/"); i >= 0 {
		bases = []string{base[:i]}
	} else {
		bases = []string{base, base + "/data4citizen"}
		if i := strings.Index(base, "/data4citizen/"); i >= 0 { // one of its pages
			bases = []string{base[:i] + "/data4citizen"}
		}
	}
	var first error
	for _, b := range bases {
		s := New(client, b)
		page, err := s.page(ctx, 0, 1, 2)
		if err == nil && len(page.Records) == 0 && page.Total > 0 {
			page, err = s.page(ctx, 1, 1, 2)
		}
		if err == nil {
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

// URL is the portal's home.
func (s *Source) URL() string { return s.base }

// Type is "d4c".
func (s *Source) Type() string { return Type }

// Harvest implements harvest.Source. Each new dataset's tabular files get their
// addresses before it is given.
func (s *Source) Harvest(ctx context.Context, to harvest.Sink) (harvest.Report, error) {
	find := finder{s: s}
	return harvest.List{Type: Type, Rows: rows, Fetch: s.page, Decode: ckan.Decoder(s.base), Complete: find.addresses}.Harvest(ctx, to)
}

// page asks for records. The parameters stand in the path, without a question
// mark; no other is known to be taken everywhere.
func (s *Source) page(ctx context.Context, start, rows, attempts int) (harvest.Page, error) {
	return ckan.GetPage(ctx, s.client, fmt.Sprintf("%s/datasets/2.0/search/start=%d&rows=%d", s.api, start, rows), attempts)
}
