package main

// crossValidate judges every example by weights learnt from the other folds.
func crossValidate(d data, folds int, lambda float64, rounds int) (played, error) {
	all := played{alone: make([]answered, len(d.examples))}
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
			if x, ok := e.oracle(); ok {
				all.oracle = append(all.oracle, d.judged(&x, first, second))
			}
			if x, ok := e.tempted(first); ok {
				all.tempter = append(all.tempter, d.judged(&x, first, second))
			}
		}
	}
	return all, nil
}

// believe sets how far each answer is believed, by what the other folds show.
func believe(all played, folds int, lambda float64) error {
	for k := range folds {
		var use []answered
		for _, a := range all.alone {
			if fold(a.example.Group, folds) != k {
				use = append(use, a)
			}
		}
		w, err := learnTrust(use, lambda)
		if err != nil {
			return err
		}
		for _, list := range [][]answered{all.alone, all.oracle, all.tempter} {
			for i := range list {
				if fold(list[i].example.Group, folds) == k && len(list[i].features) > 0 {
					list[i].believed = w.Believe(list[i].features)
				}
			}
		}
	}
	return nil
}
