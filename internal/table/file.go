package table

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"strings"
)

// file is a source on disk: what its first bytes say it is, and how to read it
// again from the start, unpacked, as often as needed.
type file struct {
	path   string
	format string // csv, parquet, xlsx, ods; else the Detail of NotTable
	gzip   bool
	tabs   bool  // declared as tab-separated
	max    int64 // bound on unpacked bytes
	sha256 string
	size   int64

	inside    bool // it was an entry of an archive
	temporary bool // and is removed once read
}

// openFile hashes the file at path and finds out its format, unless told.
func openFile(ctx context.Context, path string, opt Options) (*file, error) {
	return openFileIn(ctx, path, opt, false)
}

func openFileIn(ctx context.Context, path string, opt Options, inside bool) (*file, error) {
	f := &file{path: path, inside: inside, max: opt.MaxBytes, tabs: strings.EqualFold(strings.TrimPrefix(opt.Format, "."), "tsv")}
	if f.max <= 0 {
		f.max = DefaultMaxBytes
	}
	if err := f.hash(ctx); err != nil {
		return nil, err
	}
	if f.size == 0 {
		return nil, refuse(Empty, "", nil)
	}
	head, err := f.head()
	if err != nil {
		return nil, err
	}
	switch f.format = formatOf(head); f.format { // the bytes decide, whatever was declared
	case "":
		f.format = "csv"
	case "zip":
		if bytes.HasPrefix(head, []byte("PK")) {
			if f.format, err = f.zipFormat(); err != nil {
				return nil, err
			}
		}
	}
	switch f.format {
	case "csv", "parquet", "xlsx", "ods", "json":
		return f, nil
	case "zip":
		if bytes.HasPrefix(head, []byte("PK")) && !f.gzip && !f.inside {
			return f.unpacked(ctx, opt)
		}
	}
	return nil, refuse(NotTable, f.format, nil)
}

// unpacked is the one table of an archive, under the archive's own hash and size.
func (f *file) unpacked(ctx context.Context, opt Options) (*file, error) {
	entry, _, _ := strings.Cut(opt.Part, inside)
	path, err := f.unpack(ctx, entry)
	if err != nil {
		return nil, err
	}
	inner, err := openFileIn(ctx, path, opt, true)
	if err != nil {
		os.Remove(path)
		return nil, err
	}
	inner.sha256, inner.size, inner.temporary = f.sha256, f.size, true
	return inner, nil
}

// close removes what was unpacked.
func (f *file) close() {
	if f.temporary {
		os.Remove(f.path)
	}
}

// hash reads the whole file once for its size and SHA-256.
func (f *file) hash(ctx context.Context) error {
	r, err := os.Open(f.path)
	if err != nil {
		return refuse(Unreadable, "", err)
	}
	defer r.Close()
	h := sha256.New()
	f.size, err = io.Copy(h, contextReader{ctx, r})
	if err != nil {
		return orContext(ctx, refuse(Unreadable, "", err))
	}
	f.sha256 = hex.EncodeToString(h.Sum(nil))
	return nil
}

// head returns the first bytes, unpacked.
func (f *file) head() ([]byte, error) {
	r, err := os.Open(f.path)
	if err != nil {
		return nil, refuse(Unreadable, "", err)
	}
	defer r.Close()
	magic := make([]byte, 2)
	if n, _ := io.ReadFull(r, magic); n == 2 && magic[0] == 0x1f && magic[1] == 0x8b {
		f.gzip = true
	}
	u, err := f.open(context.Background())
	if err != nil {
		return nil, err
	}
	defer u.Close()
	head := make([]byte, 8<<10)
	n, err := io.ReadFull(u, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, err
	}
	return head[:n], nil
}

