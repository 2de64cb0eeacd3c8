package table

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"errors"
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
	name string
	open opener
}

// workbookRows opens a spreadsheet and chooses the sheet to read: the one
// asked for, else the one whose first rows hold most cells, which leaves out
// covers and metadata.
func (f *file) workbookRows(ctx context.Context, opt Options, t *dataset.Table) (opener, error) {
	if f.gzip {
		return nil, refuse(NotTable, "zip", nil)
	}
	sheets, err := f.sheets(ctx)
	if err != nil {
		return nil, err
	}
	best, most := -1, 1
	for i, s := range sheets {
		if opt.Sheet != "" {
			if s.name == opt.Sheet {
				best = i
			}
			continue
		}
		rows, err := sample(ctx, s.open)
		if err != nil {
			return nil, err
		}
		cells := 0
		if body := nonBlank(rows); len(body) > 1 && usualFill(body) > 1 || len(sheets) == 1 {
			for _, r := range body {
				cells += filled(r)
			}
		}
		if cells > most {
			best, most = i, cells
		}
	}
	if best < 0 {
		return nil, refuse(Empty, "", nil)
	}
	if len(sheets) > 1 {
		t.Notes = append(t.Notes, note(NoteSheet, sheets[best].name))
	}
	return sheets[best].open, nil
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
	x.dec = xml.NewDecoder(x)
	x.dec.Strict = false
	x.dec.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	return x, nil
}

// xmlPart reads XML a token at a time, no token longer than a record may be.
type xmlPart struct {
	dec   *xml.Decoder
	src   bounded
	token int64 // bytes read since the last token
	close func() error
}

// Read serves the decoder.
func (x *xmlPart) Read(p []byte) (int, error) {
	n, err := x.src.Read(p)
	if x.token += int64(n); x.token > maxRecord {
		return 0, refuse(TooLarge, "cell", nil)
	}
	return n, err
}

// next returns the next token; its bytes are valid until the next call.
func (x *xmlPart) next() (xml.Token, error) {
	x.token = 0
	t, err := x.dec.RawToken()
	if err == nil || err == io.EOF || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return t, err
	}
	return nil, reasonOf(err)
}

// text returns the text up to the end of the element just opened, whatever
// elements stand in it but those left out.
func (x *xmlPart) text(except string) (string, error) {
	var b strings.Builder
	for depth, out := 1, 0; ; {
		t, err := x.next()
		if err != nil {
			return "", noEOF(err)
		}
		switch e := t.(type) {
		case xml.StartElement:
			depth++
			switch {
			case out > 0 || e.Name.Local == except:
				out++
			case e.Name.Local == "line-break" || e.Name.Local == "p" && b.Len() > 0:
				b.WriteByte('\n')
			case e.Name.Local == "s", e.Name.Local == "tab":
				b.WriteByte(' ')
			}
		case xml.EndElement:
			if out > 0 {
				out--
			}
			if depth--; depth == 0 {
				return b.String(), nil
			}
		case xml.CharData:
			if out == 0 {
				b.Write(e)
			}
			if b.Len() > maxRecord {
				return "", refuse(TooLarge, "cell", nil)
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

func attr(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}
