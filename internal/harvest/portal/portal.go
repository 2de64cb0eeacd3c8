// Package portal finds out which dialect a portal speaks.
package portal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"cigogne/internal/harvest"
	"cigogne/internal/harvest/ckan"
	"cigogne/internal/harvest/csw"
	"cigogne/internal/harvest/d4c"
	"cigogne/internal/harvest/dcat"
	"cigogne/internal/harvest/folder"
	"cigogne/internal/harvest/geonetwork"
	"cigogne/internal/harvest/melodi"
	"cigogne/internal/harvest/ods"
	"cigogne/internal/harvest/ogc"
	"cigogne/internal/harvest/sdmx"
	"cigogne/internal/harvest/udata"
	"cigogne/internal/httpx"
)

// Portal is a portal that was found, ready to be read.
type Portal interface {
	harvest.Source
	URL() string  // its home, the same for every address it was found at
	Type() string // the dialect it speaks
}

type dialect struct {
	name  string
	marks func(address string) bool // tells that it is of this dialect
	probe func(context.Context, *httpx.Client, string) (Portal, error)
}

// dialects in the order they are tried: where a portal speaks several, the one
// that says most comes first.
func dialects() []dialect {
	return []dialect{
		{ckan.Type, marks("/api/3/action", "/api/action"), probe(ckan.Probe)},
		{d4c.Type, marks("/d4c/api"), probe(d4c.Probe)},
		{udata.Type, marks("/api/1/", "/api/2/", "//www.data.gouv.fr/", "//demo.data.gouv.fr/"), probe(udata.Probe)},
		{ods.Type, marks("/api/explore/", "/explore/"), probe(ods.Probe)},
		{geonetwork.Type, marks("/srv/api", "/catalog.search"), probe(geonetwork.Probe)},
		{csw.Type, marks("/csw", "service=CSW"), probe(csw.Probe)},
		{ogc.Type, marks("/collections"), probe(ogc.Probe)},
		{sdmx.Type, marks("/sdmx", "/dataflow"), probe(sdmx.Probe)},
		{melodi.Type, marks("/melodi"), probe(melodi.Probe)},
		{dcat.Type, marks(".jsonld", ".rdf", ".ttl", "/catalog.xml", "/data.json"), probe(dcat.Probe)},
		{folder.Type, marks("file://"), probe(func(_ context.Context, _ *httpx.Client, u string) (*folder.Source, error) { return folder.New(u) })},
	}
}

// marks tell by an address which dialect it is of.
func marks(all ...string) func(string) bool {
	return func(address string) bool {
		return slices.ContainsFunc(all, func(m string) bool { return strings.Contains(address, m) })
	}
}

func probe[P Portal](p func(context.Context, *httpx.Client, string) (P, error)) func(context.Context, *httpx.Client, string) (Portal, error) {
	return func(ctx context.Context, c *httpx.Client, u string) (Portal, error) { return found(p(ctx, c, u)) }
}

// found keeps a nil pointer from becoming a Portal that is not nil.
func found[P Portal](p P, err error) (Portal, error) {
	if err != nil {
		return nil, err
	}
	return p, nil
}

// Types lists the names of the dialects.
func Types() []string {
	var names []string
	for _, d := range dialects() {
		names = append(names, d.name)
	}
	return names
}

// Detect finds the portal at an address, which may be that of its home, of one
// of its pages or of its interface. kind is a name of Types, or "" to find out.
// Errors are *httpx.Error where nothing could be had, *harvest.Error where what
// answers is no portal known here.
func Detect(ctx context.Context, client *httpx.Client, address, kind string) (Portal, error) {
	address = strings.TrimSpace(address)
	if kind == folder.Type || kind == "" && !strings.Contains(address, "://") && folder.Is(address) {
		return found(folder.New(address))
	}
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	all := dialects()
	if kind != "" {
		i := slices.IndexFunc(all, func(d dialect) bool { return d.name == strings.ToLower(kind) })
		if i < 0 {
			return nil, fmt.Errorf("unknown type %q (known: %s)", kind, strings.Join(Types(), ", "))
		}
		return all[i].probe(ctx, client, address)
	}
	for _, d := range all {
		if d.marks(address) {
			return d.probe(ctx, client, address)
		}
	}
	return ask(ctx, client, address, all)
}

// ask finds out by asking, in every dialect.
func ask(ctx context.Context, client *httpx.Client, address string, all []dialect) (Portal, error) {
	if _, err := httpx.NewRequest(ctx, address); err != nil {
		return nil, err
	}
	var first error
	for _, d := range all {
		if d.name == folder.Type {
			continue
		}
		p, err := d.probe(ctx, client, address)
		if err == nil {
			return p, nil
		}
		var no *harvest.Error
		if !errors.As(err, &no) {
			return nil, err // nothing answers: no other dialect will
		}
		if first == nil {
			first = no.Err
		}
	}
	return nil, refusal(address, first)
}

// refusal tells a portal that is failing from an address that is none.
func refusal(address string, cause error) error {
	var e *httpx.Error
	if errors.As(cause, &e) && e.Temporary() && e.Reason != httpx.NotAnswer {
		return cause
	}
	return &harvest.Error{URL: address, Err: cause}
}
