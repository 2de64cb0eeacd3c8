package table

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"cigogne/internal/dataset"
)

// DefaultMaxBytes bounds a file, once unpacked, where Options do not.
const DefaultMaxBytes = 16 << 30

// Options of a reading; the zero value is good.
type Options struct {
	Name     string // the file's name, the Title of the table; may be empty
	MaxBytes int64  // bound on the file's bytes once unpacked; 0 means DefaultMaxBytes
	Format   string // the format declared; the file's bytes decide, but for "tsv" where separators are in doubt
	Part     string // one of Parts; "" means the largest table, or the only one of an archive

	Fields []dataset.Field // what the publisher declares of columns
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
	db   *sql.DB
	st   *streams
	room room
	bet  guessing
}

// room is what may be held of one table's cells while it is read, in bytes.
type room struct {
	cells  int // different cells, by column
	hashes int // of the cells of columns with more of them
}

// guessing is when columns are guessed: in files of so many bytes, from so many
// of their first rows.
type guessing struct {
	bytes int64
	rows  int
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
	defer f.close()
	t := &dataset.Table{Title: opt.Name, SHA256: f.sha256, Size: f.size}
	if f.temporary {
		t.Notes = append(t.Notes, note(NoteUnpacked, "zip"))
		_, opt.Part, _ = strings.Cut(opt.Part, inside)
	}
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
	src, err := r.source(ctx, f, opt, t)
	if err != nil {
		return err
	}
	if src.layout == nil {
		rows, err := sample(ctx, src.open)
		if err != nil {
			return err
		}
		if src.layout, err = findLayout(rows); err != nil {
			return err
		}
	}
	if src.shape != nil {
		src.habits.merged = src.shape.merged(src.layout.line)
	}
	src.open = src.layout.again(src.open)
	src.layout.declare(opt.Fields)
	conn, err := r.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("duckdb connection: %w", err)
	}
	defer conn.Close()
	st, err := r.write(ctx, conn, f, src, dst)
	if err != nil {
		return err
	}
	s := st.survey
	t.Skipped = s.skipped
	t.Notes = append(t.Notes, s.notes...)
	counts := st.profiles()
	s.cells = nil
	if f.size >= muchBytes {
		debug.FreeOSMemory() // before SQL takes its own
	}
	return profile(ctx, conn, "read_parquet("+quoteText(dst)+")", s, counts, t)
}

// muchBytes is from where on a file's cells have taken memory that is worth giving
// back.
const muchBytes = 64 << 20

// A guess is worth the pains in files of so many bytes.
const (
	guessBytes = 1 << 20
	guessRows  = 10_000
)

// write surveys the file and writes its rows to Parquet: of a large one, on the
// guess that its columns are what their beginnings say, in one reading, which
// stands if every cell has borne it out; else in two.
func (r *Reader) write(ctx context.Context, conn *sql.Conn, f *file, src source, dst string) (*stream, error) {
	if f.size >= r.bet.bytes {
		if guess, err := r.guess(ctx, src); err == nil {
			st, err := r.writeOn(ctx, conn, guess, src, dst)
			if err != errGuess {
				return st, err
			}
		}
	}
	s, err := surveyRows(ctx, src, r.room.cells)
	if err != nil {
		return nil, err
	}
	st := newStream(ctx, s, s.columns, s.keep, r.room.hashes)
	st.open = src.open
	return st, r.copy(ctx, conn, st, s.groupRows(), dst)
}

// errGuess says that the columns are not what they were guessed to be.
var errGuess = errors.New("columns are not what was guessed")

