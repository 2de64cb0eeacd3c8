package chart

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-analyze/charts"
)

// class is the figures that a map draws in one colour.
type class struct {
	low, high float64 // the least and the greatest figure of it
	colour    charts.Color
}

// scale is a map's classes, from few to many.
type scale []class

// newScale cuts figures into classes. Where some are below zero, what falls has
// colours of its own: a map of changes shows which way.
func newScale(values []float64) scale {
	var below, rest []float64
	for _, v := range values {
		if v < 0 {
			below = append(below, v)
		} else {
			rest = append(rest, v)
		}
	}
	down := slices.Clone(falls)
	slices.Reverse(down) // the deepest first
	return append(cut(below, down), cut(rest, steps)...)
}

// cut makes classes of about as many figures each, in colours that span the list.
func cut(values []float64, colours []charts.Color) scale {
	if len(values) == 0 {
		return nil
	}
	bounds := classes(values, len(colours))
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	var out scale
	for k, b := range bounds {
		at, _ := slices.BinarySearch(sorted, b)
		low := sorted[0]
		for at+1 < len(sorted) && sorted[at+1] == b {
			at++
		}
		sorted = sorted[at+1:]
		colour := colours[len(colours)-1]
		if len(bounds) > 1 {
			colour = colours[k*(len(colours)-1)/(len(bounds)-1)]
		}
		out = append(out, class{low, b, colour})
	}
	return out
}

// of is the colour of a figure.
func (s scale) of(v float64) charts.Color {
	for _, k := range s {
		if v <= k.high {
			return k.colour
		}
	}
	return none
}

// path is a ring as the text of an SVG path.
func path(ps []point) string {
	var b strings.Builder
	for i, p := range ps {
		fmt.Fprintf(&b, "%s%d %d", map[bool]string{true: "M", false: "L"}[i == 0], p.x, p.y)
	}
	return b.String() + "Z"
}

// span is the area of the box around a ring, in pixels.
func span(ps []point) int {
	a, z := box(ps)
	return (z.x - a.x) * (z.y - a.y)
}

// middle is the middle of the box around a ring.
func middle(ps []point) (x, y int) {
	a, z := box(ps)
	return (a.x + z.x) / 2, (a.y + z.y) / 2
}

func box(ps []point) (a, z point) {
	a, z = ps[0], ps[0]
	for _, p := range ps {
		a.x, a.y, z.x, z.y = min(a.x, p.x), min(a.y, p.y), max(z.x, p.x), max(z.y, p.y)
	}
	return a, z
}
