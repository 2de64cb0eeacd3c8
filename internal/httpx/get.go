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
	var a *Answer
	err := c.Retry(ctx, g.Attempts, func() (err error) {
		if a, err = c.get(ctx, g); err == nil && g.Check != nil {
			err = g.Check(a)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return a, nil
}

func (c *Client) get(ctx context.Context, g Get) (*Answer, error) {
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
	client := c.http
	if g.Still {
		client = c.still
	}
	resp, err := c.do(client, req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
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
