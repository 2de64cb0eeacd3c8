package d4c

import (
	"context"
	"net/url"
	"strings"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest"
	"cigogne/internal/harvest/ckan"
	"cigogne/internal/httpx"
)

// finder finds where files are that the list gives no address for.
type finder struct {
	s      *Source
	failed atomic.Int32 // lookups in a row that failed
}

const (
	workers   = 4 // lookups at a time: a portal is a shared good
	enough    = 8 // failures in a row after which no more lookups are made
	maxAnswer = 1 << 20
)

// addresses completes the tabular distributions of datasets. A file that has no
// address to be found keeps the portal's own download address; others than
// tables are left as they are. The error is that of ctx.
func (f *finder) addresses(ctx context.Context, datasets []dataset.Dataset) error {
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(workers)
	for i := range datasets {
		d := &datasets[i]
		for j := range d.Distributions {
			x := &d.Distributions[j]
			if x.URL != "" || harvest.TableFormat(*x) == "" {
				continue
			}
			group.Go(func() error {
				x.URL = f.address(gctx, d.ID, x.ID)
				if x.Format == "" || x.URL == "" {
					x.Format = harvest.Format(x.Format, x.MediaType, x.URL)
				}
				return gctx.Err()
			})
		}
	}
	return group.Wait()
}

// address asks where a file is. The answer echoes the record, and also carries
// a Location header: either will do.
func (f *finder) address(ctx context.Context, dataset, file string) string {
	fallback := f.s.api + "/records/2.0/downloadfile/format=csv&resource_id=" + url.PathEscape(file)
	if f.failed.Load() >= enough {
		return fallback
	}
	where := f.s.api + "/datasets/1.0/" + url.PathEscape(dataset) + "/alternative_exports/" + url.PathEscape(file) + "/"
	a, err := f.s.client.Get(ctx, httpx.Get{URL: where, Accept: "application/json", Still: true, MaxBytes: maxAnswer, Attempts: 3})
	if err != nil {
		f.failed.Add(1)
		return fallback
	}
	for _, found := range []string{a.Header.Get("Location"), echoed(a.Body)} {
		if at := usable(found); at != "" {
			f.failed.Store(0)
			return at
		}
	}
	f.failed.Add(1)
	return fallback
}

// usable is an address that can be asked, "" where a text is none.
func usable(s string) string {
	u, err := url.Parse(strings.ReplaceAll(strings.TrimSpace(s), " ", "%20"))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	return u.String()
}

// echoed is the address in the record that the answer repeats, "" where there
// is none.
func echoed(body []byte) string {
	result, err := ckan.Result(body)
	if err != nil {
		return ""
	}
	o, err := harvest.ParseObject(result)
	if err != nil {
		return ""
	}
	return o.Text("url")
}
