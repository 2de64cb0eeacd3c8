package rules

import ()

// mentions gives each named column, and the noun that names the rows, its part:
// what is asked for, what it is grouped by, or a mere announcement of a value.
func (c *composer) mentions() {
	for i := range c.spans {
		sp := &c.spans[i]
		prev := c.near(i, -1)
		grouped := prev >= 0 && c.spans[prev].has(opGroup) && sp.from-c.spans[prev].to <= 1 && !c.spans[prev].has(opEvolution)
		switch {
		case sp.entity && !(len(sp.vals) > 0 && c.used[i]) && !sp.has(opGroup):
			c.mentionsRows(i, grouped)
		case len(sp.cols) > 0 && (!c.used[i] || len(sp.vals) > 0):
			c.mentionsColumn(i, grouped)
		}
	}
}

func (c *composer) mentionsRows(i int, grouped bool) {
	c.used[i] = true
	if label := c.s.a.Entity.Label; grouped && label != "" {
		c.group(c.s.col(label))
	} else if !c.announces(i) {
		c.r.entity = true
		c.aim(i)
	}
}

// aim takes a span as the noun that is asked for, where there is none yet.
func (c *composer) aim(i int) {
	if c.target < 0 {
		c.target = i
	}
}

func (c *composer) mentionsColumn(i int, grouped bool) {
	r, values := c.r, len(c.spans[i].vals) > 0
	measure, dim := c.measureOrDim(i)
	switch {
	case measure >= 0:
		r.measures = appendOnce(r.measures, measure)
		if !values {
			c.aim(i)
		}
	case values: // the value was taken, the column goes with it
		return
	case grouped:
		c.group(dim)
	case c.saidOtherwise(i, dim):
	default:
		r.show = appendOnce(r.show, dim)
		c.aim(i)
	}
	c.used[i] = true
}

// measureOrDim is the column that a span names best: a measure or another, -1 for
// the one that it is not.
func (c *composer) measureOrDim(i int) (measure, dim int) {
	measure, dim = c.column(i, c.isMeasure), c.column(i, func(k int) bool { return !c.isMeasure(k) })
	switch {
	case measure < 0 || dim < 0:
		return measure, dim
	case c.nameStrength(i, dim) > c.nameStrength(i, measure):
		return -1, dim
	}
	return measure, -1
}

// saidOtherwise tells whether a column is named only beside what is said of it: the
// years, the code of a place ("du département 55"), a value.
func (c *composer) saidOtherwise(i, dim int) bool {
	r, note := c.r, c.s.note(dim)
	code := c.s.col(note.Code)
	switch {
	case c.isYearCol(dim) && (r.years.said || len(r.on(dim)) > 0) && !c.hasOp(opCount),
		code >= 0 && len(r.on(code)) > 0 && note.Level != "commune":
		return true
	}
	return len(r.on(dim)) > 0 && c.announces(i)
}

func (c *composer) nameStrength(i, col int) float64 {
	for _, ref := range c.spans[i].cols {
		if ref.col == col {
			return ref.strength
		}
	}
	return 0
}

// announces tells whether a column's name only introduces a value beside it:
// "le prénom Adam", "dans le département de l'Aube", "exploitées par la SNCF".
func (c *composer) announces(i int) bool {
	for _, j := range []int{c.near(i, 1), c.near(i, -1)} {
		step := j
		if j >= 0 && c.spans[j].has(opGroup) && j > i { // "exploitées par X"
			step = c.near(j, 1)
		}
		if step < 0 || !c.used[step] {
			continue
		}
		for _, ref := range c.spans[i].cols {
			for _, x := range c.r.on(ref.col) {
				if x.pos == c.spans[step].from {
					// Asked for by name, it is more than an announcement.
					if p := c.near(i, -1); p >= 0 && (c.spans[p].has(opCount) || c.spans[p].has(opWhich)) && step < i {
						return false
					}
					if step != j {
						c.spans[j].ops = nil
					}
					return true
				}
			}
		}
	}
	return false
}

func (c *composer) group(col int) {
	if col >= 0 {
		c.r.group = appendOnce(c.r.group, col)
	}
}
