package decide

import (
	"cmp"
	"math"
	"slices"

	"cigogne/internal/plan/judge"
)

// rank puts the plans that give the same result together, orders the results by
// how likely they are, and sets how far the first is believed.
func (r *reading) rank(j *judge.Judge) {
	r.answers = nil
	if len(r.ran) == 0 {
		return
	}
	score := make(map[*weighed]float64, len(r.ran))
	for _, w := range r.ran {
		score[w] = w.score
		if agree, _ := r.voices(w); agree > 0 {
			score[w] += j.Second[judge.Voted] * float64(agree)
		}
	}
	slices.SortStableFunc(r.ran, func(a, b *weighed) int { return cmp.Compare(score[b], score[a]) })
	top, sum := score[r.ran[0]], 0.0
	for _, w := range r.ran {
		sum += math.Exp(score[w] - top)
	}
	at := map[string]int{}
	for _, w := range r.ran {
		i, ok := at[w.answer]
		if !ok {
			i = len(r.answers)
			at[w.answer] = i
			r.answers = append(r.answers, answer{best: w})
		}
		r.answers[i].prob += math.Exp(score[w]-top) / sum
	}
	slices.SortStableFunc(r.answers, func(a, b answer) int { return cmp.Compare(b.prob, a.prob) })
	first := r.answers[0]
	st := judge.Standing{Lang: r.g.Lang, Prob: first.prob, Gap: first.prob, Score: score[first.best], Answers: len(r.answers)}
	if len(r.answers) > 1 {
		st.Gap -= r.answers[1].prob
	}
	agree, differ := r.voices(first.best)
	st.Votes = float64(agree - differ)
	r.trust = judge.TrustFeatures(st, first.best.aspects, first.best.own)
	r.believed, r.top = j.Trust.Of(r.trust), score[first.best]
}

// voices counts the other readers that found the answer of a plan, and those
// that found another.
func (r *reading) voices(w *weighed) (agree, differ int) {
	for _, v := range r.votes {
		if v == w.answer {
			agree++
		} else {
			differ++
		}
	}
	return agree, differ
}
