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
	"cigogne/internal/harvest/d4c"
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
	mark  string // in an address, tells that it is of this dialect
	probe func(context.Context, *httpx.Client, string) (Portal, error)
}

// dialects in the order they are tried: where a portal speaks several, the one
// that says most comes first.
func dialects() []dialect {
	return []dialect{
		{ckan.Type, "/api/3/action", func(ctx context.Context, c *httpx.Client, u string) (Portal, error) {
			return found(ckan.Probe(ctx, c, u))
		}},
		{d4c.Type, "/d4c/api", func(ctx context.Context, c *httpx.Client, u string) (Portal, error) {
			return found(d4c.Probe(ctx, c, u))
		}},
	}
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
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	if _, err := httpx.NewRequest(ctx, address); err != nil {
		return nil, err
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
		if strings.Contains(address, d.mark) {
			return d.probe(ctx, client, address)
		}
	}
	var first error
	for _, d := range all {
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
