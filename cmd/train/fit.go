package main

import (
	"hash/fnv"
	"math"
	"runtime"
	"sort"
	"sync"

	"gonum.org/v1/gonum/optimize"

	"cigogne/internal/lang"
	"cigogne/internal/plan/judge"
)

// data is the collected examples with the features that stand in enough
// questions to be learnt from, numbered anew.
type data struct {
	names    []string
	examples []example
}

// prune leaves out the features of fewer than least questions.
func prune(c collected, least int) data {
	count := make([]int, len(c.Names))
	last := make([]int, len(c.Names))
	for q, e := range c.Examples {
		see := func(f int32) {
			if last[f] != q+1 {
				last[f] = q + 1
				count[f]++
			}
		}
		for _, g := range e.Groups {
			for _, f := range g {
				see(f)
			}
		}
		for _, o := range e.Options {
			for _, x := range o.Own {
				see(x.Feature)
			}
		}
	}
	to := make([]int32, len(c.Names))
	d := data{examples: c.Examples, names: []string{judge.Voted}}
	order := make([]int, len(c.Names)) // by name: numbers depend on who came first
	for f := range order {
		order[f] = f
	}
	sort.Slice(order, func(i, j int) bool { return c.Names[order[i]] < c.Names[order[j]] })
	for _, f := range order {
		to[f] = -1
		if count[f] >= least {
			to[f] = int32(len(d.names))
			d.names = append(d.names, c.Names[f])
		}
	}
	known := func(own []weighed) []weighed {
		kept := own[:0]
		for _, x := range own {
			if to[x.Feature] >= 0 {
				kept = append(kept, weighed{to[x.Feature], x.Value})
			}
		}
		return kept
	}
	for q := range d.examples {
		e := &d.examples[q]
		for g := range e.Groups {
			kept := e.Groups[g][:0]
			for _, f := range e.Groups[g] {
				if to[f] >= 0 {
					kept = append(kept, to[f])
				}
			}
			e.Groups[g] = kept
		}
		for i := range e.Options {
			o := &e.Options[i]
			o.Own = known(o.Own)
			for j := range o.Near {
				o.Near[j].Own = known(o.Near[j].Own)
			}
		}
	}
	return d
}

// voice tells whether the older planner found an answer, 1, or another, -1; 0
// where it has none.
func (e *example) voice(answer string) float64 {
	switch e.Vote {
	case "":
		return 0
	case answer:
		return 1
	}
	return -1
}

// scores are the weights' sums for every option; with says whether the shape of
// the results counts.
func scores(e *example, w []float64, with bool) []float64 {
	group := e.worth(w)
	out := make([]float64, len(e.Options))
	for i, o := range e.Options {
		var s float64
		for _, g := range o.Shared {
			s += group[g]
		}
		if with {
			for _, g := range o.Result {
				s += group[g]
			}
			s += w[0] * max(0, e.voice(o.Answer))
		}
		for _, x := range o.Own {
			s += w[x.Feature] * float64(x.Value)
		}
		out[i] = s
	}
	return out
}

// worth sums the weights of each group of features.
func (e *example) worth(w []float64) []float64 {
	out := make([]float64, len(e.Groups))
	for g, fs := range e.Groups {
		for _, f := range fs {
			out[g] += w[f]
		}
	}
	return out
}

// softmax turns scores into probabilities, in place.
func softmax(s []float64) {
	top := math.Inf(-1)
	for _, x := range s {
		top = max(top, x)
	}
	var sum float64
	for i, x := range s {
		s[i] = math.Exp(x - top)
		sum += s[i]
	}
	for i := range s {
		s[i] /= sum
	}
}

// learn maximises the probability of the right plans of the examples, the
// square of the weights held down by lambda.
func learn(d data, use []int, lambda float64, with bool, iterations int) ([]float64, error) {
	n := len(d.names)
	workers := runtime.NumCPU()
	value := func(w, grad []float64) float64 {
		losses := make([]float64, workers)
		grads := make([][]float64, workers)
		var wg sync.WaitGroup
		for k := range workers {
			wg.Add(1)
			go func() {
				defer wg.Done()
				g := make([]float64, n)
				for i := k; i < len(use); i += workers {
					losses[k] += gradient(&d.examples[use[i]], w, g, with)
				}
				grads[k] = g
			}()
		}
		wg.Wait()
		var loss float64
		for i := range grad {
			grad[i] = lambda * w[i]
			loss += lambda / 2 * w[i] * w[i]
		}
		for k := range workers {
			loss += losses[k]
			for i, x := range grads[k] {
				grad[i] += x
			}
		}
		return loss
	}
	grad := make([]float64, n)
	// One pass gives both: remember the last.
	var lastW, lastG []float64
	var lastV float64
	both := func(w []float64) {
		if lastW != nil && equalSlices(w, lastW) {
			return
		}
		lastV = value(w, grad)
		lastW, lastG = append(lastW[:0], w...), append(lastG[:0], grad...)
	}
	problem := optimize.Problem{
		Func: func(w []float64) float64 { both(w); return lastV },
		Grad: func(g, w []float64) { both(w); copy(g, lastG) },
	}
	res, err := optimize.Minimize(problem, make([]float64, n), &optimize.Settings{MajorIterations: iterations, GradientThreshold: 1e-3}, &optimize.LBFGS{Store: 8})
	if res == nil {
		return nil, err
	}
	return res.X, nil
}

func equalSlices(a, b []float64) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// gradient adds the gradient of one example's loss and returns the loss.
func gradient(e *example, w, grad []float64, with bool) float64 {
	any, gold := false, false
	for _, o := range e.Options {
		if !o.Against {
			any, gold = any || o.Right, gold || o.Gold
		}
	}
	if !any {
		return 0
	}
	meant := func(o option) bool { return o.Right && !o.Against && (o.Gold || !gold) }
	p := scores(e, w, with)
	for i, o := range e.Options {
		if o.Against || o.Right && !meant(o) { // never shown; right by luck, or said otherwise: neither learnt nor held against
			p[i] = math.Inf(-1)
		}
	}
	softmax(p)
	var right float64
	for i, o := range e.Options {
		if meant(o) {
			right += p[i]
		}
	}
	right = max(right, 1e-300)
	group := make([]float64, len(e.Groups))
	for i, o := range e.Options {
		g := p[i]
		if meant(o) {
			g -= p[i] / right
		}
		if g > -1e-9 && g < 1e-9 {
			continue
		}
		for _, k := range o.Shared {
			group[k] += g
		}
		if with {
			for _, k := range o.Result {
				group[k] += g
			}
			grad[0] += g * max(0, e.voice(o.Answer))
		}
		for _, x := range o.Own {
			grad[x.Feature] += g * float64(x.Value)
		}
	}
	for k, g := range group {
		if g == 0 {
			continue
		}
		for _, f := range e.Groups[k] {
			grad[f] += g
		}
	}
	return -math.Log(right)
}

// fold puts a table or a database into one of n folds, whatever else there is.
func fold(group string, n int) int {
	h := fnv.New32a()
	h.Write([]byte(group))
	return int(h.Sum32() % uint32(n))
}

// verdict is what the weights make of a question of a fold they did not see.
type verdict struct {
	id     string
	set    string
	kind   string
	lang   lang.Lang // of most of its set
	prob   float64   // of the best answer: of all plans that give it
	right  bool
	third  bool // the right one is among the three best answers
	listed bool
}
