package chart

import (
	"math"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// Finding is what the figures show at a glance: who leads, from what to what, by
// how much it changed. "" where they show no one thing.
func (c *Chart) Finding() string {
	if len(c.Series) != 1 {
		return ""
	}
	low, high := c.extremes()
	if low < 0 {
		return ""
	}
	switch {
	case c.dated:
		return c.changed(low, high)
	case c.Kind == Map:
		return c.about("range", low, high)
	case c.values()[0] < 0 && c.at(high) <= 0: // falls: the deepest is the news
		return c.about("fall", low, high)
	case c.at(low) == c.at(high):
		return ""
	}
	return c.about("lead", low, high)
}

// extremes are the places of the least and the greatest figure; -1 where there is
// none. Along years they are its first and its last.
func (c *Chart) extremes() (low, high int) {
	low, high = -1, -1
	for i, v := range c.Series[0].Values {
		switch {
		case !v.OK:
		case low < 0:
			low, high = i, i
		case c.dated:
			high = i
		default:
			if v.V < c.at(low) {
				low = i
			}
			if v.V > c.at(high) {
				high = i
			}
		}
	}
	return low, high
}

func (c *Chart) at(i int) float64 { return c.Series[0].Values[i].V }

// about writes a finding about two places.
func (c *Chart) about(what string, low, high int) string {
	figures := c.spoken(c.at(low), c.at(high))
	return texts.Say(c.Lang, "chart.finding_"+what, "low", c.Labels[low], "least", figures(c.at(low)), "high", c.Labels[high], "most", figures(c.at(high)))
}

// changed says how a line's last figure stands to its first.
func (c *Chart) changed(first, last int) string {
	from, to := c.at(first), c.at(last)
	figures := c.spoken(from, to)
	if from <= 0 || c.Unit == "%" {
		return texts.Say(c.Lang, "chart.finding_from_to", "from", c.Labels[first], "to", c.Labels[last], "was", figures(from), "is", figures(to))
	}
	percent := 100 * (to - from) / from
	text := lang.FormatNumber(percent, fewest(percent, 1), c.Lang)
	if percent > 0 {
		text = "+" + text
	}
	return texts.Say(c.Lang, "chart.finding_change", "from", c.Labels[first], "to", c.Labels[last], "was", figures(from), "is", figures(to), "percent", text)
}

// spoken writes two figures as the sentence beside the picture does: money in
// millions with one decimal, in billions with two, no zero at the end; as beside
// their marks where they would look alike.
func (c *Chart) spoken(a, b float64) func(v float64) string {
	if c.Unit != "EUR" {
		return c.writer()
	}
	write := func(v float64) string {
		scale, most := 1.0, 2
		switch size := math.Abs(v); {
		case size >= 1e9:
			scale = 1e9
		case size >= 1e6:
			scale, most = 1e6, 1
		default:
			return c.writer()(v)
		}
		return named(v/scale, fewest(v/scale, most), scale, c.Unit, c.Lang)
	}
	if write(a) == write(b) {
		return c.writer()
	}
	return write
}

// fewest is with how many decimals a number is written, so many at most, that ends
// in no zero.
func fewest(v float64, most int) int {
	for most > 0 {
		p := math.Pow10(most)
		q := math.Pow10(most - 1)
		if math.Round(v*p)/p != math.Round(v*q)/q {
			return most
		}
		most--
	}
	return 0
}

// Gist is the picture in words, for those who do not see it: what it is of, and
// what it shows.
func (c *Chart) Gist() string {
	kind := texts.Say(c.Lang, "chart.kind_"+string(c.Kind))
	what := strings.TrimRight(c.Title, ".?! ")
	if what == "" {
		what = c.Says
	}
	out := kind + texts.Say(c.Lang, "chart.colon") + " " + what + "."
	if f := c.Finding(); f != "" {
		out += " " + f + "."
	}
	return lang.Typeset(out, c.Lang)
}
