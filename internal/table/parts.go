package table

import (
	"archive/zip"
	"cmp"
	"context"
	"errors"
	"os"
	"path"
	"slices"
	"strings"

	"cigogne/internal/dataset"
)

// Part is one of the tables a file holds.
type Part struct {
	Name  string // for Options.Part, and for people: an entry of an archive, a sheet, the line above the table
	Title string // what people call it, where its kind of archive says so; may be empty
}

// Left is what a file holds besides tables, and why it is none.
type Left struct {
	Name string
	Err  *Error
}

// maxParts bounds the tables of one file.
const maxParts = 64

// inside sets an entry of an archive apart from its sheet in a part's name.
const inside = " › "

// Parts lists the tables of a file that holds several, in its order, and what it
// holds besides: the sheets of a workbook, but for those that are one table
// together; the tables of a sheet or of a text file; the entries of an archive. A file of one table
// has no parts. The largest comes first.
func (r *Reader) Parts(ctx context.Context, src string, opt Options) ([]Part, []Left, error) {
	f, err := peekFile(ctx, src, opt)
	if err != nil {
		return nil, nil, orContext(ctx, err)
	}
	var parts []Part
	var left []Left
	switch f.format {
	case "zip":
		parts, left, err = f.entryParts(ctx, opt)
	case "xlsx", "ods":
		parts, left, err = f.sheetParts(ctx)
	case "":
		parts, err = f.textParts(ctx)
	}
	if err != nil {
		return nil, nil, orContext(ctx, err)
	}
	if len(parts) > maxParts {
		for _, p := range parts[maxParts:] {
			left = append(left, Left{p.Name, &Error{Reason: TooLarge, Detail: "parts"}})
		}
		parts = parts[:maxParts]
	}
	if len(parts) == 1 && len(left) == 0 {
		return nil, nil, nil
	}
	return parts, left, nil
}

// ConvertAll converts each table of a file: the n-th, from 0, to dst(n). The Title
// of one of several is the file's with its part's name. What the file holds besides
// comes with them; the error is that of a file of which nothing can be read.
func (r *Reader) ConvertAll(ctx context.Context, src string, dst func(n int) string, opt Options) ([]*dataset.Table, []Left, error) {
	parts, left, err := r.Parts(ctx, src, opt)
	if err != nil {
		return nil, nil, err
	}
	if len(parts) == 0 {
		t, err := r.Convert(ctx, src, dst(0), opt)
		if err != nil {
			return nil, nil, err
		}
		return []*dataset.Table{t}, left, nil
	}
	var out []*dataset.Table
	var failed error
	for _, p := range parts {
		one := opt
		one.Part = p.Name
		t, err := r.Convert(ctx, src, dst(len(out)), one)
		var refused *Error
		switch {
		case errors.As(err, &refused):
			left = append(left, Left{p.Name, refused})
			failed = cmp.Or(failed, err)
			continue
		case err != nil:
			return nil, nil, err
		}
		if len(parts) > 1 {
			if t.Part = p.Name; p.Title != "" {
				t.Part = p.Title + " (" + p.Name + ")"
			}
			t.Title = strings.TrimPrefix(t.Title+" · "+t.Part, " · ")
		}
		out = append(out, t)
	}
	if len(out) == 0 {
		return nil, nil, failed
	}
	return out, left, nil
}

// peekFile finds out a file's format, and reads no more of it.
func peekFile(ctx context.Context, path string, opt Options) (*file, error) {
	f := &file{path: path, max: opt.MaxBytes}
	if f.max <= 0 {
		f.max = DefaultMaxBytes
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, refuse(Unreadable, "", err)
	}
	if f.size = info.Size(); f.size == 0 {
		return nil, refuse(Empty, "", nil)
	}
	head, err := f.head()
	if err != nil {
		return nil, err
	}
	if f.format = formatOf(head); strings.HasPrefix(string(head), "PK") {
		f.format, err = f.zipFormat()
	}
	return f, err
}

// sheetParts lists the tables of a workbook.
func (f *file) sheetParts(ctx context.Context) ([]Part, []Left, error) {
	tables, left, err := f.sheetTables(ctx)
	if err != nil {
		return nil, nil, err
	}
	var parts []Part
	for _, t := range tables {
		parts = append(parts, Part{Name: t.name})
	}
	return parts, left, nil
}