// open returns the file's bytes, unpacked and bounded.
func (f *file) open(ctx context.Context) (io.ReadCloser, error) {
	r, err := os.Open(f.path)
	if err != nil {
		return nil, refuse(Unreadable, "", err)
	}
	b := &bounded{r: contextReader{ctx, r}, left: f.max, close: r.Close}
	if f.gzip {
		z, err := gzip.NewReader(bufio.NewReaderSize(b.r, 64<<10))
		if err != nil {
			r.Close()
			return nil, refuse(Unreadable, "gzip", err)
		}
		b.r = z
		if info, err := r.Stat(); err == nil { // tables shrink ten to forty times; what shrinks further is a bomb
			b.left = min(b.left, max(bombBytes, bombRatio*info.Size()))
		}
	}
	return b, nil
}

// A gzipped file past both is not unpacked.
const (
	bombBytes = 256 << 20
	bombRatio = 200
)

// bounded refuses to read past its bound, and gives reading errors a reason.
type bounded struct {
	r     io.Reader
	left  int64
	close func() error
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, refuse(TooLarge, "file", nil)
	}
	switch {
	case err == nil || err == io.EOF || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		return n, err
	case err == io.ErrUnexpectedEOF:
		return n, refuse(Cut, "gzip", err)
	}
	return n, refuse(Unreadable, "", err)
}

func (b *bounded) Close() error { return b.close() }

// contextReader stops reading once the context is done.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// orContext returns the context's error where it is done, else err.
func orContext(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// formatOf names what the first bytes of a file are, "" where they may be
// separated values.
func formatOf(head []byte) string {
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m.prefix)) {
			return m.format
		}
	}
	text := strings.ToLower(strings.TrimLeft(strings.TrimPrefix(string(head), "\ufeff"), " \t\r\n"))
	for _, m := range textMagics {
		if strings.HasPrefix(text, m.prefix) {
			return m.format
		}
	}
	if looksLikeJSON(text) {
		return "json"
	}
	return ""
}

type magic struct{ prefix, format string }

var magics = []magic{
	{"PAR1", "parquet"}, {"%PDF", "pdf"},
	{"\x89PNG", "image"}, {"GIF8", "image"}, {"\xff\xd8\xff", "image"}, {"II*\x00", "image"}, {"MM\x00*", "image"},
	{"\xd0\xcf\x11\xe0", "xls"}, {"Rar!", "zip"}, {"7z\xbc\xaf", "zip"}, {"BZh", "zip"}, {"\x28\xb5\x2f\xfd", "zip"}, {"\xfd7zXZ", "zip"},
	{"PK\x03\x04", "zip"}, {"PK\x05\x06", "zip"}, {"SQLite format 3", "binary"}, {"\x7fELF", "binary"},
}

var textMagics = []magic{
	{"<!doctype html", "html"}, {"<html", "html"}, {"<head", "html"}, {"<body", "html"}, {"<!--", "html"},
	{"<?xml", "xml"}, {"<", "xml"}, {"{\\rtf", "binary"},
}

// looksLikeJSON tells an object or an array from a row that merely starts with
// a bracket.
func looksLikeJSON(text string) bool {
	if text == "" || text[0] != '{' && text[0] != '[' {
		return false
	}
	rest := strings.TrimLeft(text[1:], " \t\r\n")
	return rest == "" || strings.ContainsRune(`"{[}]`, rune(rest[0])) && (text[0] == '[' || rest[0] == '"' || rest[0] == '}')
}

// zipFormat tells a spreadsheet from another archive by its parts.
func (f *file) zipFormat() (string, error) {
	z, err := zip.OpenReader(f.path)
	if err != nil {
		return "", refuse(Unreadable, "zip", err)
	}
	defer z.Close()
	switch {
	case partOf(&z.Reader, "xl/workbook.xml") != nil:
		return "xlsx", nil
	case partOf(&z.Reader, "content.xml") != nil && mimetype(&z.Reader) == "application/vnd.oasis.opendocument.spreadsheet":
		return "ods", nil
	}
	return "zip", nil
}

// mimetype is what an OpenDocument file says it is.
func mimetype(z *zip.Reader) string {
	p := partOf(z, "mimetype")
	if p == nil {
		return ""
	}
	r, err := p.Open()
	if err != nil {
		return ""
	}
	defer r.Close()
	b, _ := io.ReadAll(io.LimitReader(r, 100)) // what is short is no spreadsheet's
	return strings.TrimSpace(string(b))
}
