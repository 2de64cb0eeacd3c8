package rules

import (
	"slices"

	"cigogne/internal/query"
)

// columnsBeside gives columns named beside a figure their part: cells of the one
// row that is asked about, else what the figure is grouped by.
func (c *composer) columnsBeside() {
	r := c.r
	if len(r.show) == 0 {
		return
	}
	label := c.s.a.Entity.Label
	if label != "" && len(r.on(c.s.col(label))) > 0 && r.agg == "" {
		if len(r.measures) > 0 { // "Metz et son agglomération": the name of the one over the figure of the other
			for i := range c.spans {
				if c.column(i, func(k int) bool {
					return slices.Contains(r.show, k) && wider[c.s.note(k).Level] > wider[c.s.note(c.s.col(label)).Level]
				}) >= 0 {
					r.unknown = append(r.unknown, c.text(i))
				}
			}
		}
		r.frame = frameList
		return
	}
	if r.agg == query.Avg || r.agg == query.Median { // "moyenne des X": of what X are, which this table's rows are not
		for i := range c.spans {
			if c.column(i, func(k int) bool { return slices.Contains(r.show, k) }) >= 0 {
				r.unknown = append(r.unknown, c.text(i))
			}
		}
		return
	}
	for _, col := range r.show {
		c.group(col)
	}
	r.show = nil
}

// columnOfAnother names the first of two columns that stand as "le code de
// l'agglomération": that of what the other holds, not of the row and beside it.
func (c *composer) columnOfAnother() {
	shown := func(k int) bool { return slices.Contains(c.r.show, k) }
	for i := range c.spans {
		n := c.near(i, 1)
		a, b := c.column(i, shown), c.column(n, shown)
		if a < 0 || b < 0 || a == b || c.s.note(a).Level != "" || wider[c.s.note(b).Level] <= wider["commune"] || c.spans[n].from == c.spans[i].to {
			continue
		}
		if slices.ContainsFunc(c.tokens[c.spans[i].to:c.spans[n].from], func(t token) bool { return t.Fold == "de" || t.Fold == "du" || t.Fold == "of" }) {
			c.r.unknown = append(c.r.unknown, c.text(i))
		}
	}
}
