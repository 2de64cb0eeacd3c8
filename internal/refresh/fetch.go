package refresh

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"

	"golang.org/x/sync/errgroup"

	"cigogne/internal/dataset"
	"cigogne/internal/fetch"
	"cigogne/internal/lang"
	"cigogne/internal/library"
	"cigogne/internal/store"
	"cigogne/internal/table"
	"cigogne/internal/trace"
	"cigogne/internal/warehouse"
)

// Fetch is one run over the files of the harvested datasets.
type Fetch struct {
	Store    *store.Store
	Client   *fetch.Client
	Log      *slog.Logger
	Only     []string                                     // IDs or names of datasets; none: all
	MaxBytes int64                                        // of one file; 0: the client's own limit
	Embedded func(dir string) ([]warehouse.Source, error) // writes the embedded tables' files, to be held beside
	Retain   func(ctx context.Context) ([]string, error)  // hashes of files that stay, beyond the generations'; nil: none
	Progress func(done, all int, d dataset.Dataset, err error)

	schemas sync.Map // address → func() *schema.Schema, had once a run
}

// FetchReport says what a run did.
type FetchReport struct {
	Tables    int // held now
	New       int // downloaded and read in this run
	Unchanged int
	Repaired  int      // of New, those whose files were damaged or missing
	Unread    []string // URLs of portals whose kept datasets are damaged: harvesting them again repairs that
	Failed    []Failure
	Aside     Aside // what is in no table, of all files, those of runs before included
}

// Failure is a file that could not be had or read; the table it gave before, if
// any, stays.
type Failure struct {
	Dataset dataset.Dataset
	URL     string
	Err     error
}

// Sentence says in one sentence what is wrong with the file.
func (f Failure) Sentence(l lang.Lang) string {
	var s interface{ Sentence(lang.Lang) string }
	var t *table.Error
	switch {
	case errors.As(f.Err, &t):
		return t.Sentence(filepath.Base(f.URL), l)
	case errors.As(f.Err, &s):
		return s.Sentence(l)
	}
	return f.Err.Error()
}

const (
	workers    = 4
	parquetExt = ".parquet"
)

