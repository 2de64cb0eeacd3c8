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
	Gone   int          // datasets that the portal does not publish any more, since the harvest before
	Damage store.Damage // of the generation before, but for what this run wrote anew
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

// Harvest is one run over a portal's catalogue.
type Harvest struct {
	Store    *store.Store
	Source   portal.Portal
	Embedded []dataset.Dataset // to be found beside the harvested ones
	Index    search.Options
	Progress func(harvest.Report) // is told how far it is; optional
}

// Run replaces the datasets of the portal by what it publishes now, keeps those
// that it published before as withdrawn, and brings the index up to date, the
// embedded datasets in it too: what has not changed is taken over from the index
// before. Where it fails, nothing has changed.
func (h Harvest) Run(ctx context.Context) (report HarvestReport, err error) {
	ctx, end := trace.Span(ctx, "harvest", slog.String("portal", hostOf(h.Source.URL())), slog.String("type", h.Source.Type()))
	defer func() {
		trace.Note(ctx, slog.Int("datasets", report.Datasets))
		end(err)
	}()
	draft, err := h.Store.Begin(ctx)
	if err != nil {
		return report, err
	}
	defer draft.Discard()
	if err := h.put(ctx, draft, &report); err != nil {
		return report, err
	}
	if base := draft.Base(); base != nil {
		if report.Damage, err = base.Check(ctx); err != nil {
			return report, err
		}
		report.Damage.Portals = slices.DeleteFunc(report.Damage.Portals, func(url string) bool { return url == h.Source.URL() })
	}
	if err := h.index(ctx, draft, report.Damage); err != nil {
		return report, err
	}
	if !report.Damage.Has(library.DatabaseFile) { // else fetch builds it again
		if err := keep(draft, library.DatabaseFile); err != nil {
			return report, err
		}
	}
	for _, name := range []string{OutlineFolder, AsideFile} {
		if err := keep(draft, name); err != nil {
			return report, err
		}
	}
	_, err = draft.Commit(ctx)
	return report, err
}

// put replaces the portal's datasets.
func (h Harvest) put(ctx context.Context, draft *store.Draft, report *HarvestReport) error {
	base, url := draft.Base(), h.Source.URL()
	had := map[string]bool{}
	_, err := draft.PutDatasets(store.Portal{URL: url, Type: h.Source.Type()}, func(put func(dataset.Dataset) error) error {
		var err error
		report.Report, err = h.Source.Harvest(ctx, harvest.Sink{
			Put: func(d dataset.Dataset) error {
				d.Portal = url
				had[d.ID] = true
				return put(d)
			},
			Known: func(id string) (dataset.Dataset, bool) { return known(base, url, id) },
			Tell:  h.Progress,
		})
		if err == nil && report.Datasets == 0 {
			return ErrNothing
		}
		return err
	})
	if err != nil || base == nil {
		return err
	}
	if report.Missing() > 0 && report.Lies() {
		for _, p := range base.Portals {
			if p.URL == url && p.Datasets > report.Datasets {
				return &ShortError{Declared: report.Declared, Given: report.Datasets, Kept: p.Datasets}
			}
		}
	}
	report.Gone, err = withdraw(draft, url, had)
	return err
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
// more (not one of had), with the time that was first found. It returns how many
// went since the harvest before. A list that is damaged is left out.
func withdraw(draft *store.Draft, url string, had map[string]bool) (gone int, err error) {
	base := draft.Base()
	err = draft.PutWithdrawn(url, func(put func(dataset.Dataset) error) error {
		seen := map[string]bool{}
		for _, list := range []iter.Seq2[dataset.Dataset, error]{base.DatasetsOf(url), base.Withdrawn(url)} {
			for d, err := range list {
				if err != nil {
					break
				}
				if had[d.ID] || seen[d.ID] {
					continue
				}
				if seen[d.ID] = true; d.Withdrawn.IsZero() {
					d.Withdrawn = time.Now().UTC()
					gone++
				}
				if err := put(d); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return gone, err
}

// index writes the search index of all portals' datasets, but for those that
// are damaged: the remarks say how to mend them.
func (h Harvest) index(ctx context.Context, draft *store.Draft, damage store.Damage) (err error) {
	ctx, end := trace.Span(ctx, "index")
	defer func() { end(err) }()
	var all []dataset.Dataset
	for _, p := range draft.Generation().Portals {
		if slices.Contains(damage.Portals, p.URL) {
			continue
		}
		for d, err := range draft.Generation().DatasetsOf(p.URL) {
			if err != nil {
				return err
			}
			all = append(all, d)
		}
	}
	options := h.Index
	if base := draft.Base(); base != nil {
		if before, err := search.Open(ctx, base.Path(library.IndexFile), options); err == nil {
			options.Previous = before
		} // missing, damaged or of another version: all is indexed anew
	}
	x, err := search.Build(ctx, append(slices.Clone(h.Embedded), once(all)...), options)
	if err != nil {
		return fmt.Errorf("index: %w", err)
	}
	if err := x.Save(draft.Path(library.IndexFile)); err != nil {
		return fmt.Errorf("save the index: %w", err)
	}
	return nil
}

// keep takes a file over from the generation before, where there is one.
func keep(draft *store.Draft, name string) error {
	if err := draft.Keep(name); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
