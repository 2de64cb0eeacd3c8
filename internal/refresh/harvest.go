// Package refresh brings the data directory up to date: a portal's datasets
// (Harvest), then their files as tables (Fetch). Each run writes one new
// generation; what fails keeps what was there before.
package refresh

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"os"
	"slices"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest"
	"cigogne/internal/harvest/portal"
	"cigogne/internal/lang"
	"cigogne/internal/library"
	"cigogne/internal/search"
	"cigogne/internal/store"
	"cigogne/internal/texts"
	"cigogne/internal/trace"
)

// ErrNothing is the answer of a portal that lists no dataset.
var ErrNothing = errors.New("the portal lists no dataset")

// ShortError is a portal that gives fewer datasets than it announces, and fewer
// than were kept of it: what was kept stays.
type ShortError struct{ Declared, Given, Kept int }

func (e *ShortError) Error() string {
	return fmt.Sprintf("the portal announces %d datasets and gives %d; %d were kept", e.Declared, e.Given, e.Kept)
}

// Sentence says it to a person.
func (e *ShortError) Sentence(l lang.Lang) string {
	return texts.Say(l, "refresh.portal_announces_datasets_and_gives", "n", e.Declared, "given", e.Given, "kept", e.Kept)
}

// HarvestReport says what a run did.
type HarvestReport struct {
	harvest.Report
	Added   int          // datasets that were not there at the harvest before; 0 at the first one
	Changed int          // that are not as they were
	Gone    int          // that the portal does not publish any more
	Damage  store.Damage // of the generation before, but for what this run wrote anew
}

// Remarks says in sentences what was not as it should be; none where all was.
func (r HarvestReport) Remarks(l lang.Lang) []string {
	out := r.Report.Remarks(l)
	if r.Gone > 0 {
		out = append(out, texts.Say(l, "refresh.withdrawn", "n", r.Gone))
	}
	for _, p := range r.Damage.Portals {
		out = append(out, texts.Say(l, "refresh.portal_damaged", "url", p))
	}
	if r.Damage.Tables || len(r.Damage.Contents) > 0 || r.Damage.Has(library.DatabaseFile) {
		out = append(out, texts.Say(l, "refresh.tables_damaged"))
	}
	return out
}

// Harvest reads portals' catalogues: each by itself, several at once where there
// are several; what was read is kept in one generation.
type Harvest struct {
	Store    *store.Store
	Embedded []dataset.Dataset // to be found beside the harvested ones
	Index    search.Options
}

