package table

import (
	"archive/zip"
	"context"
	"io"
	"os"
	"path"
	"slices"
	"strings"
)

// tableExt are the endings of entries of an archive that may be tables.
var tableExt = []string{".csv", ".tsv", ".txt", ".xlsx", ".ods", ".json", ".geojson", ".jsonl", ".ndjson", ".parquet", ".gz", ".dat", ".tab"}

// aboutWords begin the names of entries that are about the others.
var aboutWords = []string{"readme", "lisez", "licen", "notice", "metadata", "metadonnees", "dictionnaire", "description"}

// unpack writes the archive's one table beside others of no table to a
// temporary file, which takes the archive's place; the caller removes it. An
// archive of several has to be asked for one of them by its name.
func (f *file) unpack(ctx context.Context, want string) (inner string, err error) {
	z, err := zip.OpenReader(f.path)
	if err != nil {
		return "", refuse(Unreadable, "zip", err)
	}
	defer z.Close()
	var tables []*zip.File
	var names []string
	for _, e := range z.File {
		if isTableName(e.Name) && (want == "" || e.Name == want || path.Base(e.Name) == want) {
			tables = append(tables, e)
			names = append(names, e.Name)
		}
	}
	switch len(tables) {
	case 0:
		return "", refuse(NotTable, "zip", nil)
	case 1:
	default:
		slices.Sort(names)
		return "", &Error{Reason: NotTable, Detail: "several", Names: names}
	}
	return f.entry(ctx, tables[0])
}

func isTableName(name string) bool {
	base := strings.ToLower(path.Base(name))
	if strings.HasSuffix(name, "/") || strings.HasPrefix(base, ".") || strings.Contains(name, "__MACOSX") {
		return false
	}
	for _, w := range aboutWords {
		if strings.HasPrefix(base, w) {
			return false
		}
	}
	return slices.Contains(tableExt, path.Ext(base))
}

// entry copies one entry out of its archive, as far as a file may unpack.
func (f *file) entry(ctx context.Context, e *zip.File) (string, error) {
	r, err := e.Open()
	if err != nil {
		return "", refuse(Unreadable, "zip", err)
	}
	defer r.Close()
	out, err := os.CreateTemp("", "cigogne-entry-*")
	if err != nil {
		return "", err
	}
	b := &bounded{r: contextReader{ctx, r}, left: min(f.max, max(bombBytes, bombRatio*f.size)), close: r.Close}
	if _, err = io.Copy(out, b); err == nil {
		err = out.Close()
	} else {
		out.Close()
	}
	if err != nil {
		os.Remove(out.Name())
		return "", err
	}
	return out.Name(), nil
}
