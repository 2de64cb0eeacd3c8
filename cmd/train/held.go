package main

import (
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/plan/judge"
	"cigogne/internal/plan/propose"
	"cigogne/internal/plan/rules"
)

// written is a plan that a model is played to have written, the one that was
// meant or that with one thing changed, or one that a model did write.
type written struct {
	example  *example
	set      string
	kind     string // of change; "" for the plan that was meant
	real     bool   // a model wrote it
	never    bool   // it contradicts the question
	option   int
	right    bool
	weight   float64
	features []judge.Feature
	believed float64
}

// back is the kind of change that undoes one of another kind.
var back = map[string]string{propose.Added: propose.Dropped, propose.Void: propose.Dropped, propose.Dropped: propose.Added}

// writtenFor plays the plans of a question, and says how each stands by weights
// learnt from other folds. What is one change away from a changed plan is taken
// to be the plan that was meant, its other changes of that kind, and changes of
// other kinds that cost what they cost the plan that was meant.
func (d data) writtenFor(e *example, first, second []float64) []written {
	out := d.real(e, first, second)
	meant := e.meant()
	if meant < 0 {
		return out
	}
	rights := map[string]bool{}
	for _, o := range e.Options {
		if o.Right {
			rights[o.Answer] = true
		}
	}
	before := scores(e, first, false)
	changes := changesOf(e, before)
	st, all := d.judged(e, first, second), scores(e, second, true)
	play := func(i int, kind string) written {
		o := e.Options[i]
		h := judge.Held{Lang: rules.Languages(e.Text, lang.French), Score: all[i], Margins: changes.margins(before[meant], before[i], kind), Agree: e.voice(o.Answer)}
		st.stand(&h, all, o.Answer)
		aspects, own := d.spelt(e, o)
		return written{example: e, set: e.Set, kind: kind, option: i, right: kind == "", never: o.Against, weight: 1, features: judge.HeldFeatures(h, aspects, own)}
	}
	out = append(out, play(meant, ""))
	changed, n := len(out), 0
	for i, o := range e.Options {
		if o.Edit != "" && !rights[o.Answer] {
			out = append(out, play(i, o.Edit))
			n += count(!o.Against)
		}
	}
	for i := range out[changed:] {
		out[changed+i].weight = 1 / float64(max(1, n))
	}
	return out
}

// meant is the option that the question's own SQL is, -1 where there is none.
func (e *example) meant() int {
	at := -1
	for i, o := range e.Options {
		if o.Gold && (at < 0 || o.Corrupt) {
			at = i
		}
	}
	return at
}

// stand says how a plan with an answer stands beside those that were judged.
func (a answered) stand(h *judge.Held, all []float64, answer string) {
	if a.chosen < 0 {
		return
	}
	h.Best = all[a.chosen]
	h.First, h.Among = a.answers[0] == answer, slices.Contains(a.answers, answer)
}

// changes are the scores of the changes of a plan, by kind: the best, and the
// second best for the best one itself.
type changes struct{ best, runner map[string]float64 }

func changesOf(e *example, before []float64) changes {
	c := changes{map[string]float64{}, map[string]float64{}}
	for i, o := range e.Options {
		if o.Edit == "" || o.Against {
			continue
		}
		b, ok := c.best[o.Edit]
		switch s := before[i]; {
		case !ok:
			c.best[o.Edit] = s
		case s > b:
			c.best[o.Edit], c.runner[o.Edit] = s, b
		default:
			if x, ok := c.runner[o.Edit]; !ok || s > x {
				c.runner[o.Edit] = s
			}
		}
	}
	return c
}

// lone is how far below a changed plan its siblings are taken to be where it has none.
const lone = 6

