package main

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

// believe sets how far each answer is believed, by what the other folds show.
func believe(all shown, folds int, lambda float64) error {
	for k := range folds {
		not := func(e *example) bool { return fold(e.Group, folds) != k }
		w, err := learnTrust(all.judgedAnswers(not), lambda)
		if err != nil {
			return err
		}
		for i, x := range all.alone {
			if fold(x.example.Group, folds) == k && len(x.features) > 0 {
				all.alone[i].believed = w.Believe(x.features)
			}
		}
	}
	return nil
}

// hold sets how far each plan that a model is played to have written is
// believed, by what the other folds show.
func hold(all shown, folds int, lambda float64) error {
	for k := range folds {
		not := func(e *example) bool { return fold(e.Group, folds) != k }
		weights, err := learnTrust(all.judgedPlans(not), lambda)
		if err != nil {
			return err
		}
		for i, w := range all.written {
			if fold(w.example.Group, folds) == k {
				all.written[i].believed = weights.Believe(w.features)
			}
		}
	}
	return nil
}

// judgedAnswers are the answers of the examples of some folds.
func (all shown) judgedAnswers(of func(*example) bool) []judgement {
	var out []judgement
	for _, a := range all.alone {
		if of(a.example) {
			out = append(out, judgement{a.features, a.right, 1})
		}
	}
	return out
}

// judgedPlans are the written plans of the examples of some folds.
func (all shown) judgedPlans(of func(*example) bool) []judgement {
	var out []judgement
	for _, w := range all.written {
		if of(w.example) {
			out = append(out, judgement{w.features, w.right, w.weight})
		}
	}
	return out
}
