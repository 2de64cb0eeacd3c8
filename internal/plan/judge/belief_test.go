package judge

import (
	"math"
	"strings"
	"testing"
)

// Two trees: the first asks after votes, and where there are none after words
// left aside; the second is one leaf.
const twoTrees = "answer&fr\t0.75\n" +
	"votes\t0.5\t-1\n" +
	"left\t1\t-2\n" +
	"\t\t-1.5\n" +
	"\t\t-3\n" +
	"\t\t2\n" +
	"\t\t0.5\n"

func TestBelief(t *testing.T) {
	b, err := ReadBelief(strings.NewReader(twoTrees))
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		features []Feature
		odds     float64
		why      map[string]float64
	}{
		"nothing is known":        {nil, -1, map[string]float64{"": -0.5, "votes": -1, "left": 0.5}},
		"a vote":                  {[]Feature{{"votes", 1}}, 2.5, map[string]float64{"": -0.5, "votes": 3}},
		"words are left aside":    {[]Feature{{"left", 1}, {"left", 1}}, -2.5, map[string]float64{"": -0.5, "votes": -1, "left": -1}},
		"what no tree asks after": {[]Feature{{"other", 9}}, -1, map[string]float64{"": -0.5, "votes": -1, "left": 0.5}},
	} {
		t.Run(name, func(t *testing.T) {
			if got, want := b.Of(tt.features), 1/(1+math.Exp(-tt.odds)); math.Abs(got-want) > 1e-9 {
				t.Errorf("believed %v, want %v", got, want)
			}
			for n, worth := range b.Why(tt.features) {
				if worth != tt.why[n] {
					t.Errorf("%q is worth %v, want %v", n, worth, tt.why[n])
				}
			}
		})
	}
	j := Judge{Trust: b}
	if j.Sure(true, "fr") != 0.75 {
		t.Errorf("sure from %v", j.Sure(true, "fr"))
	}
}

func TestBeliefIsNotRead(t *testing.T) {
	for name, text := range map[string]string{
		"a tree is cut short": "votes\t0.5\t-1\n\t\t1\n",
		"no number":           "votes\tmany\t1\n",
		"too many fields":     "a\t1\t2\t3\n",
		"one field":           "votes\n",
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := ReadBelief(strings.NewReader(text)); err == nil {
				t.Error("it is read")
			}
		})
	}
}
