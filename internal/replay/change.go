package replay

import (
	"fmt"
	"strings"

	"cigogne/internal/answer"
	"cigogne/internal/ledger"
)

// Change is a number, or a row of a list, that is another one now.
type Change struct {
	What string `json:"what,omitempty"` // which row; "" for the only one
	Unit string `json:"unit,omitempty"`
	Was  any    `json:"was"` // nil: there was no such row
	Now  any    `json:"now"` // nil: there is none any more
}

const maxChanges = 10

// changes lists the first differences between two results of an answer's plan:
// its groups and listed cells name a row, its measures follow.
func changes(a *answer.Answer, was, now [][]any) []Change {
	labels := 0
	if a.Plan != nil && !a.Plan.Tally {
		labels = len(a.Plan.GroupBy) + len(a.Plan.Columns)
	}
	after := map[string][]any{}
	for _, row := range now {
		after[name(row, labels)] = row
	}
	var out []Change
	add := func(what string, column int, was, now any) {
		if len(out) == maxChanges {
			return
		}
		c := Change{What: what, Was: was, Now: now}
		if column >= labels && column < len(a.Columns) {
			c.Unit = a.Columns[column].Unit
		}
		out = append(out, c)
	}
	for _, row := range was {
		what := name(row, labels)
		other, there := after[what]
		delete(after, what)
		if !there || len(other) != len(row) {
			add(what, len(row)-1, last(row, labels), nil)
			continue
		}
		for i := len(row) - 1; i >= labels; i-- { // what is derived comes last, and says most
			if !ledger.SameValue(row[i], other[i]) {
				add(what, i, row[i], other[i])
				break
			}
		}
	}
	for _, row := range now {
		if what := name(row, labels); after[what] != nil {
			delete(after, what)
			add(what, len(row)-1, nil, last(row, labels))
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
