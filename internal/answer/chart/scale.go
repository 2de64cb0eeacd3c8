package chart

import (
	"math"
	"slices"
	"sort"
	"strings"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
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
	scale, name := 1.0, ""
	switch {
	case magnitude >= 1e9:
		scale, name = 1e9, l.Pick("Md", "bn")
	case magnitude >= 1e6:
		scale, name = 1e6, "M"
	case magnitude >= 1e4 && unit == "EUR":
		scale, name = 1e3, "k"
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
	text := lang.FormatNumber(math.Round(x*math.Pow(10, float64(decimals)))/math.Pow(10, float64(decimals)), decimals, l)
	switch unit {
	case "EUR":
		if l == lang.English {
			return strings.Replace("€"+text, "€-", "-€", 1) + name
		}
		return text + "\u00a0" + name + "€"
	case "%":
		return text + l.Pick("\u00a0%", "%")
	}
	if name != "" {
		return text + l.Pick("\u00a0", "") + name
	}
	return text
}

// full writes a figure beside its bar: to the unit where there is room for it,
// else to four figures of the largest. The unit of people and things stands in
// the subtitle alone.
func full(v, magnitude float64, unit string, l lang.Lang) string {
	if unit != "EUR" && unit != "%" {
		unit = ""
	}
	if magnitude < 1e6 || unit == "" && magnitude < 1e9 {
		return answer.Cell(rounded(v, magnitude), unit, false, l)
	}
	scale := 1e6
	if magnitude >= 1e9 {
		scale = 1e9
	}
	p := scale / 1000
	return short(math.Round(v/p)*p, magnitude, unit, l)
}

// Figure writes a figure of the chart as it stands beside its bar.
func (c *Chart) Figure(v float64) string { return full(v, c.magnitude(), c.Unit, c.Lang) }

func rounded(v, magnitude float64) float64 {
	p := 100.0
	switch {
	case magnitude < 1:
		p = 10000
	case magnitude >= 1000:
		p = 1
	}
	return math.Round(v*p) / p
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
