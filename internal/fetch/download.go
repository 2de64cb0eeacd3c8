package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"mime"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/klauspost/compress/zstd"

	"cigogne/internal/httpx"
)

// download is a file on its way, over one or more attempts.
type download struct {
	c   *Client
	req Request
	out *os.File

	sum       hash.Hash
	size      int64  // bytes had so far
	validator string // what lets the rest be asked for; "": it starts over
	file      File
}

// attempt asks for the file, or for what is missing of it.
func (d *download) attempt(ctx context.Context) error {
	req, err := httpx.NewRequest(ctx, d.req.URL)
	if err != nil {
		return err
	}
	// Bytes as they are: lengths and ranges count those.
	req.Header.Set("Accept-Encoding", "identity")
	d.condition(req.Header)
	resp, err := d.c.http.Do(req)
	if err != nil {
		var e *httpx.Error
		if errors.As(err, &e) && e.Status == http.StatusRequestedRangeNotSatisfiable && req.Header.Get("Range") != "" {
			d.validator = "" // the file is another one now
			return d.fail(httpx.Cut, "", err)
		}
		return err
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusNotModified && (d.req.ETag != "" || d.req.LastModified != ""):
		d.file = File{Unchanged: true}
		return nil
	case resp.StatusCode == http.StatusPartialContent && d.size > 0 && d.validator != "":
		if start, _ := contentRange(resp); start != d.size {
			d.validator = ""
			return d.fail(httpx.Cut, "", fmt.Errorf("asked from byte %d, got %q", d.size, resp.Header.Get("Content-Range")))
		}
	case resp.StatusCode == http.StatusOK:
		if err := d.restart(resp); err != nil {
			return err
		}
	default:
		return d.fail(httpx.NotAnswer, "", fmt.Errorf("status %d", resp.StatusCode))
	}
	return d.receive(resp)
}

// condition asks for what is missing of the file, or for one that changed.
func (d *download) condition(h http.Header) {
	switch {
	case d.size > 0 && d.validator != "":
		h.Set("Range", fmt.Sprintf("bytes=%d-", d.size))
		h.Set("If-Range", d.validator)
	case d.req.ETag != "":
		h.Set("If-None-Match", d.req.ETag)
	case d.req.LastModified != "":
		h.Set("If-Modified-Since", d.req.LastModified)
	}
}

// restart forgets what was had, for an answer that is the whole file.
func (d *download) restart(resp *http.Response) error {
	if err := d.out.Truncate(0); err != nil {
		return fmt.Errorf("empty the file: %w", err)
	}
	if _, err := d.out.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("empty the file: %w", err)
	}
	d.sum, d.size = sha256.New(), 0
	mediaType, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	d.file = File{
		URL:          resp.Request.URL.Redacted(),
		MediaType:    mediaType,
		ETag:         resp.Header.Get("ETag"),
		LastModified: resp.Header.Get("Last-Modified"),
		Modified:     modified(resp.Header.Get("Last-Modified")),
	}
	d.validator = ""
	if encoding(resp) == "" {
		if etag := d.file.ETag; etag != "" && !strings.HasPrefix(etag, "W/") {
			d.validator = etag
		} else if etag == "" {
			d.validator = d.file.LastModified
		}
	}
	return nil
}

// receive writes the body after what was had, and checks that it is whole.
func (d *download) receive(resp *http.Response) error {
	want := int64(-1)
	if encoding(resp) == "" {
		if _, want = contentRange(resp); resp.StatusCode == http.StatusOK {
			want = resp.ContentLength
		}
	}
	if want > d.req.MaxBytes {
		return d.tooLarge()
	}
	body, err := decoded(resp)
	if err != nil {
		return d.fail(httpx.NotAnswer, "", err)
	}
	defer body.Close()
	in := io.Reader(body)
	if d.size == 0 {
		head, err := beginning(body)
		if what := wrong(head); what != "" {
			return d.fail(httpx.WrongContent, what, nil)
		}
		in = io.MultiReader(bytes.NewReader(head), &failing{body, err})
	}
	if err := d.write(in); err != nil {
		return err
	}
	switch {
	case d.size > d.req.MaxBytes:
		return d.tooLarge()
	case want >= 0 && d.size != want:
		return d.fail(httpx.Cut, "", fmt.Errorf("%d bytes of %d", d.size, want))
	case d.size == 0:
		return d.fail(httpx.EmptyContent, "", nil)
	}
	d.file.SHA256, d.file.Size = hex.EncodeToString(d.sum.Sum(nil)), d.size
	return nil
}

// beginning reads the first bytes, as many as tell what a file is, and the
// error that ended them early, if any.
func beginning(r io.Reader) (head []byte, err error) {
	head = make([]byte, 2<<10)
	n := 0
	for n < len(head) && err == nil {
		var k int
		k, err = r.Read(head[n:])
		n += k
	}
	return head[:n], err
}

// failing is a reader that may have failed already.
type failing struct {
	io.Reader
	err error
}

func (f *failing) Read(p []byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	return f.Reader.Read(p)
}

// write appends what in gives, up to one byte past the bound.
func (d *download) write(in io.Reader) error {
	n, err := io.Copy(io.MultiWriter(d.out, d.sum), io.LimitReader(in, d.req.MaxBytes+1-d.size))
	d.size += n
	var disk *os.PathError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &disk):
		return fmt.Errorf("write the file: %w", err)
	}
	return d.broken(err)
}

// broken gives an error of reading the body its reason, unless it has one.
func (d *download) broken(err error) error {
	var e *httpx.Error
	if errors.As(err, &e) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return d.fail(httpx.Cut, "", err) // an encoding that is damaged
}

func (d *download) fail(r httpx.Reason, detail string, err error) error {
	return &httpx.Error{Reason: r, URL: d.req.URL, Detail: detail, Err: err}
}

func (d *download) tooLarge() error {
	return d.fail(httpx.TooLarge, fmt.Sprintf("> %d MB", d.req.MaxBytes>>20), nil)
}

var rangeHeader = regexp.MustCompile(`^bytes (\d+)-\d+/(\d+|\*)$`)

// contentRange reads where a partial answer starts, and how long the whole is;
// -1 for what it does not say.
func contentRange(resp *http.Response) (start, total int64) {
	m := rangeHeader.FindStringSubmatch(resp.Header.Get("Content-Range"))
	if m == nil {
		return -1, -1
	}
	start, err := strconv.ParseInt(m[1], 10, 64)
	if err != nil {
		return -1, -1
	}
	if total, err = strconv.ParseInt(m[2], 10, 64); err != nil {
		total = -1
	}
	return start, total
}

// encoding is how the body is packed; "" for not at all.
func encoding(resp *http.Response) string {
	e := strings.ToLower(strings.TrimSpace(resp.Header.Get("Content-Encoding")))
	if e == "identity" {
		return ""
	}
	return e
}

// decoded unpacks the body of a server that packs although it was asked not to.
func decoded(resp *http.Response) (io.ReadCloser, error) {
	switch e := encoding(resp); e {
	case "":
		return resp.Body, nil
	case "gzip", "x-gzip":
		return gzip.NewReader(resp.Body)
	case "zstd":
		z, err := zstd.NewReader(resp.Body, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(64<<20))
		if err != nil {
			return nil, err
		}
		return z.IOReadCloser(), nil
	default:
		return nil, fmt.Errorf("unknown encoding %q", e)
	}
}
