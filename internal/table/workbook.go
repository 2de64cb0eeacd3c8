package table

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"cigogne/internal/dataset"
)

// Bounds on what a workbook may unpack to: an archive of a few kilobytes can
// hold gigabytes.
const (
	maxSheetBytes  = 4 << 30
	maxStringBytes = 512 << 20 // its shared strings, which are held in memory
	maxSheetRows   = 1 << 21   // twice what a spreadsheet holds
)

// sheet is one sheet of a workbook, to be read from its start.
type sheet struct {
	name  string
	open  opener
	shape func(context.Context) (*shape, error) // nil where its rows tell all
}

// workbookRows opens a spreadsheet and chooses the sheet to read: the one
// asked for, else the largest that is a table, with all that have its header:
// a sheet a year is one table.
func (f *file) workbookRows(ctx context.Context, opt Options, t *dataset.Table) (source, error) {
	if f.gzip {
		return source{}, refuse(NotTable, "zip", nil)
	}
	sheets, err := f.sheets(ctx)
	if err != nil {
		return source{}, err
	}
	best, most := -1, 1
	for i, s := range sheets {
		if opt.Sheet != "" {
			if s.name == opt.Sheet {
				best = i
			}
			continue
		}
		cells, err := s.size(ctx, len(sheets) == 1)
		if err != nil {
			return source{}, err
		}
		if cells > most {
			best, most = i, cells
		}
	}
	if best < 0 {
		return source{}, refuse(Empty, "", nil)
	}
	src := source{open: sheets[best].open}
	if get := sheets[best].shape; get != nil {
		sh, err := get(ctx)
		if err != nil {
			return source{}, err
		}
		src.habits.scale = sh.scale
		if sh.empty > 0 {
			t.Notes = append(t.Notes, note(NoteFormulas, fmt.Sprint(sh.empty)))
		}
	}
	if len(sheets) > 1 && opt.Sheet == "" {
		if like, l := alike(ctx, sheets, best); len(like) > 1 {
			src.open, src.layout = together(like, l)
			var names []string
			for _, s := range like {
				names = append(names, s.name)
			}
			t.Notes = append(t.Notes, note(NoteSheets, strings.Join(names, ", ")))
			return src, nil
		}
	}
	if len(sheets) > 1 {
		t.Notes = append(t.Notes, note(NoteSheet, sheets[best].name))
	}
	return src, nil
}

// size is about how many cells a sheet holds, 0 where it is no table: a cover
// or a page of text. alone tells that there is no other to read.
func (s sheet) size(ctx context.Context, alone bool) (int, error) {
	rows, err := sample(ctx, s.open)
	if err != nil {
		return 0, err
	}
	body := nonBlank(rows)
	if !alone && (len(body) < 2 || usualFill(body) < 2) {
		return 0, nil
	}
	cells := 0
	for _, r := range body {
		cells += filled(r)
	}
	if s.shape == nil || len(body) == 0 {
		return cells, nil
	}
	sh, err := s.shape(ctx)
	if err != nil {
		return 0, err
	}
	return cells * max(1, sh.rows/len(body)), nil
}

func (f *file) sheets(ctx context.Context) ([]sheet, error) {
	z, err := zip.OpenReader(f.path)
	if err != nil {
		return nil, refuse(Unreadable, "", err)
	}
	defer z.Close()
	if f.format == "ods" {
		return f.odsSheets(ctx)
	}
	return f.xlsxSheets(ctx, &z.Reader)
}

func partOf(z *zip.Reader, name string) *zip.File {
	for _, p := range z.File {
		if strings.EqualFold(strings.TrimPrefix(p.Name, "/"), name) {
			return p
		}
	}
	return nil
}

// part opens an entry of the archive as XML. Each call opens the archive anew,
// so that several readings may go on at once.
func (f *file) part(ctx context.Context, name string, max int64) (*xmlPart, error) {
	z, err := zip.OpenReader(f.path)
	if err != nil {
		return nil, refuse(Unreadable, "", err)
	}
	p := partOf(&z.Reader, name)
	if p == nil {
		z.Close()
		return nil, refuse(Unreadable, name, nil)
	}
	r, err := p.Open()
	if err != nil {
		z.Close()
		return nil, refuse(Unreadable, name, err)
	}
	x := &xmlPart{close: func() error { r.Close(); return z.Close() }}
	x.src = bounded{r: contextReader{ctx, r}, left: max}
	x.markup = newMarkup(&x.src)
	return x, nil
}

// xmlPart reads a part of a workbook a token at a time, no token longer than a
// record may be.
type xmlPart struct {
	*markup
	src   bounded
	close func() error
}

// next returns the next token; its bytes are valid until the next call.
func (x *xmlPart) next() (token, error) {
	t, err := x.markup.next()
	if err == nil || err == io.EOF || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return t, err
	}
	if err == io.ErrUnexpectedEOF {
		return t, refuse(Cut, "xml", err)
	}
	return t, reasonOf(err)
}

// text returns the text up to the end of the element just opened, whatever
// elements stand in it but those left out, and whether there were any of these.
func (x *xmlPart) text(except string) (s string, left bool, err error) {
	var b strings.Builder
	for depth, out := 1, 0; ; {
		t, err := x.next()
		if err != nil {
			return "", left, noEOF(err)
		}
		switch t.kind {
		case opens:
			depth++
			switch local := t.name.local; {
			case out > 0 || local == except:
				out++
				left = true
			case local == "line-break" || local == "p" && b.Len() > 0:
				b.WriteByte('\n')
			case local == "s", local == "tab":
				b.WriteByte(' ')
			}
		case closes:
			if out > 0 {
				out--
			}
			if depth--; depth == 0 {
				return b.String(), left, nil
			}
		case text:
			if out == 0 {
				b.WriteString(unescapeMarkup(t.text))
			}
			if b.Len() > maxRecord {
				return "", left, refuse(TooLarge, "cell", nil)
			}
		}
	}
}

// noEOF is err, an end of file being damage where more had to come.
func noEOF(err error) error {
	if err == io.EOF {
		return refuse(Cut, "xml", io.ErrUnexpectedEOF)
	}
	return err
}
