package judge

import (
	"math"
	"strings"

	"cigogne/internal/lang"
)

// Voted is the feature of a plan whose answer another reader of the question
// found too: an older planner, a model.
const Voted = "voted"

// Standing is how an answer stands among all that a question might mean.
type Standing struct {
	Lang    lang.Lang
	Prob    float64 // of the plans that give it, by their scores
	Gap     float64 // to the next answer
	Score   float64 // of its best plan
	Answers int     // that differ
	Votes   float64 // of other readers for it, less those against
}

// General tells whether a feature says something beyond the words of one
// question: whether a plan's answer is to be trusted is learnt from these.
func General(name string) bool {
	for _, s := range []string{"w:", "b:", "first:", "first2:", "pair&", "&before", "&after", "&s:"} {
		if strings.Contains(name, s) {
			return false
		}
	}
	return !strings.Contains(name, "&#")
}

// TrustFeatures lists what speaks for and against trusting an answer: how it
// stands, and the general features of its plan and result.
func TrustFeatures(st Standing, aspects []string, own []Feature) []Feature {
	p := min(max(st.Prob, 1e-4), 1-1e-4)
	out := []Feature{{"standing&odds", math.Log(p / (1 - p))}, {"standing&gap", st.Gap}, {"standing&score", st.Score / 10},
		{"standing&answers", math.Log(float64(max(st.Answers, 1)))}, {"standing&votes", st.Votes}, {"in&" + string(st.Lang), 1}}
	return append(out, general(aspects, own)...)
}

// general keeps the features that say something beyond the words of one question.
func general(aspects []string, own []Feature) []Feature {
	var out []Feature
	for _, a := range aspects {
		if General(a) {
			out = append(out, Feature{a, 1})
		}
	}
	for _, f := range own {
		if General(f.Name) {
			out = append(out, f)
		}
	}
	return out
}

// Sure is how far an answer must be believed to be given: further over a table
// that a search found than over one that came with the question.
func (j *Judge) Sure(given bool, l lang.Lang) float64 { return sure(j.Trust, given, l) }

// SureHeld is the same of a plan that another wrote.
func (j *Judge) SureHeld(given bool, l lang.Lang) float64 { return sure(j.Held, given, l) }

func sure(b Belief, given bool, l lang.Lang) float64 {
	if given {
		return b.from["answer&"+string(l.Reads())]
	}
	return b.from["answer found&"+string(l.Reads())]
}

// Likely is how far an answer must be believed for readings to be shown.
func (j *Judge) Likely() float64 { return j.Trust.from["choices"] }
