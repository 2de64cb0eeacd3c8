// Package ods reads Opendatasoft (Huwise) portals by their Explore interface,
// version 2.1.
package ods

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"

	"cigogne/internal/harvest"
	"cigogne/internal/httpx"
)

// Type is the name of this dialect.
const Type = "ods"

const (
	rows   = 100    // the portal's own limit
	window = 10_000 // a list goes no further than that, offset and limit together
)

// Source is an Opendatasoft portal.
type Source struct {
	client *httpx.Client
	base   string // without a slash at its end
	filter url.Values
}

const api = "/api/explore/v2.1"

// Probe finds the portal at an address: its home, one of its pages or of its
// interface; where and refine narrow the list.
func Probe(ctx context.Context, client *httpx.Client, address string) (*Source, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, &httpx.Error{Reason: httpx.Invalid, URL: address, Err: err}
	}
	path, _, _ := strings.Cut(u.Path, "/api/explore/")
	path, _, _ = strings.Cut(path, "/explore")
	s := &Source{client: client, base: u.Scheme + "://" + u.Host + strings.TrimRight(path, "/"), filter: url.Values{}}
	for _, k := range []string{"where", "refine", "exclude"} {
		if v := u.Query()[k]; len(v) > 0 && v[0] != "" {
			s.filter[k] = v
		}
	}
	if _, err = s.page(ctx, 0, 1, 2); err != nil {
		if harvest.Hopeless(ctx, err) {
			return nil, err
		}
		return nil, &harvest.Error{URL: address, Kind: Type, Err: err}
	}
	return s, nil
}

// URL is the portal's home.
func (s *Source) URL() string {
	if len(s.filter) == 0 {
		return s.base
	}
	return s.base + "/explore/?" + s.filter.Encode()
}

// Type is "ods".
func (s *Source) Type() string { return Type }

// Harvest implements harvest.Source.
func (s *Source) Harvest(ctx context.Context, to harvest.Sink) (harvest.Report, error) {
	return harvest.List{Type: Type, Rows: rows, Fetch: s.page, Decode: Decoder(s.base)}.Harvest(ctx, to)
}

// page asks for records; past the window, the rest comes in one piece, as an
// export, which has no limit.
func (s *Source) page(ctx context.Context, start, rows, attempts int) (harvest.Page, error) {
	q := url.Values{"order_by": {"dataset_id"}}
	for k, v := range s.filter {
		q[k] = v
	}
	address := s.base + api + "/catalog/datasets?"
	if start+rows > window {
		address = s.base + api + "/catalog/exports/json?"
	} else {
		q.Set("limit", strconv.Itoa(rows))
		q.Set("offset", strconv.Itoa(start))
	}
	address += q.Encode()
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
	if err == nil && start+rows > window {
		page.Records = page.Records[min(start, len(page.Records)):]
	}
	return page, err
}

// ParsePage reads a page of the catalogue ({"total_count":n,"results":[…]}, in
// older versions "datasets") or an export of it ([…]).
func ParsePage(b []byte) (harvest.Page, error) {
	if list, err := harvest.RawList(b); err == nil && strings.HasPrefix(strings.TrimSpace(string(b)), "[") {
		return harvest.Page{Total: len(list), Records: list}, nil
	}
	var answer struct {
		Total    any             `json:"total_count"`
		Hits     any             `json:"nhits"`
		Results  json.RawMessage `json:"results"`
		Datasets json.RawMessage `json:"datasets"`
		Error    any             `json:"error"`
		Code     any             `json:"error_code"`
		Message  any             `json:"message"`
	}
	if err := harvest.Decode(b, &answer); err != nil {
		return harvest.Page{}, err
	}
	if answer.Total == nil {
		answer.Total = answer.Hits
	}
	if answer.Results == nil {
		answer.Results = answer.Datasets
	}
	records, err := harvest.RawList(answer.Results)
	if err != nil || answer.Total == nil {
		if said := harvest.Texts([]any{answer.Code, answer.Error, answer.Message}, 3); len(said) > 0 {
			return harvest.Page{}, errors.New("the portal says: " + strings.Join(said, " "))
		}
		return harvest.Page{}, errors.New("no page of a catalogue")
	}
	return harvest.Page{Total: harvest.Total(answer.Total), Records: records}, nil
}
