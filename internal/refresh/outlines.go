package refresh

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/outline"
	"cigogne/internal/store"
)

// OutlineFolder is where a generation holds outlines of territories, a file a
// harvested layer.
const OutlineFolder = "outlines"

const outlineExt = ".geojson"

// OutlineFile is where a generation holds the outlines of a table's file.
func OutlineFile(table string) string { return OutlineFolder + "/" + table + outlineExt }

// aboutTerritories are words of the titles of layers of communes and
// intercommunalities, folded.
var aboutTerritories = []string{"commune", "epci", "intercommunal", "limites administratives", "decoupage administratif", "admin express", "contours"}

// layer tells whether a distribution is a map layer that is worth downloading:
// where nothing else of the dataset is a table, or it may hold outlines.
func layer(d dataset.Dataset, dist dataset.Distribution) bool {
	if strings.TrimPrefix(dist.Format, ".") != "geojson" && (dist.Format != "" || !strings.HasSuffix(strings.ToLower(dist.URL), outlineExt)) {
		return false
	}
	title := lang.Fold(d.Title + " " + dist.Title)
	return !slices.ContainsFunc(d.Distributions, tabular) || slices.ContainsFunc(aboutTerritories, func(w string) bool { return strings.Contains(title, w) })
}

// outlines derives the outlines of a layer of communes or intercommunalities of
// the home region from a downloaded file, beside it. Other files have none, and
// are tables all the same.
func (f *Fetch) outlines(ctx context.Context, file string, j *job) {
	in, err := os.Open(file)
	if err != nil {
		return
	}
	defer in.Close()
	head := make([]byte, 1)
	if _, err := in.ReadAt(head, 0); err != nil || !bytes.ContainsAny(head, "{ \t\n\xef") {
		return
	}
	l, err := outline.Read(in)
	if err != nil || l.Level == "" || !l.Tiles() {
		return
	}
	l.Credit = strings.Join(slices.DeleteFunc([]string{"© " + j.dataset.Publisher, j.dataset.Title, j.dataset.Licence.Title}, func(s string) bool { return strings.Trim(s, "© ") == "" }), ", ")
	out, err := os.Create(file + outlineExt)
	if err != nil {
		return
	}
	if err := errors.Join(l.Write(out), out.Close()); err != nil {
		os.Remove(file + outlineExt)
		f.Log.WarnContext(ctx, "outlines not kept", "dataset", j.dataset.ID, "url", j.dist.URL, "error", err)
	}
}

// place moves the outlines that were derived from a file, if any, into the draft.
func place(draft *store.Draft, from, table string) error {
	to := draft.Path(OutlineFile(table))
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	if err := os.Rename(from, to); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// keepOutlines takes over the outlines of the tables that have not changed.
func keepOutlines(draft *store.Draft, held map[string]dataset.Table, anew map[string]bool, damage store.Damage) error {
	for id := range held {
		if anew[id] || slices.Contains(damage.Files, OutlineFile(id)) {
			continue
		}
		if err := keep(draft, OutlineFile(id)); err != nil {
			return err
		}
	}
	return nil
}
