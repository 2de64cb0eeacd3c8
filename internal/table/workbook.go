package table

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
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
	best, most, about := -1, 1, true
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
		if a := s.about(ctx); cells > most && a == about || cells > 1 && about && !a {
			best, most, about = i, cells, a
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
		src.habits.scale, src.shape = sh.scale, sh
		if sh.empty > 0 {
			t.Notes = append(t.Notes, note(NoteFormulas, fmt.Sprint(sh.empty)))
		}
		if sh.gone > 0 {
			t.Notes = append(t.Notes, note(NoteHidden, fmt.Sprint(sh.gone)))
		}
	}
	if len(sheets) > 1 && opt.Sheet == "" {
		if like, l := alike(ctx, sheets, best); len(like) > 1 {
			src.open, src.layout = together(like, l)
			src.shape = nil
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

// about tells a sheet that says what the columns of others mean: a dictionary.
func (s sheet) about(ctx context.Context) bool {
	words := strings.Fields(lang.Fold(s.name))
	for _, w := range words {
		if aboutSheets[w] {
			return true
		}
	}
	rows, err := sample(ctx, s.open)
	if err != nil {
		return false
	}
	l, err := findLayout(rows)
	if err != nil || l.headless {
		return false
	}
	known := 0
	for _, n := range l.names {
		if h := hintOf(n); h.any(aboutColumns) {
			known++
		}
	}
	return known >= 2 && known*2 > len(l.names) && numbersIn(rows[l.start:]) == 0
}

// numbersIn counts the cells that are numbers.
func numbersIn(rows []record) (n int) {
	for _, r := range rows {
		for _, c := range r.cells {
			if c != "" && scanNumber(c).form != notNumber {
				n++
			}
		}
	}
	return n
}

// Words of the names of sheets, and of columns, that are about others, folded.
var (
	aboutSheets  = set("dictionnaire dico variables metadonnees metadata lisez readme notice legende nomenclature documentation glossaire glossary dictionary codebook sommaire")
	aboutColumns = set("variable variables libelle label type description definition champ colonne column field modalite format signification remarque commentaire obligatoire")
)

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
	src    bounded
	close  func() error
	raised map[string]bool // styles of text above the line
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
// Digits above the line, marks of footnotes, stay above it: "1 234¹".
func (x *xmlPart) text(except string) (s string, left bool, err error) {
	var b strings.Builder
	for depth, out, high := 1, 0, 0; ; { // high: how deep the element above the line is
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
			case local == "vertAlign" && t.attr("val") == "superscript":
				high = depth - 2 // the run whose property it is
			case local == "span" && x.raised[t.attr("style-name")]:
				high = depth
			}
		case closes:
			if out > 0 {
				out--
			}
			if depth == high {
				high = 0
			}
			if depth--; depth == 0 {
				return b.String(), left, nil
			}
		case text:
			if out == 0 {
				s := unescapeMarkup(t.text)
				if high > 0 {
					s = raisedDigits.Replace(s)
				}
				b.WriteString(s)
			}
			if b.Len() > maxRecord {
				return "", left, refuse(TooLarge, "cell", nil)
			}
		}
	}
}

var raisedDigits = strings.NewReplacer("0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹", "(", "⁽", ")", "⁾")

// noEOF is err, an end of file being damage where more had to come.
func noEOF(err error) error {
	if err == io.EOF {
		return refuse(Cut, "xml", io.ErrUnexpectedEOF)
	}
	return err
}
