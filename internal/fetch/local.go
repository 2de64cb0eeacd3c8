package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"time"

	"cigogne/internal/httpx"
)

// Local copies a file of this machine to path, as Fetch downloads one. Whether
// it may be read at all is the caller's to know.
func (c *Client) Local(ctx context.Context, req Request, from, path string) (_ File, err error) {
	in, err := os.Open(from)
	if err != nil {
		return File{}, err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return File{}, err
	}
	limit := c.max
	if req.MaxBytes > 0 {
		limit = req.MaxBytes
	}
	switch {
	case !info.Mode().IsRegular():
		return File{}, &httpx.Error{Reason: httpx.NotFound, URL: req.URL}
	case info.Size() > limit:
		return File{}, &httpx.Error{Reason: httpx.TooLarge, URL: req.URL, Detail: fmt.Sprintf("> %d MB", limit>>20)}
	case info.Size() == 0:
		return File{}, &httpx.Error{Reason: httpx.EmptyContent, URL: req.URL}
	}
	f := File{Size: info.Size(), URL: req.URL, Modified: info.ModTime().UTC(), Retrieved: time.Now().UTC()}
	if f.ETag = fmt.Sprintf("%d-%d", info.Size(), info.ModTime().UnixNano()); f.ETag == req.ETag {
		return File{Unchanged: true, Retrieved: f.Retrieved}, nil
	}
	out, err := os.Create(path)
	if err != nil {
		return File{}, err
	}
	defer func() {
		if closed := out.Close(); err == nil {
			err = closed
		}
		if err != nil {
			os.Remove(path)
		}
	}()
	sum := sha256.New()
	if _, err := io.Copy(io.MultiWriter(out, sum), io.LimitReader(in, limit)); err != nil {
		return File{}, err
	}
	f.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return f, ctx.Err()
}
