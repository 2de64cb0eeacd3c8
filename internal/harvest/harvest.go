// Package harvest reads what a portal publishes as datasets. Below it, one
// package speaks each dialect (ckan, udata, csw …), and portal finds out which one a
// portal speaks. What the dialects share is here: paging through a list that
// may lie about its length, and turning what people typed (dates, formats,
// licences, HTML) into the values of dataset.Dataset.
package harvest

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"cigogne/internal/dataset"
	"cigogne/internal/httpx"
	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// Sink takes in what a harvest gives.
type Sink struct {
	Put func(dataset.Dataset) error // is called for each dataset

	// Known is what was kept of a dataset before, by its ID: what has not
	// changed since is not asked for again. Optional.
	Known func(id string) (dataset.Dataset, bool)

	// Tell is told how far a harvest is, after each answer. Optional.
	Tell func(Report)
}

// Told tells how far a harvest is.
func (s Sink) Told(r Report) {
	if s.Tell != nil {
		s.Tell(r)
	}
}

// recall completes a dataset by what was kept of it, where its portal says that
// it has not changed: where its files are.
func (s Sink) recall(d *dataset.Dataset) {
	if s.Known == nil || d.Modified.IsZero() || !slices.ContainsFunc(d.Distributions, placeless) {
		return
	}
	before, ok := s.Known(d.ID)
	if !ok || !before.Modified.Equal(d.Modified) {
		return
	}
	for i := range d.Distributions {
		x := &d.Distributions[i]
		for _, y := range before.Distributions {
			if placeless(*x) && x.ID == y.ID && x.Modified.Equal(y.Modified) {
				x.URL, x.Format = y.URL, y.Format
			}
		}
	}
}

func placeless(x dataset.Distribution) bool { return x.URL == "" }

// Source is a portal that can be read.
type Source interface {
	// Harvest puts each dataset into the sink, once each, in the portal's order.
	// It stops at the first error of Put and returns it. Records that cannot
	// be read are counted in the report and left out; an error means that the
	// list as a whole could not be had. Errors of the portal are *httpx.Error
	// or *Error.
	Harvest(ctx context.Context, to Sink) (Report, error)
}

// Report says how a harvest went.
type Report struct {
	Type       string // of the portal: ckan, udata, csw …
	Declared   int    // how many datasets the portal says it has; -1: it does not say
	Datasets   int    // how many were had
	Duplicates int    // records that came more than once
	Broken     int    // records that could not be read
	Hidden     int    // records that are no published dataset: private, deleted, other types
	Pages      int    // answers that listed records
	Smaller    int    // times a page had to be asked in smaller parts
}

// Add counts what another list of the same portal gave.
func (r *Report) Add(o Report) {
	if r.Declared >= 0 && o.Declared >= 0 {
		r.Declared += o.Declared
	} else {
		r.Declared = -1
	}
	r.Datasets, r.Duplicates, r.Broken, r.Hidden = r.Datasets+o.Datasets, r.Duplicates+o.Duplicates, r.Broken+o.Broken, r.Hidden+o.Hidden
	r.Pages, r.Smaller = r.Pages+o.Pages, r.Smaller+o.Smaller
}

// Missing is how many datasets the portal announced and did not give.
func (r Report) Missing() int {
	return max(0, r.Declared-r.Datasets-r.Broken-r.Hidden)
}

// Lies tells whether the portal's count is off by more than what may come and
// go while it is read: one in a hundred, and one at least.
func (r Report) Lies() bool {
	if r.Declared < 0 {
		return false
	}
	off := r.Datasets + r.Broken + r.Hidden - r.Declared
	return max(off, -off) > max(1, r.Declared/100)
}

// Remarks says in sentences, in the language given, what was not as it should
// be; none where all was.
func (r Report) Remarks(l lang.Lang) []string {
	var out []string
	say := func(n int, what string) {
		if n > 0 {
			out = append(out, texts.Say(l, "harvest.remark_"+what, "n", n))
		}
	}
	say(r.Missing(), "announced_more")
	if r.Declared >= 0 {
		say(r.Datasets+r.Broken+r.Hidden-r.Declared, "given_more")
	}
	say(r.Broken, "broken")
	say(r.Hidden, "hidden")
	return out
}

// Hopeless tells whether a portal need not be asked in another way: nothing
// answers at its address, or nobody waits any more.
func Hopeless(ctx context.Context, err error) bool {
	var e *httpx.Error
	return ctx.Err() != nil || errors.As(err, &e) && (e.Reason == httpx.Refused || e.Reason == httpx.Unreachable || e.Reason == httpx.Invalid)
}

// Error is a portal that cannot be harvested although it answers.
type Error struct {
	URL  string
	Kind string // the dialect it was asked to speak; "" when all were tried
	Err  error  // the cause, may be nil
}

// Error says it in English, for logs; see Sentence for people.
func (e *Error) Error() string {
	s := fmt.Sprintf("harvest %s: not a portal of a known kind", e.URL)
	if e.Kind != "" {
		s = fmt.Sprintf("harvest %s: not a %s portal", e.URL, e.Kind)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Sentence says in one sentence, in the language given, what is wrong.
func (e *Error) Sentence(l lang.Lang) string {
	if e.Kind != "" {
		return texts.Say(l, "harvest.does_not_answer_as_portal_type", "url", e.URL, "kind", e.Kind)
	}
	return texts.Say(l, "harvest.is_not_portal_known_kind_check", "url", e.URL)
}
