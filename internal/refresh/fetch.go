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

	"golang.org/x/sync/errgroup"

	"cigogne/internal/dataset"
	"cigogne/internal/fetch"
	"cigogne/internal/lang"
	"cigogne/internal/scratch"
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
	Alone    int64                                        // rows from which another engine alone holds a table; 0: none does
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
	damage, err := f.damage(ctx, draft)
	if err != nil {
		return report, err
	}
	p, err := f.plan(draft, damage)
	if err != nil {
		return report, err
	}
	r := &fetchRun{Fetch: f, plan: p, draft: draft, report: &report, aside: asideOf(draft.Base(), p.jobs), anew: map[string]bool{}}
	r.aside.Formats = p.formats
	report.Unread = damage.Portals
	if len(p.jobs) == 0 && len(damage.Portals) > 0 {
		return report, nil // the caller says what to harvest again
	}
	if err := r.fetch(ctx); err != nil {
		return report, err
	}
	report.Tables, report.Aside = len(p.held), r.aside.Aside
	if report.New == 0 && !damage.Tables && len(damage.Contents) == 0 && f.built(ctx, draft.Base(), p.held, damage) {
		return report, nil // nothing changed: the generation in force stays
	}
	if err := keepOutlines(draft, p.held, r.anew, damage); err != nil {
		return report, f.told(err)
	}
	if err := r.aside.write(draft); err != nil {
		return report, f.told(err)
	}
	return report, f.commit(ctx, draft, draft.Temp(), p.held, damage)
}

// fetchRun is a run under way.
type fetchRun struct {
	*Fetch
	plan   *plan
	draft  *store.Draft
	report *FetchReport
	aside  *asides

	mu   sync.Mutex
	done int
	anew map[string]bool // IDs of tables that this run has made
}

// fetch has the files, several at a time. A file that cannot be had is reported;
// an error is about the disk or the end of the run.
func (r *fetchRun) fetch(ctx context.Context) error {
	reader, err := table.NewReader()
	if err != nil {
		return err
	}
	defer reader.Close()
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(workers)
	for i := range r.plan.jobs {
		j := &r.plan.jobs[i]
		group.Go(func() error {
			base := filepath.Join(r.draft.Temp(), fmt.Sprint(i))
			fctx, end := trace.Span(gctx, "file", slog.String("dataset", j.dataset.ID), slog.String("host", hostOf(j.dist.URL)))
			fresh, left, err := r.one(fctx, reader, base, j)
			end(err)
			if gctx.Err() != nil {
				return gctx.Err()
			}
			r.mu.Lock()
			defer r.mu.Unlock()
			r.done++
			if full(err) { // no other file will fit either
				return r.told(err)
			}
			if kept := r.keep(ctx, base, j, fresh, left, err); kept != nil {
				return kept
			}
			if r.Progress != nil {
				r.Progress(r.done, len(r.plan.jobs), j.dataset, err)
			}
			return nil
		})
	}
	return group.Wait()
}

// keep takes in what came of a file; mu is held: a draft is for one goroutine.
func (r *fetchRun) keep(ctx context.Context, base string, j *job, fresh []dataset.Table, left []table.Left, failed error) error {
	switch {
	case failed != nil:
		r.report.Failed = append(r.report.Failed, Failure{j.dataset, j.dist.URL, failed})
		r.aside.failed(Failure{j.dataset, j.dist.URL, failed})
		r.Log.WarnContext(ctx, "file not read", "dataset", j.dataset.ID, "url", j.dist.URL, "error", failed)
		return nil
	case fresh == nil:
		r.report.Unchanged++
		return nil
	}
	if err := place(r.draft, base+outlineExt, j.id); err != nil {
		return r.told(err)
	}
	for _, t := range j.before {
		delete(r.plan.held, t.ID)
	}
	for n, t := range fresh {
		if _, err := r.draft.Adopt(parquetOf(base, n)); err != nil {
			return err
		}
		r.anew[t.ID], r.plan.held[t.ID] = true, t
	}
	r.aside.left(j, left)
	r.report.New++
	if j.damaged {
		r.report.Repaired++
	}
	return nil
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
func (f *Fetch) plan(draft *store.Draft, damage store.Damage) (*plan, error) {
	base := draft.Base()
	if base == nil {
		return nil, ErrNotHarvested
	}
	p := &plan{damage: damage, only: f.Only, held: map[string]dataset.Table{}, formats: map[string]int{}, known: map[string]dataset.Table{}, given: map[string][]string{}}
	if err := p.start(base); err != nil {
		return nil, err
	}
	all, err := once(whole(base, damage))
	if err != nil {
		return nil, err
	}
	for d, err := range all {
		if err != nil {
			return nil, err
		}
		for _, dist := range d.Distributions {
			switch {
			case dist.URL == "" || dist.Dead && dist.Parsed == "":
			case wanted(d, dist):
				p.add(d, dist)
			default:
				p.formats[cmp.Or(format(dist), ending(dist))]++
			}
		}
	}
	return p, nil
}

// plan is what a run has to do.
type plan struct {
	damage  store.Damage
	only    []string
	jobs    []job
	held    map[string]dataset.Table // tables that stay, by ID
	formats map[string]int           // of files that are not wanted
	known   map[string]dataset.Table // tables of the generation, by ID
	given   map[string][]string      // IDs of tables by the job that made them
}

// start takes in the tables that there are.
func (p *plan) start(base *store.Generation) error {
	if !p.damage.Tables {
		for t, err := range base.Tables() {
			if err != nil {
				return err
			}
			p.known[t.ID] = t
		}
	}
	damaged := slices.ContainsFunc(base.Portals, func(x store.Portal) bool { return slices.Contains(p.damage.Portals, x.URL) })
	for id, t := range p.known {
		if damaged && !slices.Contains(p.damage.Contents, id) { // whose they are cannot be told: they stay
			p.held[id] = t
		}
		if t.Part != "" {
			id = id[:strings.LastIndexByte(id, '_')]
		}
		p.given[id] = append(p.given[id], t.ID)
	}
	return nil
}

// add plans to have a file.
func (p *plan) add(d dataset.Dataset, dist dataset.Distribution) {
	j := job{dataset: d, dist: dist, id: tableID(d, dist)}
	j.damaged = p.damage.Tables || slices.Contains(p.damage.Files, OutlineFile(j.id)) || slices.Contains(p.damage.Contents, j.id) ||
		slices.ContainsFunc(p.given[j.id], func(id string) bool { return slices.Contains(p.damage.Contents, id) })
	for _, id := range p.given[j.id] {
		if !j.damaged {
			p.held[id], j.before = p.known[id], append(j.before, p.known[id])
		}
	}
	if len(p.only) == 0 || j.damaged || slices.Contains(p.only, d.ID) || slices.Contains(p.only, d.Name) {
		p.jobs = append(p.jobs, j)
	}
}

// alone tells whether another engine alone holds a table.
func (f *Fetch) alone(t dataset.Table) bool { return f.Alone > 0 && t.Rows >= f.Alone }

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
	return err != nil && (scratch.NoRoom(err) || strings.Contains(err.Error(), "No space left on device"))
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

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
