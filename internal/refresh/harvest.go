// Package refresh brings the data directory up to date: a portal's datasets
// (Harvest), then their files as tables (Fetch). Each run writes one new
// generation; what fails keeps what was there before.
package refresh

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest"
	"cigogne/internal/harvest/portal"
	"cigogne/internal/lang"
	"cigogne/internal/library"
	"cigogne/internal/search"
	"cigogne/internal/store"
	"cigogne/internal/texts"
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
	Damage store.Damage // of the generation before, but for what this run wrote anew
}

// Remarks says in sentences what was not as it should be; none where all was.
func (r HarvestReport) Remarks(l lang.Lang) []string {
	out := r.Report.Remarks(l)
	for _, p := range r.Damage.Portals {
		out = append(out, texts.Say(l, "refresh.portal_damaged", "url", p))
	}
	if r.Damage.Tables || len(r.Damage.Contents) > 0 || r.Damage.Has(library.DatabaseFile) {
		out = append(out, texts.Say(l, "refresh.tables_damaged"))
	}
	return out
}

// Harvest replaces the datasets of one portal by what it publishes now, and
// brings the index up to date, the embedded datasets in it too: what has not
// changed is taken over from the index before.
func Harvest(ctx context.Context, st *store.Store, source portal.Portal, embedded []dataset.Dataset, index search.Options) (report HarvestReport, err error) {
	draft, err := st.Begin(ctx)
	if err != nil {
		return report, err
	}
	defer draft.Discard()
	if _, err := draft.PutDatasets(store.Portal{URL: source.URL(), Type: source.Type()}, func(put func(dataset.Dataset) error) error {
		report.Report, err = source.Harvest(ctx, func(d dataset.Dataset) error {
			d.Portal = source.URL()
			return put(d)
		})
		if err == nil && report.Datasets == 0 {
			return ErrNothing
		}
		return err
	}); err != nil {
		return report, err
	}
	if base := draft.Base(); base != nil && report.Missing() > 0 && report.Lies() {
		for _, p := range base.Portals {
			if p.URL == source.URL() && p.Datasets > report.Datasets {
				return report, &ShortError{Declared: report.Declared, Given: report.Datasets, Kept: p.Datasets}
			}
		}
	}
	if base := draft.Base(); base != nil {
		if report.Damage, err = base.Check(ctx); err != nil {
			return report, err
		}
		report.Damage.Portals = slices.DeleteFunc(report.Damage.Portals, func(url string) bool { return url == source.URL() })
	}
	var all []dataset.Dataset
	for _, p := range draft.Generation().Portals {
		if slices.Contains(report.Damage.Portals, p.URL) {
			continue // the remarks say how to mend it
		}
		for d, err := range draft.Generation().DatasetsOf(p.URL) {
			if err != nil {
				return report, err
			}
			all = append(all, d)
		}
	}
	if base := draft.Base(); base != nil {
		if before, err := search.Open(ctx, base.Path(library.IndexFile), index); err == nil {
			index.Previous = before
		} // missing, damaged or of another version: all is indexed anew
	}
	x, err := search.Build(ctx, append(slices.Clone(embedded), once(all)...), index)
	if err != nil {
		return report, fmt.Errorf("index: %w", err)
	}
	if err := x.Save(draft.Path(library.IndexFile)); err != nil {
		return report, fmt.Errorf("save the index: %w", err)
	}
	if !report.Damage.Has(library.DatabaseFile) { // else fetch builds it again
		if err := keep(draft, library.DatabaseFile); err != nil {
			return report, err
		}
	}
	if err := keep(draft, OutlineFolder); err != nil {
		return report, err
	}
	_, err = draft.Commit(ctx)
	return report, err
}

// keep takes a file over from the generation before, where there is one.
func keep(draft *store.Draft, name string) error {
	if err := draft.Keep(name); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
