// Package sdmx reads statistical offices that speak SDMX 2.1 (INSEE's BDM,
// Eurostat): each dataflow is a dataset, whose file are its observations.
package sdmx

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest"
	"cigogne/internal/harvest/xmltree"
	"cigogne/internal/httpx"
)

// Type is the name of this dialect, and the format of its files.
const Type = "sdmx"

// Accept is how structures are asked for.
const Accept = "application/vnd.sdmx.structure+xml;version=2.1, application/xml;q=0.9"

// Source is a server.
type Source struct {
	client *httpx.Client
	base   string // up to …/dataflow, without a slash at its end
	list   string // address of the list of its dataflows
}

// Probe finds the server at an address: its home, or that of a list of dataflows
// ("…/dataflow/FR1/all"), which may be an agency's.
func Probe(ctx context.Context, client *httpx.Client, address string) (*Source, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, &httpx.Error{Reason: httpx.Invalid, URL: address, Err: err}
	}
	base, listed, given := strings.Cut(strings.TrimRight(address, "/"), "/dataflow")
	s := &Source{client: client, base: strings.TrimRight(base, "/")}
	s.list = s.base + "/dataflow" + listed
	if !given || listed == "" {
		s.list = s.base + "/dataflow/all/all/latest"
	}
	if _, _, err = s.flows(ctx, 2); err != nil {
		if harvest.Hopeless(ctx, err) {
			return nil, err
		}
		return nil, &harvest.Error{URL: address, Kind: Type, Err: err}
	}
	return s, nil
}

// URL is the list of its dataflows.
func (s *Source) URL() string { return s.list }

// Type is "sdmx".
func (s *Source) Type() string { return Type }

// Harvest implements harvest.Source: all dataflows come in one answer.
func (s *Source) Harvest(ctx context.Context, to harvest.Sink) (harvest.Report, error) {
	report := harvest.Report{Type: Type, Declared: -1}
	flows, broken, err := s.flows(ctx, 0)
	if err != nil {
		return report, err
	}
	report.Pages, report.Broken = 1, broken
	had := map[string]bool{}
	for _, d := range flows {
		if had[d.ID] {
			report.Duplicates++
			continue
		}
		had[d.ID] = true
		if err := to.Put(d); err != nil {
			return report, err
		}
		report.Datasets++
	}
	to.Told(report)
	return report, nil
}

func (s *Source) flows(ctx context.Context, attempts int) (all []dataset.Dataset, broken int, err error) {
	_, err = s.client.Get(ctx, httpx.Get{
		URL: s.list, Accept: Accept, Attempts: attempts,
		Check: func(a *httpx.Answer) (err error) {
			if all, broken, err = Parse(a.Body, s.base); err != nil {
				return &httpx.Error{Reason: httpx.NotAnswer, URL: s.list, Status: a.Status, Err: err}
			}
			return nil
		},
	})
	return all, broken, err
}

var errNoFlows = errors.New("no list of dataflows")

// Parse reads a list of dataflows of the server at base. broken are those without
// an ID or a name.
func Parse(b []byte, base string) (all []dataset.Dataset, broken int, err error) {
	root, err := xmltree.Parse(b)
	if err != nil {
		return nil, 0, err
	}
	if root.Name != "Structure" || root.First("Dataflows") == nil {
		return nil, 0, errNoFlows
	}
	for _, n := range root.First("Dataflows").Children("Dataflow") {
		id, title := harvest.Line(n.Attr("id")), harvest.Line(said(n, "Name"))
		if id == "" || title == "" {
			broken++
			continue
		}
		agency := harvest.Line(n.Attr("agencyID"))
		d := dataset.Dataset{
			ID: strings.Trim(agency+":"+id, ":"), Name: id, Title: title, Description: harvest.Plain(said(n, "Description")), Publisher: agency,
			Portal: base, URL: base + "/dataflow/" + url.PathEscape(agency) + "/" + url.PathEscape(id),
		}
		d.Distributions = []dataset.Distribution{{ID: id, Title: title, Format: Type, MediaType: "application/xml", URL: base + "/data/" + url.PathEscape(id)}}
		all = append(all, d)
	}
	return all, broken, nil
}

// said is a text in French, else in English, else in any language.
func said(n *xmltree.Node, name string) string {
	best, rank := "", 4
	for _, c := range n.Children(name) {
		r := 3
		switch c.Attr("lang") {
		case "fr":
			r = 0
		case "":
			r = 1
		case "en":
			r = 2
		}
		if t := c.Text(); t != "" && r < rank {
			best, rank = t, r
		}
	}
	return best
}
