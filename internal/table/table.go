package table

import (
	"bufio"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"cigogne/internal/dataset"
)

// DefaultMaxBytes bounds a file, once unpacked, where Options do not.
const DefaultMaxBytes = 16 << 30

// Options of a reading; the zero value is good.
type Options struct {
	Name     string // the file's name, the Title of the table; may be empty
	MaxBytes int64  // bound on the file's bytes once unpacked; 0 means DefaultMaxBytes
	Format   string // the format the portal declares; the file's own bytes overrule it
	Sheet    string // the sheet of a workbook; "" means the first that holds a table
}

// Convert is Reader.Convert with a Reader of its own, for a single file.
func Convert(ctx context.Context, src, dstParquet string, opt Options) (*dataset.Table, error) {
	r, err := NewReader()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return r.Convert(ctx, src, dstParquet, opt)
}

// Reader reads files. It holds an in-memory DuckDB, takes milliseconds to make
// and serves any number of files, one or several at a time.
type Reader struct {
	db *sql.DB
	st *streams
}

// Convert reads the file at src, writes its clean copy as zstd Parquet at
// dstParquet, rows in the file's order, and returns its profile. ID,
// DatasetID, URL and dates are left to the caller.
//
// A file that cannot be used gives an *Error. Nothing is left at dstParquet
// then.
func (r *Reader) Convert(ctx context.Context, src, dstParquet string, opt Options) (*dataset.Table, error) {
	f, err := openFile(ctx, src, opt)
	if err != nil {
		return nil, orContext(ctx, err)
	}
	t := &dataset.Table{Title: opt.Name, SHA256: f.sha256, Size: f.size}
	if f.gzip {
		t.Notes = append(t.Notes, note(NoteUnpacked, "gzip"))
	}
	if err := r.convert(ctx, f, dstParquet, opt, t); err != nil {
		os.Remove(dstParquet)
		return nil, orContext(ctx, err)
	}
	if t.Parquet, err = hashFile(dstParquet); err != nil {
		return nil, err
	}
	return t, nil
}

func (r *Reader) convert(ctx context.Context, f *file, dst string, opt Options, t *dataset.Table) error {
	open, h, err := f.rows(ctx, opt, t)
	if err != nil {
		return err
	}
	s, err := surveyOf(ctx, open, h)
	if err != nil {
		return err
	}
	t.Skipped = s.skipped
	t.Notes = append(t.Notes, s.notes...)
	return r.load(ctx, open, s, dst, t)
}

// surveyOf finds the table in the rows and reads them all once.
func surveyOf(ctx context.Context, open opener, h habits) (*survey, error) {
	rows, err := sample(ctx, open)
	if err != nil {
		return nil, err
	}
	l, err := findLayout(rows)
	if err != nil {
		return nil, err
	}
	return surveyRows(ctx, open, l, h)
}

// rows tells how to read the file's rows, as often as needed.
func (f *file) rows(ctx context.Context, opt Options, t *dataset.Table) (opener, habits, error) {
	if f.format != "csv" {
		open, err := f.workbookRows(ctx, opt, t)
		return open, habits{workbook: true}, err
	}
	info, err := f.inspectText(ctx)
	if err != nil {
		return nil, habits{}, err
	}
	t.Notes = append(t.Notes, note(NoteEncoding, info.encoding))
	if info.repaired {
		t.Notes = append(t.Notes, NoteRepaired)
	}
	head, whole, err := f.beginning(ctx, info)
	if err != nil {
		return nil, habits{}, err
	}
	if kind := formatOf(head); kind != "" { // seen only once decoded: UTF-16
		return nil, habits{}, refuse(NotTable, kind, nil)
	}
	sep := separatorOf(head, whole)
	name := string(sep)
	if sep == '\t' {
		name = "tab"
	}
	t.Notes = append(t.Notes, note(NoteSeparator, name))
	return func(ctx context.Context) (records, error) {
		text, err := f.text(ctx, info)
		if err != nil {
			return nil, err
		}
		return &csvFile{newCSVReader(text, sep), text}, nil
	}, habits{semicolon: sep == ';'}, nil
}

type csvFile struct {
	*csvReader
	io.Closer
}

// beginning returns the first 128 KB of text, and whether that is all.
func (f *file) beginning(ctx context.Context, info *textInfo) ([]byte, bool, error) {
	text, err := f.text(ctx, info)
	if err != nil {
		return nil, false, err
	}
	defer text.Close()
	head := make([]byte, 128<<10)
	n, err := io.ReadFull(text, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, false, err
	}
	return head[:n], n < len(head), nil
}

func hashFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("hash: %w", err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, bufio.NewReader(f)); err != nil {
		return "", fmt.Errorf("hash: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
