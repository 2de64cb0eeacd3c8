package main

import (
	"context"
	"strings"

	"cigogne/internal/plan/judge"
)

// shown is what folds not learnt from show: the answers without a model, and
// the plans that a model is played to have written.
type shown struct {
	alone   []answered
	written []written
}

// crossValidate judges every example by weights learnt from the other folds.
func crossValidate(d data, folds int, lambda float64, rounds int) (shown, error) {
	all := shown{alone: make([]answered, len(d.examples))}
	for k := range folds {
		var use []int
		for i, e := range d.examples {
			if fold(e.Group, folds) != k {
				use = append(use, i)
			}
		}
		first, err := learn(d, use, lambda, false, rounds)
		if err != nil {
			return all, err
		}
		second, err := learn(d, use, lambda, true, rounds)
		if err != nil {
			return all, err
		}
		for i := range d.examples {
			e := &d.examples[i]
			if fold(e.Group, folds) != k {
				continue
			}
			all.alone[i] = d.judged(e, first, second)
			all.written = append(all.written, d.writtenFor(e, first, second)...)
		}
	}
	return all, nil
}

// beliefs are what was learnt of when to believe, from all folds.
type beliefs struct{ trust, held string }

// How trees over answers and over written plans are learnt: of the latter there
// are ten times as many.
var (
	overAnswers = boosting{rounds: 200, leaf: 25}
	overPlans   = boosting{rounds: 300, leaf: 100}
)

// believe sets how far each answer and each plan that a model is played to have
// written are believed, by what the other folds show.
func believe(ctx context.Context, all shown, o options) (beliefs, error) {
	var b beliefs
	if o.python == "" {
		for i := range all.alone {
			all.alone[i].believed = all.alone[i].prob
		}
		return b, nil
	}
	var answers, plans []judgement
	for _, a := range all.alone {
		answers = append(answers, judgement{a.features, a.right, 1, fold(a.example.Group, o.folds)})
	}
	var held []int
	for i, w := range all.written {
		if !w.never {
			held = append(held, i)
			plans = append(plans, judgement{w.features, w.right, w.weight, fold(w.example.Group, o.folds)})
		}
	}
	var err error
	b.trust, err = byOthers(ctx, answers, o, overAnswers, func(i int, believed float64) { all.alone[i].believed = believed })
	if err != nil {
		return b, err
	}
	b.held, err = byOthers(ctx, plans, o, overPlans, func(i int, believed float64) { all.written[held[i]].believed = believed })
	return b, err
}

// byOthers says how far each of a list is to be believed by what the other folds
// show, and returns what all show.
func byOthers(ctx context.Context, list []judgement, o options, how boosting, set func(i int, believed float64)) (string, error) {
	texts, err := learnBelief(ctx, o.python, list, o.folds, how)
	if err != nil {
		return "", err
	}
	byFold := make([]judge.Belief, o.folds)
	for k := range byFold {
		if byFold[k], err = judge.ReadBelief(strings.NewReader(texts[k])); err != nil {
			return "", err
		}
	}
	for i, j := range list {
		if len(j.features) > 0 {
			set(i, byFold[j.fold].Of(j.features))
		}
	}
	return texts[o.folds], nil
}