// Run downloads what is tabular and has changed, reads it, and writes a
// generation with all tables. The error is that of the store, of ctx or of the
// database; a file's is in the report.
func (f *Fetch) Run(ctx context.Context) (report FetchReport, err error) {
	ctx, end := trace.Span(ctx, "fetch")
	defer func() {
		trace.Note(ctx, slog.Int("tables", report.Tables), slog.Int("new", report.New), slog.Int("failed", len(report.Failed)))
		end(err)
	}()
	draft, err := f.Store.Begin(ctx)
	if err != nil {
		return report, err
	}
	defer draft.Discard()
	tmp := draft.Temp()
	damage, err := f.damage(ctx, draft)
	if err != nil {
		return report, err
	}
	jobs, held, formats, err := f.plan(draft, damage)
	if err != nil {
		return report, err
	}
	aside := asideOf(draft.Base(), jobs)
	aside.Formats = formats
	report.Unread = damage.Portals
	if len(jobs) == 0 && len(damage.Portals) > 0 {
		return report, nil // the caller says what to harvest again
	}
	reader, err := table.NewReader()
	if err != nil {
		return report, err
	}
	defer reader.Close()

	var mu sync.Mutex
	done, anew := 0, map[string]bool{}
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(workers)
	for i := range jobs {
		j := &jobs[i]
		group.Go(func() error {
			base := filepath.Join(tmp, fmt.Sprint(i))
			fctx, end := trace.Span(gctx, "file", slog.String("dataset", j.dataset.ID), slog.String("host", hostOf(j.dist.URL)))
			fresh, left, err := f.one(fctx, reader, base, j)
			end(err)
			if gctx.Err() != nil {
				return gctx.Err()
			}
			mu.Lock()
			defer mu.Unlock()
			done++
			switch {
			case full(err): // no other file will fit either
				return f.told(err)
			case err != nil:
				report.Failed = append(report.Failed, Failure{j.dataset, j.dist.URL, err})
				aside.failed(Failure{j.dataset, j.dist.URL, err})
				f.Log.WarnContext(ctx, "file not read", "dataset", j.dataset.ID, "url", j.dist.URL, "error", err)
			case fresh == nil:
				report.Unchanged++
			default:
				// A draft is for one goroutine: mu is held.
				if err := place(draft, base+outlineExt, j.id); err != nil {
					return f.told(err)
				}
				for _, t := range j.before {
					delete(held, t.ID)
				}
				for n, t := range fresh {
					if _, err := draft.Adopt(parquetOf(base, n)); err != nil {
						return err
					}
					anew[t.ID], held[t.ID] = true, t
				}
				aside.left(j, left)
				report.New++
				if j.damaged {
					report.Repaired++
				}
			}
			if f.Progress != nil {
				f.Progress(done, len(jobs), j.dataset, err)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return report, err
	}
	report.Tables, report.Aside = len(held), aside.Aside
	if report.New == 0 && !damage.Tables && len(damage.Contents) == 0 && built(ctx, draft.Base(), damage) {
		return report, nil // nothing changed: the generation in force stays
	}
	if err := keepOutlines(draft, held, anew, damage); err != nil {
		return report, f.told(err)
	}
	if err := aside.write(draft); err != nil {
		return report, f.told(err)
	}
	return report, f.commit(ctx, draft, tmp, held, damage)
}

// damage is what is wrong with the generation to start from.
func (f *Fetch) damage(ctx context.Context, draft *store.Draft) (store.Damage, error) {
	if draft.Base() == nil {
		return store.Damage{}, nil
	}
	return draft.Base().Check(ctx)
}

// plan lists the tabular files of the datasets, the tables held already that are
// still published and whole, and how many other files there are, by format.
func (f *Fetch) plan(draft *store.Draft, damage store.Damage) (jobs []job, held map[string]dataset.Table, formats map[string]int, err error) {
	held = map[string]dataset.Table{}
	base := draft.Base()
	if base == nil {
		return nil, nil, nil, ErrNotHarvested
	}
	known := map[string]dataset.Table{}
	if !damage.Tables {
		for t, err := range base.Tables() {
			if err != nil {
				return nil, nil, nil, err
			}
			known[t.ID] = t
		}
	}
	var all []dataset.Dataset
	for _, p := range base.Portals {
		if slices.Contains(damage.Portals, p.URL) {
			for id, t := range known { // whose they are cannot be told: they stay
				if !slices.Contains(damage.Contents, id) {
					held[id] = t
				}
			}
			continue
		}
		for d, err := range base.DatasetsOf(p.URL) {
			if err != nil {
				return nil, nil, nil, err
			}
			all = append(all, d)
		}
	}
	given := map[string][]string{} // tables by the job that made them
	for id, t := range known {
		if t.Part != "" {
			id = id[:strings.LastIndexByte(id, '_')]
		}
		given[id] = append(given[id], t.ID)
	}
	formats = map[string]int{}
	for _, d := range once(all) {
		for _, dist := range d.Distributions {
			if dist.URL == "" || dist.Dead && dist.Parsed == "" {
				continue
			}
			if !wanted(d, dist) {
				formats[cmp.Or(format(dist), ending(dist))]++
				continue
			}
			j := job{dataset: d, dist: dist, id: tableID(d, dist)}
			j.damaged = damage.Tables || slices.Contains(damage.Files, OutlineFile(j.id)) || slices.Contains(damage.Contents, j.id) ||
				slices.ContainsFunc(given[j.id], func(id string) bool { return slices.Contains(damage.Contents, id) })
			for _, id := range given[j.id] {
				if !j.damaged {
					held[id], j.before = known[id], append(j.before, known[id])
				}
			}
			if len(f.Only) == 0 || j.damaged || slices.Contains(f.Only, d.ID) || slices.Contains(f.Only, d.Name) {
				jobs = append(jobs, j)
			}
		}
	}
	return jobs, held, formats, nil
}

// built tells whether a generation has a database already, whole.
func built(ctx context.Context, g *store.Generation, damage store.Damage) bool {
	if g == nil || !exists(g.Path(library.DatabaseFile)) || damage.Has(library.DatabaseFile) {
		return false
	}
	db, err := warehouse.OpenFile(ctx, g.Path(library.DatabaseFile), warehouse.Limits{})
	if err != nil {
		return false
	}
	return db.Close() == nil
}

// ErrNotHarvested says that there is no dataset to fetch files of.
var ErrNotHarvested = errors.New("nothing was harvested yet")

// told gives an error that is the disk's its reason.
func (f *Fetch) told(err error) error {
	if full(err) {
		return &store.Error{Reason: store.Full, Dir: f.Store.Dir(), Err: err}
	}
	return err
}

// full tells whether an error means that the disk has no room. The engine only
// says so in words.
func full(err error) bool {
	return err != nil && (errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || strings.Contains(err.Error(), "No space left on device"))
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// commit builds the database of all tables and puts the generation in force.
func (f *Fetch) commit(ctx context.Context, draft *store.Draft, tmp string, held map[string]dataset.Table, damage store.Damage) error {
	ids := make([]string, 0, len(held))
	for id := range held {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	sources, err := f.Embedded(tmp)
	if err != nil {
		return err
	}
	var tables []dataset.Table
	for _, id := range ids {
		tables = append(tables, held[id])
		sources = append(sources, warehouse.Source{Name: id, Parquet: f.Store.Object(held[id].Parquet)})
	}
	if err := warehouse.Build(ctx, draft.Path(library.DatabaseFile), sources); err != nil {
		return f.told(fmt.Errorf("build the database: %w", err))
	}
	if err := draft.PutTables(tables); err != nil {
		return err
	}
	if !damage.Has(library.IndexFile) { // else the next harvest writes it
		if err := keep(draft, library.IndexFile); err != nil {
			return err
		}
	}
	if _, err := draft.Commit(ctx); err != nil {
		return err
	}
	if err := f.sweep(ctx); err != nil {
		f.Log.WarnContext(ctx, "old generations stay", "error", err) // the new one is in force all the same
	}
	return nil
}

// sweep removes what nothing needs any more; nothing, where it cannot be told.
func (f *Fetch) sweep(ctx context.Context) error {
	var retain []string
	if f.Retain != nil {
		var err error
		if retain, err = f.Retain(ctx); err != nil {
			return err
		}
	}
	_, err := f.Store.GC(ctx, keptGenerations, retain...)
	return err
}

// keptGenerations is how many stay, so that a process that opened one before a
// switch can finish with it.
const keptGenerations = 3

var notName = regexp.MustCompile(`[^a-z0-9]+`)

// tableID names the table of a distribution: the same one at each run.
func tableID(d dataset.Dataset, dist dataset.Distribution) string {
	sum := sha256.Sum256([]byte(d.ID + "\x00" + dist.ID + "\x00" + dist.URL))
	slug := strings.Trim(notName.ReplaceAllString(lang.Fold(d.Name), "_"), "_")
	if len(slug) > 40 {
		slug = strings.TrimRight(slug[:40], "_")
	}
	return "t_" + slug + "_" + hex.EncodeToString(sum[:4])
}
