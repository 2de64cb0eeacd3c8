package main

// played is the answers of folds not learnt from, alone and with models that are
// played: one that is right wherever a right plan is listed, and one whose plan
// is the right one with one thing changed, the likeliest of those.
type played struct {
	alone, oracle, tempter []answered
}

// oracle gives a model's vote to a right plan; false where none is listed.
func (e *example) oracle() (example, bool) {
	for _, o := range e.Options {
		if o.Right {
			out := *e
			out.Model = o.Answer
			return out, true
		}
	}
	return *e, false
}

// tempted gives a model's vote to the corrupted plan that scores best.
func (e *example) tempted(first []float64) (example, bool) {
	best, at := 0.0, -1
	rights := map[string]bool{}
	for _, o := range e.Options {
		if o.Right {
			rights[o.Answer] = true
		}
	}
	for i, s := range scores(e, first, false) {
		if e.Options[i].Corrupt && !rights[e.Options[i].Answer] && (at < 0 || s > best) {
			best, at = s, i
		}
	}
	if at < 0 {
		return *e, false
	}
	out := *e
	out.Model = e.Options[at].Answer
	return out, true
}
