package refresh

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/fetch"
	"cigogne/internal/harvest/melodi"
	"cigogne/internal/harvest/ogc"
	"cigogne/internal/harvest/sdmx"
	"cigogne/internal/lang"
	"cigogne/internal/table"
	"cigogne/internal/table/schema"
)

// job is a file to have.
type job struct {
	dataset dataset.Dataset
	dist    dataset.Distribution
	id      string          // of its table; the beginning of the IDs of its tables, where they are several
	before  []dataset.Table // what it gave last time, none where that is damaged
	damaged bool
}

// one downloads and reads one file: its tables, and what it holds besides; nil
// where it has not changed. Where it cannot be had or read, and the portal has
// read it, the portal's reading is taken.
func (f *Fetch) one(ctx context.Context, reader *table.Reader, base string, j *job) ([]dataset.Table, []table.Left, error) {
	defer os.Remove(base)
	if len(j.before) > 0 && j.settled(time.Now()) {
		return nil, nil, nil
	}
	tables, left, err := f.read(ctx, reader, base, j)
	if err == nil || j.dist.Parsed == "" || ctx.Err() != nil || full(err) {
		return tables, left, err
	}
	other := *j
	other.dist.URL, other.dist.Hash, other.dist.Format = j.dist.Parsed, "", "parquet"
	if tables, left, again := f.read(ctx, reader, base, &other); again == nil {
		return tables, left, nil
	}
	return nil, nil, err
}

// download has a file at path, as it is published.
func (f *Fetch) download(ctx context.Context, path string, j *job) (fetch.File, error) {
	req := fetch.Request{URL: j.dist.URL, Hash: j.dist.Hash, MaxBytes: f.MaxBytes}
	if len(j.before) > 0 {
		req.ETag, req.LastModified = j.before[0].ETag, j.before[0].Changed
	}
	if from, here := local(j.dataset, j.dist); here {
		return f.Client.Local(ctx, req, from, path)
	}
	if format(j.dist) == service {
		layer, err := f.layerOf(ctx, j)
		if err != nil {
			return fetch.File{}, err
		}
		req.URL = layer
	}
	if fetch.IsLayer(req.URL) {
		return f.Client.Layer(ctx, req, path)
	}
	if format(j.dist) == melodi.Type {
		return f.Client.Melodi(ctx, req, path, f.codes(ctx, []string{melodi.Range(req.URL)}, "application/json", melodi.ParseRange))
	}
	got, err := f.Client.Fetch(ctx, req, path)
	if err == nil && !got.Unchanged && format(j.dist) == sdmx.Type {
		err = fetch.Observations(path, f.codes(ctx, sdmx.Structures(j.dataset.URL), sdmx.Accept, sdmx.ParseStructure))
	}
	return got, err
}

func (f *Fetch) read(ctx context.Context, reader *table.Reader, base string, j *job) ([]dataset.Table, []table.Left, error) {
	got, err := f.download(ctx, base, j)
	if err != nil {
		return nil, nil, err
	}
	if got.Unchanged || len(j.before) > 0 && got.SHA256 == j.before[0].SHA256 {
		return nil, nil, nil
	}
	name := cmp.Or(j.dist.Title, j.dataset.Title)
	tables, left, err := reader.ConvertAll(ctx, base, func(n int) string { return parquetOf(base, n) }, table.Options{Name: name, Format: j.dist.Format, Fields: j.dist.Fields})
	if err != nil {
		return nil, nil, err
	}
	f.outlines(ctx, base, j)
	var out []dataset.Table
	for _, t := range tables {
		t.ID, t.DatasetID, t.DistributionID, t.URL = partID(j.id, t.Part), j.dataset.ID, j.dist.ID, j.dist.URL
		t.SHA256, t.ETag, t.Changed, t.Retrieved = got.SHA256, got.ETag, got.LastModified, got.Retrieved
		t.Modified = j.dist.Modified
		if t.Modified.IsZero() {
			t.Modified = j.dataset.Modified
		}
		t.Schema = f.follows(ctx, j, t)
		out = append(out, *t)
	}
	return out, left, nil
}

