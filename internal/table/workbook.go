package table

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
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

// workbookRows opens a spreadsheet and chooses the table to read: the one asked
// for, else the largest, with all that have its columns: a sheet a year is one
// table.
func (f *file) workbookRows(ctx context.Context, opt Options, t *dataset.Table) (source, error) {
	if f.gzip {
		return source{}, refuse(NotTable, "zip", nil)
	}
	tables, left, err := f.sheetTables(ctx)
	if err != nil {
		return source{}, err
	}
	at := 0
	if opt.Part != "" {
		at = slices.IndexFunc(tables, func(t bookTable) bool { return t.name == opt.Part })
	}
	if at < 0 || len(tables) == 0 {
		return source{}, refuse(Empty, "", nil)
	}
	chosen := tables[at]
	first := chosen.sheets[0].sheet
	src := source{open: first.open}
	if first.shape != nil {
		sh, err := first.shape(ctx)
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
	switch {
	case chosen.layout != nil:
		src.open, src.layout = together(chosen.sheets, chosen.layout)
		src.shape = nil
		t.Notes = append(t.Notes, note(NoteSheets, chosen.name))
	case len(tables)+len(left) > 1:
		t.Notes = append(t.Notes, note(NoteSheet, chosen.name))
	}
	return src, nil
}

// isAbout tells a sheet that says what the columns of others mean: a dictionary.
func isAbout(name string, l *layout, rows []record) bool {
	for w := range strings.FieldsSeq(lang.Fold(name)) {
		if aboutSheets[w] {
			return true
		}
	}
	if l.headless {
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
func (x *xmlPart) next() (*token, error) {
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
	g := gathered{except: except, raised: x.raised, depth: 1}
	for g.depth > 0 {
		t, err := x.next()
		if err != nil {
			return "", g.left, noEOF(err)
		}
		switch t.kind {
		case opens:
			g.open(t)
		case closes:
			g.close()
		case text:
			g.add(t)
		}
		if g.b.Len() > maxRecord {
			return "", g.left, refuse(TooLarge, "cell", nil)
		}
	}
	return g.b.String(), g.left, nil
}

// gathered is the text of an element while it is read.
type gathered struct {
	b      strings.Builder
	except string          // elements left out
	raised map[string]bool // styles of text above the line
	left   bool            // some were left out
	depth  int             // of elements open
	out    int             // of these, in one left out
	high   int             // how deep the element above the line is; 0 for none
}

func (g *gathered) open(t *token) {
	g.depth++
	switch local := t.name.local; {
	case g.out > 0 || local == g.except:
		g.out++
		g.left = true
	case local == "line-break" || local == "p" && g.b.Len() > 0:
		g.b.WriteByte('\n')
	case local == "s", local == "tab":
		g.b.WriteByte(' ')
	case local == "vertAlign" && t.attr("val") == "superscript":
		g.high = g.depth - 2 // the run whose property it is
	case local == "span" && g.raised[t.attr("style-name")]:
		g.high = g.depth
	}
}

func (g *gathered) close() {
	if g.out > 0 {
		g.out--
	}
	if g.depth == g.high {
		g.high = 0
	}
	g.depth--
}

func (g *gathered) add(t *token) {
	if g.out > 0 {
		return
	}
	s := unescapeMarkup(t.text)
	if g.high > 0 {
		s = raisedDigits.Replace(s)
	}
	g.b.WriteString(s)
}

var raisedDigits = strings.NewReplacer("0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹", "(", "⁽", ")", "⁾")

// noEOF is err, an end of file being damage where more had to come.
func noEOF(err error) error {
	if err == io.EOF {
		return refuse(Cut, "xml", io.ErrUnexpectedEOF)
	}
	return err
}
