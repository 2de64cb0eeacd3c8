package rules

import (
	"slices"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/query"
)

// columnNamedBy tells whether the words of an operation also name a column.
func (c *composer) columnNamedBy(o op) bool {
	return bestName(c.spans[c.ops[o]].cols) >= 0.9
}

// splitShare tells the part from the whole: "quelle part des dépenses 2020 va
// aux transports" (the part follows the verb), "part des transports dans les
// dépenses" (the part comes first).
func (c *composer) splitShare() {
	share := c.spans[c.ops[opShare]].from
	for i := range c.spans {
		if c.spans[i].has(opGoes) && !(c.represents() && i == c.ops[opGoes]) && c.splitAt(i, share) {
			return
		}
	}
	if !c.shareOf(share) {
		c.narrowest()
	}
}

// splitAt takes as the part what stands after the verb of span i, or before its "dans".
func (c *composer) splitAt(i, share int) bool {
	at := c.spans[i].from
	inWhole := strings.EqualFold(c.text(i), "dans")
	hit := false
	for j := range c.r.conds {
		x := &c.r.conds[j]
		switch {
		case x.pos < 0:
		case len(x.vals) == 1 && x.said > 1: // named of the part and of the whole
			hit = true
		case inWhole && x.pos > share && x.pos < at || !inWhole && x.pos > at:
			x.part, hit = true, true
		}
	}
	return hit
}

// narrowest takes the narrowest filters as the part, where nothing says.
func (c *composer) narrowest() {
	r := c.r
	none := true
	for j := range r.conds {
		x := &r.conds[j]
		d := c.s.t.Columns[x.col].Distinct
		x.part = x.op != query.Eq || d > 4
		none = none && !x.part
	}
	if none && r.entity && c.s.a.Entity.Label != "" && c.s.Annotation != nil { // "part des baignades en lac"
		for j := range r.conds {
			r.conds[j].part = true
		}
	}
}

// represents reads "que représentent les transports dans les dépenses": the part
// and the whole of a share, which nothing else names.
func (c *composer) represents() bool {
	at, ok := c.ops[opGoes]
	if !ok || c.s.Annotation == nil || !strings.HasPrefix(lang.Fold(c.text(at)), "represent") || len(c.r.conds) == 0 {
		return false
	}
	return slices.ContainsFunc(c.spans[at+1:], func(sp span) bool { return c.tokens[sp.from].Fold == "dans" || c.tokens[sp.from].Fold == "in" })
}

// shareOf reads "share of A in B", "pourcentage A / B": what comes before the
// word or sign between them is the part.
func (c *composer) shareOf(share int) bool {
	for k := share + 1; k < len(c.tokens); k++ {
		sign := strings.ContainsRune(c.q[c.tokens[k-1].End:c.tokens[k].Start], '/')
		if !sign && c.tokens[k].Fold != "in" && c.tokens[k].Fold != "within" && c.tokens[k].Fold != "among" {
			continue
		}
		part, whole := false, false
		for _, x := range c.r.conds {
			part = part || x.pos > share && x.pos < k
			whole = whole || x.pos >= k
		}
		if !part || !whole {
			continue
		}
		for j := range c.r.conds {
			c.r.conds[j].part = c.r.conds[j].pos > share && c.r.conds[j].pos < k
		}
		return true
	}
	return false
}
