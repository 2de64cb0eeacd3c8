package harvest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"testing"

	"cigogne/internal/harvest"
	"cigogne/internal/httpx"
)

// list is a portal's list of n records, with the ways a portal may answer.
type list struct {
	n        int
	declared int                                                   // the count it gives
	page     func(l *list, start, rows int) ([]int, error)         // nil: as asked
	fail     func(l *list, start, rows, attempts int) *httpx.Error // nil: never
	asked    int
}

func (l *list) slice(start, rows int) []int {
	var out []int
	for i := max(start, 0); i < min(start+rows, l.n); i++ {
		out = append(out, i)
	}
	return out
}

// read harvests the list with pages of 100.
func read(t *testing.T, l *list) (map[int]int, harvest.Report, error) {
	t.Helper()
	had := map[int]int{}
	report := harvest.Report{}
	p := harvest.Pager{
		Rows:   100,
		Report: &report,
		Fetch: func(ctx context.Context, start, rows, attempts int) (harvest.Page, error) {
			if l.asked++; l.asked > 2000 {
				t.Fatal("it never ends")
			}
			if rows < 1 || rows > 100 {
				t.Fatalf("asked for %d rows", rows)
			}
			if l.fail != nil {
				if err := l.fail(l, start, rows, attempts); err != nil {
					return harvest.Page{}, err
				}
			}
			records, err := l.slice(start, rows), error(nil)
			if l.page != nil {
				records, err = l.page(l, start, rows)
			}
			page := harvest.Page{Total: l.declared}
			for _, i := range records {
				page.Records = append(page.Records, json.RawMessage(strconv.Itoa(i)))
			}
			return page, err
		},
		Take: func(_ context.Context, records []json.RawMessage) (fresh int, err error) {
			for _, raw := range records {
				i, err := strconv.Atoi(string(raw))
				if err != nil {
					return 0, err
				}
				if had[i]++; had[i] > 1 {
					report.Duplicates++
					continue
				}
				fresh++
				report.Datasets++
			}
			return fresh, nil
		},
	}
	err := p.Run(t.Context())
	return had, report, err
}

func upstream(status int) *httpx.Error { return &httpx.Error{Reason: httpx.Upstream, Status: status} }

func TestPagerLosesNoRecord(t *testing.T) {
	for _, c := range []struct {
		name  string
		list  list
		max   int // requests allowed
		wants func(harvest.Report) bool
	}{
		{"as it should be", list{n: 1234, declared: 1234}, 14, func(r harvest.Report) bool { return r.Duplicates == 0 && r.Missing() == 0 }},
		{"pages that fit exactly", list{n: 300, declared: 300}, 4, nil},
		{"nothing", list{}, 1, nil},
		{"one", list{n: 1, declared: 1}, 2, nil},
		{"no count", list{n: 250, declared: -1}, 4, nil},
		{"count too low", list{n: 1234, declared: 10}, 14, func(r harvest.Report) bool { return r.Declared == 10 }},
		{"count zero", list{n: 250, declared: 0}, 4, nil},
		{"count too high", list{n: 250, declared: 9999}, 10, func(r harvest.Report) bool { return r.Missing() == 9749 && r.Duplicates == 0 }},
		{"shorter pages than asked", list{n: 250, declared: 250, page: func(l *list, start, rows int) ([]int, error) { return l.slice(start, min(rows, 7)), nil }}, 40, nil},
		{"longer pages than asked", list{n: 500, declared: 500, page: func(l *list, start, rows int) ([]int, error) { return l.slice(start, 130), nil }}, 7, nil},
		{"counts from one", list{n: 250, declared: 250, page: func(l *list, start, rows int) ([]int, error) {
			if start == 0 {
				return nil, nil
			}
			return l.slice(start-1, rows), nil
		}}, 8, nil},
		{"counts from one, zero is one", list{n: 250, declared: 250, page: func(l *list, start, rows int) ([]int, error) { return l.slice(max(start-1, 0), rows), nil }}, 8, nil},
		{"counts from one, zero fails", list{n: 250, declared: 250, fail: func(_ *list, start, _, _ int) *httpx.Error {
			if start == 0 {
				return upstream(400)
			}
			return nil
		}, page: func(l *list, start, rows int) ([]int, error) { return l.slice(start-1, rows), nil }}, 8, nil},
		{"gives its last page for ever", list{n: 250, declared: 9999, page: func(l *list, start, rows int) ([]int, error) { return l.slice(min(start, 200), rows), nil }}, 16, nil},
		{"takes no offset", list{n: 80, declared: 80, page: func(l *list, _, _ int) ([]int, error) { return l.slice(0, 80), nil }}, 4, nil},
		{"fails past its end", list{n: 250, declared: 250, fail: func(_ *list, start, _, _ int) *httpx.Error {
			if start >= 250 {
				return upstream(500)
			}
			return nil
		}}, 4, nil},
		{"an empty page in passing", list{n: 350, declared: 350, page: func(l *list, start, rows int) ([]int, error) {
			if l.asked == 2 {
				return nil, nil
			}
			return l.slice(start, rows), nil
		}}, 7, nil},
		{"order that moves", list{n: 250, declared: 250, page: func(l *list, start, rows int) ([]int, error) {
			records := l.slice(start, rows)
			if l.asked == 2 { // a record changed: it comes first now, all others one later
				for i := range records {
					records[i]--
				}
			}
			return records, nil
		}}, 9, func(r harvest.Report) bool { return r.Missing() == 0 && r.Duplicates > 0 }},
		{"long pages fail", list{n: 350, declared: 350, fail: func(_ *list, _, rows, _ int) *httpx.Error {
			if rows > 30 {
				return &httpx.Error{Reason: httpx.Timeout}
			}
			return nil
		}}, 60, func(r harvest.Report) bool { return r.Smaller > 0 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			had, report, err := read(t, &c.list)
			if err != nil || len(had) != c.list.n || report.Datasets != c.list.n {
				t.Fatalf("%d of %d, %v, %+v", len(had), c.list.n, err, report)
			}
			if c.list.asked > c.max {
				t.Errorf("%d requests, %d should do", c.list.asked, c.max)
			}
			if c.wants != nil && !c.wants(report) {
				t.Errorf("report %+v", report)
			}
		})
	}
}

