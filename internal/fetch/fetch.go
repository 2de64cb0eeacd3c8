// Package fetch downloads a file and makes sure of it: the whole of it or
// nothing, within bounds, as the portal declared it, and not an error page in
// its place.
package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"cigogne/internal/httpx"
)

// DefaultMaxBytes is the largest file that is downloaded unless told otherwise.
const DefaultMaxBytes = 1 << 30

// Client downloads files. It is safe for concurrent use.
type Client struct {
	http *httpx.Client
	max  int64
}

// New returns a client that downloads files up to maxBytes, unpacked (0:
// DefaultMaxBytes), through http.
func New(http *httpx.Client, maxBytes int64) *Client {
	if maxBytes <= 0 {
		maxBytes = DefaultMaxBytes
	}
	return &Client{http: http, max: maxBytes}
}

// Request is a file to have.
type Request struct {
	URL      string
	Hash     string // checksum that the portal declares (MD5, SHA-1, SHA-256, SHA-512), optional
	MaxBytes int64  // 0: the client's own bound

	// What the server said of the file that is held already: where it has not
	// changed it is not sent again. Optional.
	ETag         string
	LastModified string
}

// File is what was downloaded.
type File struct {
	Unchanged    bool   // it was not sent again: nothing below but Retrieved is set
	SHA256       string // hex
	Size         int64  // bytes
	URL          string // after redirects
	MediaType    string // as the server says, lower case, without parameters
	ETag         string
	LastModified string    // as the server says it, for the next Request
	Modified     time.Time // the same; zero where it does not say
	Retrieved    time.Time
}

// maxSmall is the longest document of Small.
const maxSmall = 4 << 20

// Small reads a small document whole, in the media type asked for: a schema.
func (c *Client) Small(ctx context.Context, address, accept string) ([]byte, error) {
	a, err := c.http.Get(ctx, httpx.Get{URL: address, Accept: accept, MaxBytes: maxSmall, Attempts: 2})
	if err != nil {
		return nil, err
	}
	return a.Body, nil
}

// maxResumes bounds how often a transfer that breaks off is taken up again
// after it had moved on.
const maxResumes = 100

// Fetch downloads a file to path, which it creates, or overwrites. A transfer
// that breaks off is taken up where it stopped where the server can. After an
// error, or where the file is unchanged, nothing is at path. Errors are
// *httpx.Error, that of ctx, or that of the disk.
func (c *Client) Fetch(ctx context.Context, req Request, path string) (File, error) {
	if req.MaxBytes <= 0 {
		req.MaxBytes = c.max
	}
	f, err := os.Create(path)
	if err != nil {
		return File{}, fmt.Errorf("make the file: %w", err)
	}
	d := &download{c: c, req: req, out: f}
	err = d.run(ctx)
	if err = errors.Join(err, f.Close()); err == nil && !d.file.Unchanged {
		err = verify(path, req)
	}
	if err != nil || d.file.Unchanged {
		os.Remove(path)
	}
	if err != nil {
		return File{}, single(err)
	}
	d.file.Retrieved = time.Now().UTC()
	return d.file, nil
}

// single takes off the wrapping of a joined error that is one.
func single(err error) error {
	if j, ok := err.(interface{ Unwrap() []error }); ok && len(j.Unwrap()) == 1 {
		return j.Unwrap()[0]
	}
	return err
}

// A transfer that stalls is taken up again where it had moved on by so many
// bytes, else a few times only: one that drips would go on for hours.
const (
	worth    = 256 << 10
	maxDrips = 3
)

// run makes attempts until the file is whole, or they are used up without it
// having moved on.
func (d *download) run(ctx context.Context) error {
	for n, drips := 0, 0; ; n++ {
		before := d.size
		err := d.c.http.Retry(ctx, 0, func() error { return d.attempt(ctx) })
		var e *httpx.Error
		cut := errors.As(err, &e) && e.Reason == httpx.Cut && d.size > before
		stalled := errors.As(err, &e) && e.Reason == httpx.Timeout && d.size > before
		if stalled && d.size < before+worth {
			drips++
			stalled = drips < maxDrips
		}
		if !cut && !stalled || n == maxResumes {
			return err
		}
	}
}

// modified reads a Last-Modified header.
func modified(header string) time.Time {
	t, err := http.ParseTime(header)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