// entryParts lists the tables of an archive's entries.
func (f *file) entryParts(ctx context.Context, opt Options) ([]Part, []Left, error) {
	z, err := zip.OpenReader(f.path)
	if err != nil {
		return nil, nil, refuse(Unreadable, "zip", err)
	}
	defer z.Close()
	var entries []*zip.File
	var left []Left
	for _, e := range z.File {
		switch {
		case strings.HasSuffix(e.Name, "/") || strings.HasPrefix(path.Base(e.Name), ".") || strings.Contains(e.Name, "__MACOSX"):
		case isTableName(e.Name):
			entries = append(entries, e)
		default:
			left = append(left, Left{e.Name, &Error{Reason: NotTable, Detail: formatNamed(e.Name)}})
		}
	}
	slices.SortStableFunc(entries, func(a, b *zip.File) int {
		return int(min(b.UncompressedSize64, 1<<40)) - int(min(a.UncompressedSize64, 1<<40))
	})
	var parts []Part
	for _, e := range entries {
		inner, err := f.partsOf(ctx, e, opt)
		switch {
		case err != nil && ctx.Err() != nil:
			return nil, nil, ctx.Err()
		case err != nil:
			left = append(left, Left{e.Name, asError(err)})
		default:
			parts = append(parts, inner...)
		}
	}
	if transit(parts) {
		for i, p := range parts {
			parts[i].Title = gtfs[path.Base(p.Name)]
		}
	}
	return parts, left, nil
}

// transit tells a timetable of public transport: a GTFS feed.
func transit(parts []Part) bool {
	has := func(name string) bool {
		return slices.ContainsFunc(parts, func(p Part) bool { return path.Base(p.Name) == name })
	}
	return has("stops.txt") && has("routes.txt") && has("trips.txt")
}

// gtfs are what the files of a GTFS feed hold.
var gtfs = map[string]string{
	"agency.txt": "exploitants", "stops.txt": "arrêts", "routes.txt": "lignes", "trips.txt": "courses", "stop_times.txt": "horaires de passage aux arrêts",
	"calendar.txt": "jours de service", "calendar_dates.txt": "exceptions de service", "shapes.txt": "tracés", "transfers.txt": "correspondances",
	"frequencies.txt": "fréquences", "fare_attributes.txt": "tarifs", "fare_rules.txt": "règles de tarif", "feed_info.txt": "informations sur le jeu de données",
	"pathways.txt": "cheminements", "levels.txt": "niveaux",
}

// partsOf lists the tables of one entry: itself, or those of a workbook.
func (f *file) partsOf(ctx context.Context, e *zip.File, opt Options) ([]Part, error) {
	switch strings.ToLower(path.Ext(e.Name)) {
	case ".xlsx", ".ods":
	default:
		return []Part{{Name: e.Name}}, nil
	}
	entry, err := f.entry(ctx, e)
	if err != nil {
		return nil, err
	}
	defer os.Remove(entry)
	in, err := peekFile(ctx, entry, opt)
	if err != nil {
		return nil, err
	}
	if in.format != "xlsx" && in.format != "ods" {
		return []Part{{Name: e.Name}}, nil
	}
	parts, _, err := in.sheetParts(ctx)
	if len(parts) == 1 {
		parts[0].Name = e.Name
		return parts, err
	}
	for i := range parts {
		parts[i].Name = e.Name + inside + parts[i].Name
	}
	return parts, err
}

func asError(err error) *Error {
	if e, ok := reasonOf(err).(*Error); ok {
		return e
	}
	return &Error{Reason: Unreadable, Err: err}
}

// formatNamed is what a name's ending says a file is, as Error.Detail has it.
func formatNamed(name string) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".shp", ".shx", ".dbf", ".prj", ".cpg", ".qpj", ".sbn", ".sbx", ".gpkg", ".tab", ".mif", ".mid", ".kml", ".gml":
		return "map"
	case ".pdf":
		return "pdf"
	case ".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff":
		return "image"
	case ".xml", ".xsd", ".qmd":
		return "xml"
	case ".xls":
		return "xls"
	case ".zip", ".7z", ".rar":
		return "zip"
	case ".txt", ".md", ".doc", ".docx", ".odt", ".rtf":
		return "prose"
	}
	return ""
}
