package chart

import (
	"math"
	"slices"
	"sort"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// sortYears puts the years in order, and notes anew where each is.
func sortYears(labels []string, at map[string]int) {
	sort.Strings(labels)
	for i, l := range labels {
		at[l] = i
	}
}

// extent is the range that an axis spans: it always holds zero, so that lengths
// and heights are in proportion to the figures.
func (c *Chart) extent() (low, high float64) {
	for _, s := range c.Series {
		for _, v := range s.Values {
			if v.OK {
				low, high = min(low, v.V), max(high, v.V)
			}
		}
	}
	if low == high {
		high = low + 1
	}
	return low, high
}

// ticks are round values that span low to high, about n of them.
func ticks(low, high float64, n int) []float64 {
	step := (high - low) / float64(n)
	if step <= 0 || math.IsInf(step, 0) || math.IsNaN(step) {
		return []float64{low, high}
	}
	base := math.Pow(10, math.Floor(math.Log10(step)))
	for _, m := range []float64{1, 2, 2.5, 5, 10} {
		if base*m >= step {
			step = base * m
			break
		}
	}
	var out []float64
	for k := math.Floor(low / step); k <= math.Ceil(high/step); k++ {
		out = append(out, k*step)
	}
	return out
}

// short writes a figure as a mark has it: "1,2 Md€", "350 k", "12,5 %". All
// marks of one axis are in the same magnitude.
func short(v, magnitude float64, unit string, l lang.Lang) string {
	scale := 1.0
	switch {
	case magnitude >= 1e9:
		scale = 1e9
	case magnitude >= 1e6:
		scale = 1e6
	case magnitude >= 1e4 && unit == "EUR":
		scale = 1e3
	}
	x := v / scale
	decimals := 0
	for d := 0; d <= 3; d++ {
		decimals = d
		p := math.Pow(10, float64(d))
		if math.Abs(math.Round(x*p)/p-x) < 1e-9*max(1, math.Abs(x)) {
			break
		}
	}
	return named(x, decimals, scale, unit, l)
}

// named writes a figure that was divided by a scale, with the scale's name.
func named(x float64, decimals int, scale float64, unit string, l lang.Lang) string {
	name := ""
	switch scale {
	case 1e9:
		name = texts.Say(l, "chart.bn")
	case 1e6:
		name = "M"
	case 1e3:
		name = "k"
	}
	p := math.Pow10(decimals)
	text := lang.FormatNumber(math.Round(x*p)/p, decimals, l)
	switch unit {
	case "EUR":
		size, sign := text, ""
		if rest, below := strings.CutPrefix(text, "-"); below {
			size, sign = rest, "-"
		}
		return texts.Say(l, "chart.euros", "sign", sign, "number", size, "scale", name)
	case "%":
		return text + texts.Say(l, "chart.percent")
	}
	if name != "" {
		return texts.Say(l, "chart.scaled", "number", text, "scale", name)
	}
	return text
}

// writer writes figures beside their marks: all in one magnitude and with as many
// decimals, so many that two figures that differ look different, and that none
// but zero looks like zero. The unit of people and things stands in the subtitle
// alone.
func (c *Chart) writer() func(v float64) string {
	unit := c.Unit
	if unit != "EUR" && unit != "%" {
		unit = ""
	}
	size := c.magnitude()
	scale, decimals := precision(c.values(), size, unit)
	return func(v float64) string {
		return named(v/scale, decimals, scale, unit, c.Lang)
	}
}

// Figure writes a figure of the chart as it stands beside its bar.
func (c *Chart) Figure(v float64) string { return c.writer()(v) }

func (c *Chart) values() []float64 {
	var out []float64
	for _, s := range c.Series {
		for _, v := range s.Values {
			if v.OK {
				out = append(out, v.V)
			}
		}
	}
	return out
}

// precision is what figures are divided by, and with how many decimals they are
// then written: four figures of the largest, and more where it takes more to
// tell them apart.
func precision(values []float64, size float64, unit string) (scale float64, decimals int) {
	scale = 1
	switch {
	case size >= 1e9:
		scale = 1e9
	case size >= 1e6 && unit == "EUR":
		scale = 1e6
	}
	if scale > 1 {
		const most = 4 // beyond it, whole figures read better
		for d := max(1, 3-int(math.Log10(size/scale))); d <= most; d++ {
			if apart(values, size, scale, d) {
				return scale, d
			}
		}
		scale = 1
	}
	least := 0
	switch {
	case unit == "%":
		least = 1
	case size >= 1000 || whole(values):
	case size >= 1:
		least = 2
	default:
		least = 4
	}
	for decimals = least; decimals < 6 && !apart(values, size, 1, decimals); decimals++ {
	}
	for decimals > 1 && exact(values, decimals-1) {
		decimals--
	}
	return 1, decimals
}

func whole(values []float64) bool { return exact(values, 0) }

// exact tells whether so many decimals write the figures as they are.
func exact(values []float64, decimals int) bool {
	p := math.Pow10(decimals)
	for _, v := range values {
		if math.Abs(math.Round(v*p)-v*p) > 1e-9*max(1, math.Abs(v*p)) {
			return false
		}
	}
	return true
}

// apart tells whether figures that differ are written differently, and small
// ones with two digits of theirs.
func apart(values []float64, size, scale float64, decimals int) bool {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	p := math.Pow10(decimals) / scale
	for i, v := range sorted {
		r := math.Round(v * p)
		if v != 0 && math.Abs(r) < 10 && math.Abs(r-v*p) > 1e-9 {
			return false
		}
		if i > 0 && v-sorted[i-1] > 1e-9*size && math.Round(sorted[i-1]*p) == r {
			return false
		}
	}
	return true
}

// magnitude is the largest figure, without its sign.
func (c *Chart) magnitude() float64 {
	low, high := c.extent()
	return max(-low, high)
}

// classes cuts figures into at most n classes of about as many figures each;
// bounds are the upper ends, the last the largest figure.
func classes(values []float64, n int) []float64 {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	var bounds []float64
	for k := 1; k <= n; k++ {
		b := sorted[min(len(sorted)-1, int(math.Ceil(float64(k*len(sorted))/float64(n)))-1)]
		if len(bounds) == 0 || b > bounds[len(bounds)-1] {
			bounds = append(bounds, b)
		}
	}
	return bounds
}
