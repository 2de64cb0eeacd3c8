// Package udata reads portals made with udata (data.gouv.fr), by the first
// version of its interface, or the second where that alone answers.
package udata

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"cigogne/internal/harvest"
	"cigogne/internal/httpx"
)

// Type is the name of this dialect.
const Type = "udata"

const (
	rows    = 100
	workers = 4 // requests at a time: a portal is a shared good
)

// Source is a udata portal, or the part of it that its address asks for:
// organization, tag, geozone, q and the like.
type Source struct {
	client *httpx.Client
	base   string // without a slash at its end
	list   string // path of the list
	filter url.Values
}

// lists in the order they are tried: the first has files in it.
var lists = []string{"/api/1/datasets/", "/api/2/datasets/", search}

// search is a list that reaches as far as window only: from both ends, twice that.
const search = "/api/2/datasets/search/"

// narrowing are the parameters of an address that narrow the list.
var narrowing = []string{"q", "organization", "owner", "tag", "license", "geozone", "granularity", "format", "schema", "temporal_coverage", "featured", "topic", "badge", "organization_badge"}

// Probe finds the portal at an address: its home, one of its pages, or a list of
// its interface with what narrows it. An organization's page is that
// organization's part.
func Probe(ctx context.Context, client *httpx.Client, address string) (*Source, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, &httpx.Error{Reason: httpx.Invalid, URL: address, Err: err}
	}
	s := part(client, u)
	var first error
	for _, s.list = range lists {
		_, err := s.page(ctx, 0, 1, 2)
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

// part is the part of a portal that an address asks for.
func part(client *httpx.Client, u *url.URL) *Source {
	s := &Source{client: client, filter: url.Values{}}
	for _, k := range narrowing {
		if v := u.Query()[k]; len(v) > 0 && v[0] != "" {
			s.filter[k] = v
		}
	}
	path := u.Path
	for _, mark := range []string{"/api/1/", "/api/2/", "/fr/", "/en/", "/es/", "/datasets", "/organizations/"} {
		if i := strings.Index(path+"/", mark); i >= 0 {
			path = path[:min(i, len(path))]
		}
	}
	if _, rest, ok := strings.Cut(u.Path, "/organizations/"); ok && !s.filter.Has("organization") {
		if slug, _, _ := strings.Cut(rest, "/"); slug != "" {
			s.filter.Set("organization", slug)
		}
	}
	s.base = u.Scheme + "://" + u.Host + strings.TrimRight(path, "/")
	return s
}

// URL is the portal's home, with what narrows the list.
func (s *Source) URL() string {
	if len(s.filter) == 0 {
		return s.base
	}
	return s.base + "/datasets/?" + s.filter.Encode()
}

// Type is "udata".
func (s *Source) Type() string { return Type }

// Harvest implements harvest.Source.
func (s *Source) Harvest(ctx context.Context, to harvest.Sink) (harvest.Report, error) {
	return harvest.List{Type: Type, Rows: rows, Fetch: s.page, Decode: Decoder(s.base)}.Harvest(ctx, to)
}

// page asks for records. Pages are numbered, so that a start that is no
// multiple of the length gets a shorter page. The first version answers 404
// past its last page.
func (s *Source) page(ctx context.Context, start, rows, attempts int) (harvest.Page, error) {
	for start%rows != 0 {
		rows--
	}
	q := url.Values{}
	for k, v := range s.filter {
		q[k] = v
	}
	order := "created"
	if s.list == search && start >= window { // it reaches no further: on from the other end
		order, start = "-created", start-window
	}
	q.Set("page", strconv.Itoa(start/rows+1))
	q.Set("page_size", strconv.Itoa(rows))
	q.Set("sort", order)
	address := s.base + s.list + "?" + q.Encode()
	var page harvest.Page
	_, err := s.client.Get(ctx, httpx.Get{
		URL: address, Accept: "application/json", Attempts: attempts,
		Check: func(a *httpx.Answer) (err error) {
			if page, err = ParsePage(a.Body); err != nil {
				return &httpx.Error{Reason: httpx.NotAnswer, URL: address, Status: a.Status, Err: err}
			}
			return nil
		},
	})
	var e *httpx.Error
	if start > 0 && errors.As(err, &e) && e.Reason == httpx.NotFound {
		return harvest.Page{Total: -1}, nil
	}
	if err != nil {
		return page, err
	}
	return page, s.complete(ctx, page.Records)
}

// complete puts the files into records that only say where they are listed.
func (s *Source) complete(ctx context.Context, records []json.RawMessage) error {
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(workers)
	for i := range records {
		o, err := harvest.ParseObject(records[i])
		if err != nil {
			continue
		}
		link := o.Object("resources").Text("href")
		if link == "" || harvest.Int(o.Object("resources")["total"]) == 0 {
			continue
		}
		group.Go(func() error {
			files, err := s.files(gctx, harvest.Absolute(s.base, link))
			if err != nil {
				return gctx.Err() // the record stands without its files
			}
			o["resources"] = files
			if full, err := json.Marshal(o); err == nil {
				records[i] = full
			}
			return nil
		})
	}
	return group.Wait()
}

const maxFilePages = 40

// files reads the pages of a record's files, as long as they stay on the portal.
func (s *Source) files(ctx context.Context, link string) ([]any, error) {
	home, err := url.Parse(s.base)
	if err != nil {
		return nil, err
	}
	var all []any
	for range maxFilePages {
		u, err := url.Parse(link)
		if err != nil || u.Host != home.Host {
			break
		}
		a, err := s.client.Get(ctx, httpx.Get{URL: link, Accept: "application/json", Attempts: 3})
		if err != nil {
			return nil, err
		}
		o, err := harvest.ParseObject(a.Body)
		if err != nil {
			return nil, err
		}
		all = append(all, o.List("data")...)
		if link = o.Text("next_page"); link == "" {
			break
		}
	}
	return all, nil
}

// ParsePage reads a page of a list: {"data":[…],"total":n,…}.
func ParsePage(b []byte) (harvest.Page, error) {
	var answer struct {
		Data  json.RawMessage
		Total any
		Page  any
		Next  any `json:"next_page"`
	}
	if err := harvest.Decode(b, &answer); err != nil {
		return harvest.Page{}, err
	}
	records, err := harvest.RawList(answer.Data)
	if err != nil || answer.Total == nil && answer.Page == nil && answer.Next == nil {
		return harvest.Page{}, errors.New("no page of a list")
	}
	// A search answers "10000" for that and more.
	total := harvest.Total(answer.Total)
	if total >= window {
		total = -1
	}
	return harvest.Page{Total: total, Records: records}, nil
}

// window is as far as the search of version 2 reaches.
const window = 10_000
