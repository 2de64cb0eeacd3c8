package main

import (
	"slices"
	"sort"

	"cigogne/internal/lang"
	"cigogne/internal/plan/judge"
	"cigogne/internal/plan/rules"
)

// answered is the best answer of an example of an unseen fold, with what speaks
// for trusting it.
type answered struct {
	verdict
	example  *example
	features []judge.Feature
	believed float64
	chosen   int      // option
	answers  []string // the three best
}

// judged ranks the answers of an example as decide does: the plans by their
// own features, the best of them by their results too.
func (d data) judged(e *example, first, second []float64) answered {
	a := answered{verdict: verdict{set: e.Set, kind: e.Kind, id: e.ID, lang: langOf(e.Set)}, example: e, chosen: -1}
	if len(e.Options) == 0 {
		return a
	}
	before := scores(e, first, false)
	var order []int
	for i, o := range e.Options {
		if !o.Corrupt {
			order = append(order, i)
		}
	}
	if len(order) == 0 {
		return a
	}
	sort.SliceStable(order, func(i, j int) bool { return before[order[i]] > before[order[j]] })
	tried := order[:min(len(order), judge.Tried)]
	among := func(o int) bool { return e.Options[o].Answer == e.Vote }
	if e.Vote != "" && !slices.ContainsFunc(tried, among) { // what the older planner found is looked at too
		if i := slices.IndexFunc(order, among); i >= 0 {
			tried = append(slices.Clone(tried), order[i])
		}
	}
	order = tried
	all := scores(e, second, true)
	some := make([]float64, len(order))
	for i, o := range order {
		some[i] = all[o]
	}
	softmax(some)
	type sum struct {
		p, top float64
		best   int
	}
	var names []string
	byAnswer := map[string]*sum{}
	for i, o := range order {
		k := e.Options[o].Answer
		s := byAnswer[k]
		if s == nil {
			s = &sum{best: -1}
			byAnswer[k] = s
			names = append(names, k)
		}
		s.p += some[i]
		if s.best < 0 || some[i] > s.top {
			s.top, s.best = some[i], o
		}
	}
	sort.SliceStable(names, func(i, j int) bool { return byAnswer[names[i]].p > byAnswer[names[j]].p })
	for i, n := range names[:min(3, len(names))] {
		r := e.Options[byAnswer[n].best].Right
		a.third = a.third || r
		a.answers = append(a.answers, n)
		if i == 0 {
			a.right = r
		}
	}
	for _, o := range e.Options {
		a.listed = a.listed || o.Right && !o.Corrupt
	}
	best := byAnswer[names[0]]
	a.prob, a.chosen = best.p, best.best
	st := judge.Standing{Lang: rules.Languages(e.Text, lang.French), Prob: best.p, Gap: best.p, Score: all[best.best], Answers: len(names)}
	if len(names) > 1 {
		st.Gap -= byAnswer[names[1]].p
	}
	st.Votes = e.voice(names[0])
	aspects, own := d.spelt(e, e.Options[best.best])
	a.features = judge.TrustFeatures(st, aspects, own)
	return a
}
