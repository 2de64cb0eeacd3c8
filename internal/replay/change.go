package replay

import (
	"fmt"
	"math"
	"strings"

	"cigogne/internal/query"
)

// Change is a number, or a row of a list, that is another one now.
type Change struct {
	What string `json:"what,omitempty"` // which row; "" for the only one
	Was  any    `json:"was"`            // nil: there was no such row
	Now  any    `json:"now"`            // nil: there is none any more
}

const maxChanges = 10

// changes lists the first differences between two results of a plan: its
// groups and listed cells name a row, its measures follow.
func changes(p *query.Plan, was, now [][]any) []Change {
	labels := 0
	if p != nil && !p.Tally {
		labels = len(p.GroupBy) + len(p.Columns)
	}
	after := map[string][]any{}
	for _, row := range now {
		after[name(row, labels)] = row
	}
	var out []Change
	add := func(c Change) {
		if len(out) < maxChanges {
			out = append(out, c)
		}
	}
	for _, row := range was {
		what := name(row, labels)
		other, there := after[what]
		delete(after, what)
		switch {
		case !there:
			add(Change{what, last(row, labels), nil})
		case len(row) != len(other):
			add(Change{what, len(row), len(other)})
		default:
			for i := len(row) - 1; i >= min(labels, len(row)); i-- { // what is derived comes last, and says most
				if !alike(row[i], other[i]) {
					add(Change{what, row[i], other[i]})
					break
				}
			}
		}
	}
	for _, row := range now {
		if what := name(row, labels); after[what] != nil {
			delete(after, what)
			add(Change{what, nil, last(row, labels)})
		}
	}
	return out
}

func name(row []any, labels int) string {
	var parts []string
	for _, v := range row[:min(labels, len(row))] {
		parts = append(parts, fmt.Sprint(v))
	}
	return strings.Join(parts, ", ")
}

// last is the number of a row, or that the row is there.
func last(row []any, labels int) any {
	if len(row) > labels {
		return row[len(row)-1]
	}
	return true
}

func alike(a, b any) bool {
	x, ok1 := a.(float64)
	y, ok2 := b.(float64)
	if ok1 && ok2 {
		return x == y || math.Abs(x-y) <= 1e-9*math.Max(math.Abs(x), math.Abs(y))
	}
	return fmt.Sprint(a) == fmt.Sprint(b)
}
