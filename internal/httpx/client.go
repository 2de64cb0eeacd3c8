package httpx

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"
)

// Options are how a Client behaves. The zero value is for public servers.
type Options struct {
	Guard    Guard
	Stall    time.Duration // how long a server may stay silent; 0: 30 s
	Attempts int           // for one request; 0: 5
	Backoff  time.Duration // before the second attempt, doubled before each next; 0: 400 ms

	// Rate is how many requests a second one server gets at most; 0: ten, and any
	// number for this machine; negative: any number.
	Rate float64

	// Waiting is told, from time to time, of a server that keeps us waiting: its
	// name, and since when nothing has come of a request. Optional; requests made
	// at once tell it at once.
	Waiting func(host string, since time.Duration)
	Patient time.Duration // before Waiting is told, and told again; 0: 10 s

	// Proxy tells which proxy a request goes through, such as
	// http.ProxyFromEnvironment; nil: none. It is trusted, and the last word on
	// addresses that only it can resolve.
	Proxy func(*http.Request) (*url.URL, error)
}

// maxRedirects is how often a server may send elsewhere.
const maxRedirects = 5

// userAgent lets a portal's keeper see who calls.
const userAgent = "cigogne/1 (assistant for open data)"

// Client reads servers. It is safe for concurrent use.
type Client struct {
	opt   Options
	http  *http.Client
	still *http.Client

	polite *polite
	shelf  *Shelf
}

// With returns a client that is the same, and keeps answers of Get on a shelf.
func (c *Client) With(s *Shelf) *Client {
	other := *c
	other.shelf = s
	return &other
}

// New returns a client.
func New(opt Options) *Client {
	if opt.Stall <= 0 {
		opt.Stall = 30 * time.Second
	}
	if opt.Patient <= 0 {
		opt.Patient = 10 * time.Second
	}
	if opt.Attempts <= 0 {
		opt.Attempts = 5
	}
	if opt.Backoff <= 0 {
		opt.Backoff = 400 * time.Millisecond
	}
	g := &guarded{guard: opt.Guard, proxy: opt.Proxy, dialer: &net.Dialer{Timeout: min(opt.Stall, 15*time.Second)}}
	g.next = &http.Transport{
		Proxy:                  opt.Proxy,
		DialContext:            g.dial,
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    min(opt.Stall, 15*time.Second),
		ResponseHeaderTimeout:  opt.Stall,
		IdleConnTimeout:        30 * time.Second,
		MaxIdleConnsPerHost:    8,
		MaxResponseHeaderBytes: 1 << 20,
	}
	return &Client{
		opt: opt, polite: newPolite(opt.Rate),
		http:  &http.Client{Transport: g, CheckRedirect: checkRedirect},
		still: &http.Client{Transport: g, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}
}

func checkRedirect(req *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return &Error{Reason: Redirects, URL: via[0].URL.String()}
	}
	return checkURL(req.URL)
}

func checkURL(u *url.URL) error {
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return &Error{Reason: Invalid, URL: u.String()}
	}
	return nil
}

// NewRequest returns a GET request, or an *Error with Reason Invalid.
func NewRequest(ctx context.Context, address string) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, &Error{Reason: Invalid, URL: address, Err: err}
	}
	if err := checkURL(req.URL); err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", userAgent)
	return req, nil
}

// Do makes one attempt at a request. A status below 400 is a success, and its
// body fails with an *Error when it stalls or is cut; the caller closes it.
// Every other error is an *Error, or that of the request's context.
func (c *Client) Do(req *http.Request) (*http.Response, error) { return c.do(c.http, req) }

func (c *Client) do(client *http.Client, req *http.Request) (*http.Response, error) {
	address := req.URL.String()
	if err := c.polite.wait(req.Context(), req.URL.Host, address); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(req.Context())
	q := c.listen(ctx, req.URL.Host)
	resp, err := client.Do(req.WithContext(ctx))
	if err != nil {
		defer cancel(nil)
		return nil, transportError(req.Context(), address, unwrapURL(err))
	}
	if resp.StatusCode >= 400 {
		defer cancel(nil)
		resp.Body.Close()
		failed := statusError(address, resp)
		c.polite.pause(req.URL.Host, failed.After)
		return nil, failed
	}
	q.heard()
	resp.Body = &body{in: resp.Body, address: address, ctx: ctx, cancel: cancel, stall: c.opt.Stall, quiet: q}
	return resp, nil
}

// unwrapURL takes off the layer that repeats the address.
func unwrapURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// maxSilent is how often a server may let us wait for nothing: each time is long.
const maxSilent = 2

// Retry calls try until it succeeds, fails for good, or has failed as often as
// allowed (attempts; 0: the client's own number), waiting longer each time, and
// at least as long as the server asks.
func (c *Client) Retry(ctx context.Context, attempts int, try func() error) error {
	if attempts <= 0 {
		attempts = c.opt.Attempts
	}
	wait, silent := c.opt.Backoff, 0
	for n := 1; ; n++ {
		err := try()
		var e *Error
		if err == nil || !errors.As(err, &e) || !e.Temporary() || n >= attempts || e.After > maxWait {
			return err
		}
		if e.Reason == Timeout {
			if silent++; silent == maxSilent {
				return err
			}
		}
		if err := sleep(ctx, max(jitter(wait), e.After)); err != nil {
			return fmt.Errorf("get %s: %w", e.URL, err)
		}
		wait = min(2*wait, maxWait)
	}
}