// Read reads a portal whole; nothing is changed yet. tell, if any, is told how far
// it is. The caller closes what it gets.
func (h Harvest) Read(ctx context.Context, source portal.Portal, tell func(harvest.Report)) (r *Reading, err error) {
	ctx, end := trace.Span(ctx, "harvest", slog.String("portal", hostOf(source.URL())), slog.String("type", source.Type()))
	defer func() {
		if r != nil {
			trace.Note(ctx, slog.Int("datasets", r.report.Datasets))
		}
		end(err)
	}()
	base, err := h.Store.Current()
	if err != nil {
		base = nil // damaged: everything is asked for
	}
	r, err = newReading(h.Store.Dir(), store.Portal{URL: source.URL(), Type: source.Type()})
	if err != nil {
		return nil, err
	}
	r.report, err = source.Harvest(ctx, harvest.Sink{
		Put:   r.put,
		Known: func(id string) (dataset.Dataset, bool) { return known(base, r.portal.URL, id) },
		Tell:  tell,
	})
	if err == nil && r.report.Datasets == 0 {
		err = ErrNothing
	}
	if err == nil {
		err = r.out.Flush()
	}
	if err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// Free tells whether another run is changing the data directory: better said
// before anything is read than after.
func (h Harvest) Free(ctx context.Context) error {
	draft, err := h.Store.Begin(ctx)
	if err != nil {
		return err
	}
	return draft.Discard()
}

// Outcome is what became of a reading: its report, or why it was not kept.
type Outcome struct {
	HarvestReport
	Err error
}

// Keep replaces the datasets of the portals read by what they publish now, keeps
// those that they published before as withdrawn, and brings the index up to date,
// the embedded datasets in it too: what has not changed is taken over from the
// index before. A reading that may not be kept (see ShortError) leaves its portal
// as it was. Where Keep fails, nothing has changed. The outcomes are in the order
// of the readings.
func (h Harvest) Keep(ctx context.Context, readings ...*Reading) ([]Outcome, error) {
	out := make([]Outcome, len(readings))
	draft, err := h.begin(ctx)
	if err != nil {
		return out, err
	}
	defer draft.Discard()
	kept := 0
	var fresh []string // portals that are written anew
	var changes []Change
	for i, r := range readings {
		out[i].Report = r.report
		of, err := h.put(draft, r, &out[i].HarvestReport)
		if short := (*ShortError)(nil); errors.As(err, &short) {
			out[i].Err = err
			continue
		}
		if err != nil {
			return out, err
		}
		kept++
		fresh, changes = append(fresh, r.portal.URL), append(changes, of...)
	}
	if kept == 0 {
		return out, nil
	}
	damage, err := h.finish(ctx, draft, fresh, changes)
	if err != nil {
		return out, err
	}
	for i := range out {
		out[i].Damage = damage
	}
	_, err = draft.Commit(ctx)
	return out, err
}

// begin starts a generation. Another run may have one under way since the
// portals were read: it is waited for.
func (h Harvest) begin(ctx context.Context) (*store.Draft, error) {
	for {
		draft, err := h.Store.Begin(ctx)
		if busy := (*store.Error)(nil); err == nil || !errors.As(err, &busy) || busy.Reason != store.Busy {
			return draft, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(time.Second):
		}
	}
}

// finish writes what is beside the datasets of a generation: the index, the list
// of what has changed, and what other runs made. It tells what was damaged
// before and is not written anew.
func (h Harvest) finish(ctx context.Context, draft *store.Draft, fresh []string, changes []Change) (damage store.Damage, err error) {
	if base := draft.Base(); base != nil {
		if damage, err = base.Check(ctx); err != nil {
			return damage, err
		}
		damage.Portals = slices.DeleteFunc(damage.Portals, func(url string) bool { return slices.Contains(fresh, url) })
	}
	if err := h.index(ctx, draft, damage); err != nil {
		return damage, err
	}
	if err := writeChanges(draft, fresh, changes); err != nil {
		return damage, err
	}
	if !damage.Has(library.DatabaseFile) { // else fetch builds it again
		if err := keep(draft, library.DatabaseFile); err != nil {
			return damage, err
		}
	}
	for _, name := range []string{OutlineFolder, AsideFile} {
		if err := keep(draft, name); err != nil {
			return damage, err
		}
	}
	return damage, nil
}

// put replaces a portal's datasets, and tells what has changed.
func (h Harvest) put(draft *store.Draft, r *Reading, report *HarvestReport) ([]Change, error) {
	base, url := draft.Base(), r.portal.URL
	if base != nil && report.Missing() > 0 && report.Lies() {
		for _, p := range base.Portals {
			if p.URL == url && p.Datasets > report.Datasets {
				return nil, &ShortError{Declared: report.Declared, Given: report.Datasets, Kept: p.Datasets}
			}
		}
	}
	c := comparison{before: sums(base, url), had: map[string]bool{}}
	_, err := draft.PutDatasets(r.portal, func(put func(dataset.Dataset) error) error {
		for d, err := range r.datasets() {
			if err != nil {
				return err
			}
			c.had[d.ID] = true
			c.see(d)
			if err := put(d); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || base == nil {
		return nil, err
	}
	err = withdraw(draft, url, &c)
	if c.before == nil { // its first harvest: nothing was there to change
		c.changes = nil
		return nil, err
	}
	report.Added, report.Changed, report.Gone = c.counts()
	return c.changes, err
}

// known is what the generation holds of a portal's dataset.
func known(base *store.Generation, url, id string) (dataset.Dataset, bool) {
	if base == nil {
		return dataset.Dataset{}, false
	}
	found, err := base.Dataset(id)
	if err != nil {
		return dataset.Dataset{}, false // it is asked for
	}
	for _, d := range found {
		if d.Portal == url && d.ID == id {
			return d, true
		}
	}
	return dataset.Dataset{}, false
}

// withdraw keeps the datasets that the portal published before and does not any
// more, with the time that was first found. A list that is damaged is left out.
func withdraw(draft *store.Draft, url string, c *comparison) error {
	base := draft.Base()
	return draft.PutWithdrawn(url, func(put func(dataset.Dataset) error) error {
		seen := map[string]bool{}
		for _, list := range []iter.Seq2[dataset.Dataset, error]{base.DatasetsOf(url), base.Withdrawn(url)} {
			for d, err := range list {
				if err != nil {
					break
				}
				if c.had[d.ID] || seen[d.ID] {
					continue
				}
				if seen[d.ID] = true; d.Withdrawn.IsZero() {
					d.Withdrawn = time.Now().UTC()
					c.note(Withdrawn, d)
				}
				if err := put(d); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// index writes the search index of all portals' datasets, but for those that
// are damaged: the remarks say how to mend them.
func (h Harvest) index(ctx context.Context, draft *store.Draft, damage store.Damage) (err error) {
	ctx, end := trace.Span(ctx, "index")
	defer func() { end(err) }()
	each, err := once(whole(draft.Generation(), damage))
	if err != nil {
		return err
	}
	all := func(yield func(dataset.Dataset, error) bool) {
		for _, d := range h.Embedded {
			if !yield(d, nil) {
				return
			}
		}
		each(yield)
	}
	options := h.Index
	if base := draft.Base(); base != nil {
		if before, err := search.Open(ctx, base.Path(library.IndexFile), options); err == nil {
			options.Previous = before
		} // missing, damaged or of another version: all is indexed anew
	}
	x, err := search.BuildFrom(ctx, all, options)
	if err != nil {
		return fmt.Errorf("index: %w", err)
	}
	if err := x.Save(draft.Path(library.IndexFile)); err != nil {
		return fmt.Errorf("save the index: %w", err)
	}
	return nil
}

// whole are the datasets of a generation, but for portals that are damaged.
func whole(g *store.Generation, damage store.Damage) iter.Seq2[dataset.Dataset, error] {
	return func(yield func(dataset.Dataset, error) bool) {
		for _, p := range g.Portals {
			if slices.Contains(damage.Portals, p.URL) {
				continue
			}
			for d, err := range g.DatasetsOf(p.URL) {
				if !yield(d, err) {
					return
				}
			}
		}
	}
}

// keep takes a file over from the generation before, where there is one.
func keep(draft *store.Draft, name string) error {
	if err := draft.Keep(name); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