// writeOn writes the rows as they are surveyed, their columns being what was
// guessed; errGuess where they are not.
func (r *Reader) writeOn(ctx context.Context, conn *sql.Conn, guess *survey, src source, dst string) (*stream, error) {
	s, err := startSurvey(ctx, src, r.room.cells)
	if err != nil {
		return nil, err
	}
	defer s.close()
	st := newStream(ctx, s, guess.columns, guess.keep, r.room.hashes)
	s.spilled = st.spill
	if err := r.copy(ctx, conn, st, guess.groupRows(), dst); err != nil {
		return nil, err
	}
	if err := s.conclude(src.habits); err != nil {
		return nil, err
	}
	if !slices.Equal(s.keep, guess.keep) || !slices.EqualFunc(s.columns, guess.columns, readAlike) {
		return nil, errGuess
	}
	return st, nil
}

// guess surveys the first rows.
func (r *Reader) guess(ctx context.Context, src source) (*survey, error) {
	src.habits.endless = false
	open := src.open
	src.open = func(ctx context.Context) (records, error) {
		rows, err := open(ctx)
		return &firstRows{rows, r.bet.rows}, err
	}
	return surveyRows(ctx, src, r.room.cells)
}

// firstRows are so many rows of a file.
type firstRows struct {
	records
	left int
}

func (f *firstRows) next() (record, error) {
	if f.left == 0 {
		return record{}, io.EOF
	}
	f.left--
	return f.records.next()
}

// readAlike tells whether two columns make the same of every cell.
func readAlike(a, b column) bool {
	return a.name == b.name && a.typ == b.typ && a.style == b.style && a.monthly == b.monthly && a.compact == b.compact && a.dropDec == b.dropDec && maps.Equal(a.factors, b.factors)
}

// source is a file whose rows can be read, as often as needed.
type source struct {
	open   opener
	layout *layout // nil where it is to be found in the first rows
	habits habits
	shape  *shape // of a sheet; nil elsewhere
}

// source finds out how to read the file's rows, and notes it.
func (r *Reader) source(ctx context.Context, f *file, opt Options, t *dataset.Table) (src source, err error) {
	switch f.format {
	case "parquet":
		src.open, src.layout, err = r.parquetRows(ctx, f)
	case "json":
		src, err = f.jsonRows(ctx)
	case "csv":
		src, err = f.csvRows(ctx, opt, t)
	default:
		src, err = f.workbookRows(ctx, opt, t)
		src.habits.workbook = true
	}
	return src, err
}

// textFile is a text file whose encoding and separator are known.
type textFile struct {
	*textInfo
	open  opener
	sep   byte
	whole bool // it is no longer than its beginning
}

// readText finds a text file's encoding and separator.
func (f *file) readText(ctx context.Context) (*textFile, error) {
	info, err := f.inspectText(ctx)
	if err != nil {
		return nil, err
	}
	head, whole, err := f.beginning(ctx, info)
	if err != nil {
		return nil, err
	}
	if kind := formatOf(head); kind != "" { // seen only once decoded: UTF-16
		return nil, refuse(NotTable, kind, nil)
	}
	sep := byte('\t')
	if !f.tabs || bytes.IndexByte(head, sep) < 0 {
		sep = separatorOf(head, whole)
	}
	return &textFile{info, func(ctx context.Context) (records, error) {
		text, err := f.text(ctx, info)
		if err != nil {
			return nil, err
		}
		return &csvFile{newCSVReader(text, sep), text}, nil
	}, sep, whole}, nil
}

// csvRows are the rows of a text file, or of one of its tables.
func (f *file) csvRows(ctx context.Context, opt Options, t *dataset.Table) (source, error) {
	x, err := f.readText(ctx)
	if err != nil {
		return source{}, err
	}
	t.Notes = append(t.Notes, note(NoteEncoding, x.encoding))
	if x.repaired {
		t.Notes = append(t.Notes, NoteRepaired)
	}
	name := string(x.sep)
	if x.sep == '\t' {
		name = "tab"
	}
	t.Notes = append(t.Notes, note(NoteSeparator, name))
	open, err := x.oneOf(ctx, opt.Part)
	return source{habits: habits{semicolon: x.sep == ';', endless: x.endless}, open: open}, err
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