func TestRecordsThePortalStumblesOverCostThemselvesOnly(t *testing.T) {
	bad := map[int]bool{0: true, 57: true, 58: true, 249: true}
	l := &list{n: 350, declared: 350, fail: func(_ *list, start, rows, _ int) *httpx.Error {
		for i := start; i < start+rows; i++ {
			if bad[i] {
				return upstream(500)
			}
		}
		return nil
	}}
	had, report, err := read(t, l)
	if err != nil || len(had) != 346 {
		t.Fatalf("%d had, %v, %+v", len(had), err, report)
	}
	if report.Broken != 3 || report.Missing() != 1 { // the first is passed over as if counting began at one
		t.Errorf("report %+v", report)
	}
}

func TestPortalThatIsDownIsAnErrorSoon(t *testing.T) {
	for name, e := range map[string]*httpx.Error{
		"failing":     upstream(503),
		"unreachable": {Reason: httpx.Unreachable},
		"limits":      {Reason: httpx.RateLimited, Status: 429},
	} {
		for _, from := range []int{0, 200} {
			t.Run(fmt.Sprint(name, " from ", from), func(t *testing.T) {
				l := &list{n: 350, declared: 350, fail: func(_ *list, start, _, _ int) *httpx.Error {
					if start >= from {
						return e
					}
					return nil
				}}
				_, _, err := read(t, l)
				if !errors.Is(err, e) || l.asked > 25 {
					t.Errorf("%v after %d requests", err, l.asked)
				}
			})
		}
	}
}

func TestErrorOfTheReaderStopsTheHarvest(t *testing.T) {
	stop := errors.New("disk full")
	p := harvest.Pager{
		Rows:   10,
		Report: &harvest.Report{},
		Fetch: func(context.Context, int, int, int) (harvest.Page, error) {
			return harvest.Page{Total: 1, Records: []json.RawMessage{[]byte("1")}}, nil
		},
		Take: func(context.Context, []json.RawMessage) (int, error) { return 0, stop },
	}
	if err := p.Run(t.Context()); err != stop {
		t.Errorf("error %v", err)
	}
}

func TestRemarks(t *testing.T) {
	if got := (harvest.Report{Declared: 10, Datasets: 10}).Remarks("fr"); got != nil {
		t.Errorf("remarks on nothing: %q", got)
	}
	for _, r := range []harvest.Report{{Declared: 12, Datasets: 10}, {Declared: 8, Datasets: 10}} {
		if got := r.Remarks("en"); len(got) != 1 || got[0] == r.Remarks("fr")[0] {
			t.Errorf("%+v: %q", r, got)
		}
	}
	if got := (harvest.Report{Declared: -1, Datasets: 10, Broken: 1, Hidden: 2}).Remarks("fr"); len(got) != 2 {
		t.Errorf("remarks %q", got)
	}
}