// margins are how much better a plan scores than its changes of each kind; of a
// changed plan, "" where none, those of what was meant, its undoing and its siblings.
func (c changes) margins(meant, plan float64, kind string) map[string]float64 {
	out := map[string]float64{}
	for k, s := range c.best {
		out[k] = meant - s
	}
	if kind == "" {
		return out
	}
	delete(out, kind)
	undo := kind
	if b := back[kind]; b != "" {
		undo = b
	}
	out[undo] = plan - meant
	sibling := c.best[kind]
	if sibling == plan {
		var ok bool
		if sibling, ok = c.runner[kind]; !ok {
			sibling = plan - lone
		}
	}
	if undo == kind {
		out[kind] = min(out[kind], plan-sibling)
	}
	return out
}

// real is the plan that a model wrote for a question, as decide holds it.
func (d data) real(e *example, first, second []float64) []written {
	at := slices.IndexFunc(e.Options, func(o option) bool { return o.Written })
	if at < 0 {
		return nil
	}
	o := e.Options[at]
	h := judge.Held{Lang: rules.Languages(e.Text, lang.French), Score: scores(e, second, true)[at], Margins: map[string]float64{}, Agree: e.voice(o.Answer)}
	worth, before := e.worth(first), scores(e, first, false)[at]
	for _, n := range o.Near {
		m := before
		for _, g := range n.Shared {
			m -= worth[g]
		}
		for _, x := range n.Own {
			m -= first[x.Feature] * float64(x.Value)
		}
		if have, ok := h.Margins[n.Kind]; !ok || m < have {
			h.Margins[n.Kind] = m
		}
	}
	d.judged(e, first, second).stand(&h, scores(e, second, true), o.Answer)
	aspects, own := d.spelt(e, o)
	return []written{{example: e, set: e.Set, option: at, real: true, right: o.Right, never: o.Against, weight: 1, features: judge.HeldFeatures(h, aspects, own)}}
}

// spelt names the aspects and own features of an option.
func (d data) spelt(e *example, x option) (aspects []string, own []judge.Feature) {
	for _, g := range slices.Concat(x.Shared, x.Result) {
		for _, f := range e.Groups[g] {
			if n, ok := strings.CutSuffix(d.names[f], "&any"); ok {
				aspects = append(aspects, n)
			}
		}
	}
	for _, f := range x.Own {
		own = append(own, judge.Feature{Name: d.names[f.Feature], Value: float64(f.Value)})
	}
	return aspects, own
}

// reportHeld says, for each language and share of changed plans answered, how
// many of the plans that were meant are answered, and returns the belief from
// which that is the share allowed.
func reportHeld(b *strings.Builder, list []written, l lang.Lang, allowed float64) float64 {
	var ws []written
	total := map[string]int{}
	against := 0
	for _, w := range list {
		if langOf(w.set) == l && !w.real {
			against += count(w.kind == "" && w.never)
			ws = append(ws, w)
			total[w.kind]++
		}
	}
	sort.SliceStable(ws, func(i, j int) bool { return ws[i].believed > ws[j].believed })
	fmt.Fprintf(b, "\nWhere a model wrote what was meant, or that with one thing changed (%s, %d plans meant, %d of them held to contradict the question):\n", l, total[""], against)
	found := 1.0
	for _, limit := range []float64{.01, .02, .03, .05, .08} {
		given, rate, at := map[string]int{}, 0.0, 1.0
		for _, w := range ws {
			given[w.kind]++
			if w.kind != "" {
				rate += 1 / float64(total[w.kind]*(len(total)-1))
			}
			if rate > limit {
				break
			}
			at = w.believed
		}
		fmt.Fprintf(b, "  changed answered %.2f: meant answered %.3f (believed %.3f or more)\n", limit, ratio(given[""], total[""]), at)
		if limit == allowed {
			found = at
			for _, k := range slices.Sorted(maps.Keys(total)) {
				if k != "" {
					fmt.Fprintf(b, "    %-16s %.3f of %d\n", k, ratio(given[k], total[k]), total[k])
				}
			}
		}
	}
	return found
}
