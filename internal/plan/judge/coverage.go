package judge

import (
	"slices"

	"cigogne/internal/plan/ground"
	"cigogne/internal/query"
	"cigogne/internal/territory"
)

// coverage weighs the words that the plan leaves aside, by what they may be.
func (w *weigher) coverage() {
	for _, i := range w.g.Rows {
		w.covered[i] = true
	}
	content, left := 0, 0
	for i, t := range w.g.Tokens {
		if t.Small && !t.Name {
			continue
		}
		content++
		if !w.aside(i) {
			continue
		}
		left++
		kind := w.kind(i)
		w.add(1, "left", kind)
		if likes := w.g.Likes[i]; kind == "unknown" && len(likes) > 0 {
			w.add(slices.Max(likes), "left", "unknown", "nearness")
		}
		if t.Name && len(territory.France().Named(t.Text)) > 0 {
			w.add(1, "left", "a place of France")
		}
		w.add(1, "left", "w:"+t.Stem)
		if t.Name {
			w.add(1, "left", "a name", w.kind(i))
		}
	}
	w.add(float64(left), "left", "words")
	if content > 0 {
		w.add(float64(left)/float64(content), "left", "share")
	}
	if left == 0 {
		w.add(1, "left", "none")
	}
}

// aside tells whether a plan leaves a token aside that carries something.
func (w *weigher) aside(i int) bool {
	t := w.g.Tokens[i]
	return !(t.Small && !t.Name) && !w.covered[i] && (len(t.Senses) == 0 || t.IsNum)
}

// kind names what a token that the plan leaves aside may have been.
func (w *weigher) kind(i int) string {
	t := w.g.Tokens[i]
	switch {
	case t.Year:
		return "year"
	case t.IsNum:
		return "number"
	case t.Month > 0:
		return "month"
	}
	best := ""
	for _, m := range w.g.Cells {
		if m.From <= i && i < m.To && (best == "" || m.How == ground.Exact) {
			best = "cell " + string(m.How)
		}
	}
	if best != "" {
		return best
	}
	for _, m := range w.g.Columns {
		if m.From <= i && i < m.To && (best == "" || m.How == ground.Exact) {
			best = "column " + string(m.How)
		}
	}
	if best != "" {
		return best
	}
	return "unknown"
}

// Left lists the words of the question that a plan leaves aside, as they stand.
func (r *Reader) Left(p *query.Plan) []string {
	w := r.weigher(p)
	w.coverage()
	var out []string
	from := -1
	for i := 0; i <= len(r.g.Tokens); i++ {
		if i < len(r.g.Tokens) && w.aside(i) {
			if from < 0 {
				from = i
			}
			continue
		}
		if from >= 0 {
			out = append(out, r.g.Within(from, i))
			from = -1
		}
	}
	return out
}
