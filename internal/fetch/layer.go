package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"

	"cigogne/internal/httpx"
)

// IsLayer tells whether an address asks a WFS for the features of a layer.
func IsLayer(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	q := lower(u.Query())
	return strings.EqualFold(q.Get("request"), "GetFeature") && q.Get("typenames")+q.Get("typename") != ""
}

// lower are parameters by their names in lower case: a WFS takes any.
func lower(q url.Values) url.Values {
	out := url.Values{}
	for k, v := range q {
		out[strings.ToLower(k)] = v
	}
	return out
}

// layer is a feature type of a WFS.
type layer struct {
	c    *Client
	req  Request
	base url.URL
	q    url.Values
	form form
	sort string // property to page by; "": the server's own order
}

const maxLayerPages = 10_000

// Layer downloads all features of a layer of a WFS to path, as CSV, else as
// GeoJSON. What comes is held against the server's own count; a server that caps
// what it gives is asked page by page. Fewer features than it counts are an
// *httpx.Error with Reason Cut: part of a layer is no layer. Other errors are as
// of Fetch.
func (c *Client) Layer(ctx context.Context, req Request, path string) (_ File, err error) {
	u, err := url.Parse(req.URL)
	if err != nil {
		return File{}, &httpx.Error{Reason: httpx.Invalid, URL: req.URL, Err: err}
	}
	l := &layer{c: c, req: req, base: *u, q: lower(u.Query())}
	for _, k := range []string{"outputformat", "count", "maxfeatures", "startindex", "resulttype", "sortby"} {
		l.q.Del(k)
	}
	if l.q.Get("version") == "" {
		l.q.Set("version", "2.0.0")
	}
	l.q.Set("service", "WFS")
	defer func() {
		if err != nil {
			os.Remove(path)
		}
	}()
	f, n, err := l.whole(ctx, path)
	if err != nil {
		return File{}, err
	}
	if err := l.rest(ctx, path, n); err != nil {
		return File{}, err
	}
	f.ETag, f.LastModified, f.URL = "", "", req.URL // of one request among several
	f.SHA256, f.Size, err = identify(path)
	return f, err
}

// bounded is the error of a layer that is larger than allowed.
func (l *layer) bounded(path string) error {
	most := l.req.MaxBytes
	if most <= 0 {
		most = l.c.max
	}
	if info, err := os.Stat(path); err != nil || info.Size() <= most {
		return err
	}
	return &httpx.Error{Reason: httpx.TooLarge, URL: l.req.URL, Detail: fmt.Sprintf("> %d MB", most>>20)}
}

// whole asks for all features at once, in the first form that the server writes,
// and counts what came.
func (l *layer) whole(ctx context.Context, path string) (f File, n int, err error) {
	var first error
	for _, l.form = range forms {
		if f, n, err = l.get(ctx, path, nil); err == nil {
			return f, n, nil
		}
		var e *httpx.Error
		if !errors.As(err, &e) || e.Reason != httpx.WrongContent && e.Reason != httpx.NotAnswer && e.Reason != httpx.Upstream {
			return f, 0, err
		}
		if first == nil {
			first = err
		}
	}
	return f, 0, first
}

// get asks for features in the layer's form.
func (l *layer) get(ctx context.Context, path string, more url.Values) (File, int, error) {
	u, q := l.base, url.Values{}
	for _, from := range []url.Values{l.q, more, {"outputformat": {l.form.name}}} {
		for k, v := range from {
			q[k] = v
		}
	}
	u.RawQuery = q.Encode()
	f, err := l.c.Fetch(ctx, Request{URL: u.String(), MaxBytes: l.req.MaxBytes}, path)
	if err != nil {
		return f, 0, err
	}
	n, err := l.form.count(path)
	if err != nil { // the server has its own idea of what to write
		os.Remove(path)
		return f, 0, &httpx.Error{Reason: httpx.NotAnswer, URL: u.String(), Err: err}
	}
	return f, n, nil
}

// rest adds what a server that caps its answers has kept back. Its count alone
// does not tell: where a server is set to give so many at most, MapServer counts
// no more than that. So the feature after the last is asked for, too.
func (l *layer) rest(ctx context.Context, path string, had int) error {
	total, size := l.total(ctx), had
	page := path + ".page"
	defer os.Remove(page)
	last, _, err := identify(path)
	if err != nil {
		return err
	}
	for range maxLayerPages {
		if had >= total && !l.another(ctx, page, had) {
			return l.joined(path, had)
		}
		n, sum, err := l.page(ctx, page, had, size)
		if err != nil && ctx.Err() == nil && l.orders(path) {
			// Many servers page in an order only: from the start then, since
			// what came before was in none.
			had, last, err = l.page(ctx, path, 0, size)
			if err == nil {
				continue
			}
		}
		if err != nil {
			return err
		}
		if n == 0 || sum == last { // it gives the same, whatever it is asked
			break
		}
		if err := l.form.extend(path, page); err != nil {
			return &httpx.Error{Reason: httpx.NotAnswer, URL: l.req.URL, Err: err}
		}
		if err := l.bounded(path); err != nil {
			return err
		}
		had, last = had+n, sum
	}
	if had >= total {
		return l.joined(path, had)
	}
	return &httpx.Error{Reason: httpx.Cut, URL: l.req.URL, Err: fmt.Errorf("%d features of %d", had, total)}
}

// joined tells whether a file holds as many features as its pages did: a quote
// that a page leaves open takes the next one's rows in.
func (l *layer) joined(path string, had int) error {
	n, err := l.form.count(path)
	if err != nil || n != had {
		return &httpx.Error{Reason: httpx.Cut, URL: l.req.URL, Err: errors.Join(fmt.Errorf("pages of %d features make %d", had, n), err)}
	}
	return nil
}

// orders finds what to ask the features in the order of, where they were asked in
// none; false where there is nothing.
func (l *layer) orders(path string) bool {
	if l.sort != "" {
		return false
	}
	l.sort = l.form.sorts(path)
	return l.sort != ""
}

// another tells whether the server has a feature after so many; after none, there is
// nothing to ask.
func (l *layer) another(ctx context.Context, page string, had int) bool {
	if had == 0 {
		return false
	}
	n, _, err := l.page(ctx, page, had, 1)
	return err == nil && n > 0
}

// page asks for features from one on, and tells how many came and what identifies
// them.
func (l *layer) page(ctx context.Context, path string, start, size int) (n int, sum string, err error) {
	q := url.Values{"startindex": {strconv.Itoa(start)}, "count": {strconv.Itoa(size)}, "maxfeatures": {strconv.Itoa(size)}}
	if l.sort != "" {
		q.Set("sortby", l.sort)
	}
	if _, n, err = l.get(ctx, path, q); err != nil {
		return 0, "", err
	}
	sum, _, err = identify(path)
	return n, sum, err
}

var counted = regexp.MustCompile(`\b(?:numberMatched|numberOfFeatures)\s*=\s*["'](\d+)["']`)

// total is how many features the server counts; 0 where it does not tell.
func (l *layer) total(ctx context.Context) int {
	u, q := l.base, url.Values{"resulttype": {"hits"}}
	for k, v := range l.q {
		q[k] = v
	}
	u.RawQuery = q.Encode()
	a, err := l.c.http.Get(ctx, httpx.Get{URL: u.String(), MaxBytes: 1 << 20, Attempts: 2})
	if err != nil {
		return 0
	}
	if m := counted.FindSubmatch(a.Body); m != nil {
		n, _ := strconv.Atoi(string(m[1]))
		return n
	}
	return 0
}

func identify(path string) (sum string, size int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	h := sha256.New()
	size, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), size, err
}
