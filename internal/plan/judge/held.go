package judge

import (
	"maps"
	"math"
	"slices"

	"cigogne/internal/lang"
)

// Held is how a plan that another wrote, a model, stands in the judge's eyes:
// beside the plans that are one change away from it, and beside what the
// question was read as without it.
type Held struct {
	Lang    lang.Lang
	Score   float64            // of the plan
	Best    float64            // the score of the likeliest plan that was listed
	Margins map[string]float64 // by kind of change: its score less that of the likeliest plan so changed
	First   bool               // the likeliest answer is this plan's
	Among   bool               // one of the likeliest answers is
	Agree   float64            // other readers that found its answer, less those that found another
}

// far is the margin from which a plan stands out no further.
const far = 6

// HeldFeatures lists what speaks for and against a plan that another wrote.
func HeldFeatures(h Held, aspects []string, own []Feature) []Feature {
	clip := func(x float64) float64 { return max(-far, min(far, x)) }
	out := []Feature{{"in&" + string(h.Lang), 1}, {"standing&score", h.Score / 10}, {"standing&best", clip(h.Score - h.Best)}, {"standing&votes", h.Agree}}
	flag := func(name string, is bool) {
		if is {
			out = append(out, Feature{name, 1})
		}
	}
	flag("standing&first", h.First)
	flag("standing&among", h.Among)
	least, above := math.Inf(1), 0.0
	for _, m := range h.Margins {
		least = min(least, m)
		if m < 0 {
			above++
		}
	}
	if len(h.Margins) > 0 {
		out = append(out, Feature{"standing&least", clip(least)}, Feature{"standing&above", above})
	}
	for _, k := range slices.Sorted(maps.Keys(h.Margins)) {
		out = append(out, Feature{"margin&" + k, clip(h.Margins[k])}, Feature{"margin known&" + k, 1})
	}
	return append(out, general(aspects, own)...)
}
