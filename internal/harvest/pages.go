package harvest

import (
	"context"
	"encoding/json"
	"errors"

	"cigogne/internal/httpx"
)

// Page is a part of a portal's list.
type Page struct {
	Total   int // what the portal says the whole list holds; -1: it does not say
	Records []json.RawMessage
}

// Pager reads a list that is asked for by offset and length, whole, whatever
// the portal says of its length. The list ends where a page is empty or brings
// nothing new. A page that keeps failing is asked for in smaller parts, down to
// single records, so that one the portal stumbles over costs that one only.
type Pager struct {
	Rows int // the longest page to ask for

	// Fetch asks for a page, with as many attempts (0: the client's default).
	Fetch func(ctx context.Context, start, rows, attempts int) (Page, error)

	// Take keeps the records of a page and tells how many were new.
	Take func(ctx context.Context, records []json.RawMessage) (fresh int, err error)

	Report *Report

	end int // offset up to which the list is known to go
}

const (
	maxSkips   = 10        // records in a row that may be given up
	maxRecords = 5_000_000 // more than any portal has: a list without end
	rereads    = 2         // times a list is read again that gave less than announced
)

// Run reads the list.
func (p *Pager) Run(ctx context.Context) error {
	p.Report.Declared = -1
	if err := p.pass(ctx); err != nil {
		return err
	}
	// A list whose order moves while it is read gives some records twice and
	// others never: reading again finds them.
	for n := 0; n < rereads && p.Report.Missing() > 0; n++ {
		before := *p.Report
		p.Report.Broken = 0
		err := p.pass(ctx)
		p.Report.Broken = max(before.Broken, p.Report.Broken)
		p.Report.Duplicates = before.Duplicates
		if err != nil || p.Report.Datasets == before.Datasets {
			return ctx.Err() // Missing says what this list does not give
		}
	}
	return nil
}

// pass reads the list once from its start.
func (p *Pager) pass(ctx context.Context) error {
	at := place{rows: p.Rows}
	for at.start < maxRecords {
		page, err := p.Fetch(ctx, at.start, at.rows, at.attempts)
		if err != nil {
			if on, err := p.stumble(ctx, &at, err); !on {
				return err
			}
			continue
		}
		p.Report.Pages++
		if page.Total >= 0 {
			p.Report.Declared = page.Total
		}
		if len(page.Records) == 0 {
			if !p.empty(&at, page.Total) {
				return nil
			}
			continue
		}
		fresh, err := p.Take(ctx, page.Records)
		if err != nil {
			return err
		}
		if at.stale++; fresh > 0 {
			at.stale = 0
		}
		if at.stale >= 2 && at.start >= p.end {
			return nil // it gives the same page whatever is asked
		}
		at.any, at.again, at.skips, at.attempts = true, false, 0, 0
		at.start += len(page.Records)
		at.rows = min(2*at.rows, p.Rows)
		if fresh > 0 {
			p.end = max(p.end, at.start)
		}
	}
	return nil
}

// place is where a pass is in the list.
type place struct {
	start, rows, attempts int
	skips                 int  // records given up in a row
	stale                 int  // pages in a row that brought nothing new
	any                   bool // a page has come
	again                 bool // an empty page is being asked for once more
}

// stumble decides what comes after a page that failed: on tells that there is
// something to ask for; else err is how the pass ends.
func (p *Pager) stumble(ctx context.Context, at *place, failed error) (on bool, err error) {
	switch {
	case ctx.Err() != nil:
		return false, failed
	case at.any && p.past(at.start):
		return false, nil // some portals fail rather than give an empty page
	case !splittable(failed):
		return false, failed
	case at.start == 0 && !at.any:
		at.start, at.attempts = 1, 2 // perhaps it counts from one, or stumbles over the first
	case !at.any && at.rows <= max(1, p.Rows/8):
		return false, failed // it never gave a page: it is down
	case at.rows > 1:
		if !at.any {
			at.start = 0
		}
		at.rows, at.attempts = at.rows/2, 2
		p.Report.Smaller++
	case at.skips < maxSkips:
		p.Report.Broken++
		at.skips++
		at.start++
	default:
		return false, failed
	}
	return true, nil
}

// empty decides whether there is something to ask for after an empty page.
func (p *Pager) empty(at *place, total int) (on bool) {
	switch {
	case at.start == 0 && total > 0:
		at.start = 1 // it counts from one
	case !at.again && p.Report.Declared >= 0 && !p.past(at.start):
		at.again = true
	default:
		return false
	}
	return true
}

// past tells whether the list should have ended before the offset.
func (p *Pager) past(start int) bool {
	return p.Report.Declared >= 0 && start >= p.Report.Declared
}

// splittable tells whether asking for less may help.
func splittable(err error) bool {
	var e *httpx.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Reason {
	case httpx.Upstream, httpx.Timeout, httpx.Cut, httpx.TooLarge, httpx.NotAnswer:
		return true
	}
	return false
}
