package harvest

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"cigogne/internal/dataset"
)

// Decoder turns a record of a portal's list into a dataset. hidden tells that
// the record is no published dataset. The error says why nothing can be made of
// it.
type Decoder func(raw []byte) (d dataset.Dataset, hidden bool, err error)

var errNoList = errors.New("no list of records")

// RawList cuts a list of records into them; one that PHP has printed as an
// object, since it had a gap, is a list too.
func RawList(raw json.RawMessage) ([]json.RawMessage, error) {
	var all []json.RawMessage
	err := json.Unmarshal(raw, &all)
	if err == nil && all != nil {
		return all, nil
	}
	var by map[string]json.RawMessage
	if json.Unmarshal(raw, &by) != nil || len(by) == 0 {
		return nil, errNoList
	}
	keys := make([]int, 0, len(by))
	for k := range by {
		n, err := strconv.Atoi(k)
		if err != nil {
			return nil, err
		}
		keys = append(keys, n)
	}
	slices.Sort(keys)
	for _, n := range keys {
		all = append(all, by[strconv.Itoa(n)])
	}
	return all, nil
}

// Total reads how many records a list is said to have, a number or a text; -1
// where it is not said.
func Total(v any) int {
	switch v := v.(type) {
	case float64, json.Number:
		return int(min(Int(v), 1<<31))
	case string:
		if n, err := strconv.Atoi(strings.TrimSpace(v)); err == nil && n >= 0 {
			return min(n, 1<<31)
		}
	case map[string]any: // Elasticsearch's {"value": 12, "relation": "eq"}
		if v["value"] != nil {
			return Total(v["value"])
		}
	}
	return -1
}

// Taker turns records into datasets, each once.
type Taker struct {
	Decode Decoder
	Report *Report
	seen   map[string]bool
}

// Take decodes records, counts those that are broken, hidden or had before, and
// returns the datasets that are new.
func (t *Taker) Take(records []json.RawMessage) []dataset.Dataset {
	if t.seen == nil {
		t.seen = map[string]bool{}
	}
	var fresh []dataset.Dataset
	for _, raw := range records {
		d, hidden, err := t.Decode(raw)
		switch {
		case err != nil:
			t.Report.Broken++
			continue
		case t.seen[d.ID]:
			t.Report.Duplicates++
			continue
		case hidden:
			t.Report.Hidden++
		default:
			fresh = append(fresh, d)
		}
		t.seen[d.ID] = true
	}
	return fresh
}

// List is a portal's list of records, as a dialect asks for it and reads it.
type List struct {
	Type   string
	Rows   int // the longest page to ask for
	Fetch  func(ctx context.Context, start, rows, attempts int) (Page, error)
	Decode Decoder

	// Complete adds to datasets what the list does not say, and nobody has kept;
	// nil: nothing.
	Complete func(ctx context.Context, datasets []dataset.Dataset) error
}

// Harvest implements Source over the list.
func (l List) Harvest(ctx context.Context, to Sink) (Report, error) {
	report := Report{Type: l.Type}
	taker := Taker{Decode: l.Decode, Report: &report}
	pager := Pager{
		Rows: l.Rows, Fetch: l.Fetch, Report: &report,
		Take: func(ctx context.Context, records []json.RawMessage) (int, error) {
			fresh := taker.Take(records)
			if l.Complete != nil {
				for i := range fresh {
					to.recall(&fresh[i])
				}
				if err := l.Complete(ctx, fresh); err != nil {
					return 0, err
				}
			}
			for _, d := range fresh {
				if err := to.Put(d); err != nil {
					return 0, err
				}
				report.Datasets++
			}
			to.Told(report)
			return len(fresh), nil
		},
	}
	err := pager.Run(ctx)
	return report, err
}
