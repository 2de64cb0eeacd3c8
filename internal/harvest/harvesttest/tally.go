// Package harvesttest counts, for tests, what of records comes through a harvest.
package harvesttest

import (
	"fmt"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest"
)

// properties are what is asked of each record.
var properties = []struct {
	name string
	has  func(dataset.Dataset) bool
}{
	{"title", func(d dataset.Dataset) bool { return d.Title != "" && d.Title != d.ID }},
	{"description", func(d dataset.Dataset) bool { return d.Description != "" }},
	{"licence", func(d dataset.Dataset) bool { return d.Licence != dataset.Licence{} }},
	{"dates", func(d dataset.Dataset) bool { return !d.Created.IsZero() || !d.Modified.IsZero() }},
	{"files", func(d dataset.Dataset) bool { return len(d.Distributions) > 0 }},
	{"publisher", func(d dataset.Dataset) bool { return d.Publisher != "" }},
}

// Head is the first line of a table of lines of Line.
func Head() string {
	s := fmt.Sprintf("%-28s%8s%12s%10s", "", "records", "unreadable", "left out")
	for _, p := range properties {
		s += fmt.Sprintf("%13s", p.name)
	}
	return s
}

// Line says of how many datasets of a source each property has come through.
func Line(name string, all []dataset.Dataset, r harvest.Report) string {
	s := fmt.Sprintf("%-28s%8d%12d%10d", name, len(all), r.Broken, r.Hidden)
	for _, p := range properties {
		n := 0
		for _, d := range all {
			if p.has(d) {
				n++
			}
		}
		s += fmt.Sprintf("%13d", n)
	}
	return s
}

// Lacking counts of datasets what they lack, "" where they lack nothing.
func Lacking(all []dataset.Dataset) string {
	var out []string
	for _, p := range properties {
		n := 0
		for _, d := range all {
			if !p.has(d) {
				n++
			}
		}
		if n > 0 {
			out = append(out, fmt.Sprintf("%s of %d", p.name, n))
		}
	}
	return strings.Join(out, ", ")
}
