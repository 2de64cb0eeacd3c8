package httpx

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// Answer is a small answer, whole.
type Answer struct {
	URL    string // after redirects
	Status int
	Header http.Header
	Body   []byte
}

// Get is a request for a small answer.
type Get struct {
	URL      string
	Accept   string              // media types, optional
	MaxBytes int64               // unpacked; 0: 64 MiB
	Attempts int                 // 0: the client's own number
	Body     []byte              // sent by POST where there is one: a question too long for an address
	Type     string              // media type of Body
	Still    bool                // do not follow redirects: their Location is the answer
	Check    func(*Answer) error // an *Error of it counts as a failed attempt; optional
}

const defaultMaxBytes = 64 << 20

// Get reads a small answer whole, with as many attempts as allowed. Errors are
// *Error, or that of ctx.
func (c *Client) Get(ctx context.Context, g Get) (*Answer, error) {
	before, fresh := c.shelf.find(g)
	if before != nil && g.Check != nil && g.Check(before.answer()) != nil {
		before, fresh = nil, false
	}
	if fresh {
		c.shelf.touch(g)
		return before.answer(), nil
	}
	var a *Answer
	err := c.Retry(ctx, g.Attempts, func() (err error) {
		if a, err = c.get(ctx, g, before); err == nil && g.Check != nil {
			err = g.Check(a)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if before == nil || a.Status != http.StatusNotModified {
		c.shelf.keep(g, a)
		return a, nil
	}
	c.shelf.touch(g)
	return before.answer(), nil
}

// conditional asks for an answer only where it is another one than before.
func conditional(req *http.Request, before *held) {
	if before == nil || req.Method != http.MethodGet {
		return
	}
	if tag := before.Header.Get("Etag"); tag != "" {
		req.Header.Set("If-None-Match", tag)
	} else if when := before.Header.Get("Last-Modified"); when != "" {
		req.Header.Set("If-Modified-Since", when)
	}
}

func (c *Client) get(ctx context.Context, g Get, before *held) (*Answer, error) {
	req, err := NewRequest(ctx, g.URL)
	if err != nil {
		return nil, err
	}
	if g.Accept != "" {
		req.Header.Set("Accept", g.Accept)
	}
	if g.Body != nil {
		req.Method, req.ContentLength = http.MethodPost, int64(len(g.Body))
		req.Body = io.NopCloser(bytes.NewReader(g.Body))
		req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(g.Body)), nil }
		req.Header.Set("Content-Type", g.Type)
	}
	conditional(req, before)
	client := c.http
	if g.Still {
		client = c.still
	}
	resp, err := c.do(client, req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if before != nil && resp.StatusCode == http.StatusNotModified {
		return &Answer{URL: before.URL, Status: resp.StatusCode, Header: before.Header, Body: before.body}, nil
	}
	limit := g.MaxBytes
	if limit <= 0 {
		limit = defaultMaxBytes
	}
	b, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err != nil {
		return nil, transportError(ctx, g.URL, err)
	}
	if int64(len(b)) > limit {
		return nil, &Error{Reason: TooLarge, URL: g.URL, Detail: fmt.Sprintf("> %d MB", limit>>20)}
	}
	return &Answer{URL: finalURL(resp), Status: resp.StatusCode, Header: resp.Header, Body: b}, nil
}

// finalURL is where the answer came from after redirects.
func finalURL(resp *http.Response) string {
	if resp.Request == nil || resp.Request.URL == nil {
		return ""
	}
	u := *resp.Request.URL
	u.User = (*url.Userinfo)(nil)
	return u.String()
}