// service is the format of a WFS whose record names no layer.
const service = "wfs"

// layerOf is the address of the layer of a WFS that is the dataset: the only one,
// or the one that is called as it is. Any other would be a guess.
func (f *Fetch) layerOf(ctx context.Context, j *job) (string, error) {
	all, err := f.Client.Layers(ctx, j.dist.URL)
	if err != nil {
		return "", err
	}
	var names []string
	for _, s := range []string{j.dataset.Name, j.dataset.ID, j.dataset.Title, j.dist.Title} {
		if s = lang.Fold(s); s != "" {
			names = append(names, s)
		}
	}
	for _, t := range all {
		_, local, _ := strings.Cut(t.Name, ":")
		called := slices.ContainsFunc([]string{t.Name, local, t.Title}, func(s string) bool { return slices.Contains(names, lang.Fold(s)) })
		if address := ogc.FeatureCSV(j.dist.URL, t.Name); address != "" && (called || len(all) == 1) {
			return address, nil
		}
	}
	return "", fetch.NoLayer(j.dist.URL)
}

// codes are what the codes of observations mean, as the first of the addresses
// tells; none where that cannot be had: they are worth having all the same.
func (f *Fetch) codes(ctx context.Context, addresses []string, accept string, parse func([]byte) (map[string]sdmx.Component, error)) map[string]fetch.Codes {
	for _, address := range addresses {
		b, err := f.Client.Small(ctx, address, accept)
		if err != nil {
			f.Log.InfoContext(ctx, "meaning of codes not had", "url", address, "error", err)
			continue
		}
		parts, err := parse(b)
		if err != nil {
			continue
		}
		out := map[string]fetch.Codes{}
		for id, part := range parts {
			out[id] = fetch.Codes{Name: part.Name, Labels: part.Codes}
		}
		return out
	}
	return nil
}

// follows holds a table against the schema that its publisher declares; nil where
// none is declared, or it cannot be had.
func (f *Fetch) follows(ctx context.Context, j *job, t *dataset.Table) *dataset.Conformance {
	address := schema.Address(j.dist.Schema)
	if address == "" {
		return nil
	}
	known, _ := f.schemas.LoadOrStore(address, sync.OnceValue(func() *schema.Schema {
		b, err := f.Client.Small(ctx, address, "application/json")
		if err != nil {
			f.Log.WarnContext(ctx, "schema not had", "url", address, "error", err)
			return nil
		}
		s, err := schema.Parse(b)
		if err != nil {
			return nil // it describes something else than a table
		}
		return s
	}))
	s := known.(func() *schema.Schema)()
	if s == nil {
		return nil
	}
	return &dataset.Conformance{Schema: j.dist.Schema, Wrong: s.Wrong(t)}
}

// parquetOf is where the n-th table of a downloaded file is written.
func parquetOf(base string, n int) string { return fmt.Sprintf("%s.%d%s", base, n, parquetExt) }

// partID names one of several tables of a file, the same one at each run.
func partID(file, part string) string {
	if part == "" {
		return file
	}
	sum := sha256.Sum256([]byte(part))
	return file + "_" + hex.EncodeToString(sum[:4])
}

// trusted is how long a portal's word is taken that a file has not changed.
const trusted = 7 * 24 * time.Hour

// settled tells whether a file need not be asked for: its server has nothing to
// be asked by, and its portal says it is the one that was read, not long ago.
func (j *job) settled(now time.Time) bool {
	b := j.before[0]
	return b.ETag == "" && b.Changed == "" && !j.dist.Modified.IsZero() && j.dist.Modified.Equal(b.Modified) &&
		b.Retrieved.After(j.dist.Modified) && now.Sub(b.Retrieved) < trusted
}
