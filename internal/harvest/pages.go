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
	var (
		start    = 0
		rows     = p.Rows
		attempts = 0
		skips    int  // records given up in a row
		stale    int  // pages in a row that brought nothing new
		any      bool // a page has come
		again    bool // an empty page is being asked for once more
	)
	for start < maxRecords {
		page, err := p.Fetch(ctx, start, rows, attempts)
		if err != nil {
			switch {
			case ctx.Err() != nil:
				return err
			case any && p.past(start):
				return nil // some portals fail rather than give an empty page
			case !splittable(err):
				return err
			case start == 0 && !any:
				start, attempts = 1, 2 // perhaps it counts from one, or stumbles over the first
			case !any && rows <= max(1, p.Rows/8):
				return err // it never gave a page: it is down
			case rows > 1:
				if !any {
					start = 0
				}
				rows, attempts = rows/2, 2
				p.Report.Smaller++
			case skips < maxSkips:
				p.Report.Broken++
				skips++
				start++
			default:
				return err
			}
			continue
		}
		p.Report.Pages++
		if page.Total >= 0 {
			p.Report.Declared = page.Total
		}
		if len(page.Records) == 0 {
			switch {
			case start == 0 && page.Total > 0:
				start = 1 // it counts from one
			case !again && p.Report.Declared >= 0 && !p.past(start):
				again = true
			default:
				return nil
			}
			continue
		}
		fresh, err := p.Take(ctx, page.Records)
		if err != nil {
			return err
		}
		if stale++; fresh > 0 {
			stale = 0
		}
		if stale >= 2 && start >= p.end {
			return nil // it gives the same page whatever is asked
		}
		any, again, skips, attempts = true, false, 0, 0
		start += len(page.Records)
		rows = min(2*rows, p.Rows)
		if fresh > 0 {
			p.end = max(p.end, start)
		}
	}
	return nil
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
