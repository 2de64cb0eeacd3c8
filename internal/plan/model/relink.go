package model

import (
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/query"
)

// relink makes the values that a model wrote from memory those that the cells
// have: where no cell is "Bretagne" and one alone has its words, "REGION BRETAGNE"
// is meant; where several have it in them, all of these. Others stay: that no row
// has them is for the judge to see.
func relink(p *query.Plan, t *dataset.Table) {
	filters := func(list []query.Filter) {
		for i := range list {
			if f := &list[i]; f.Than != nil && f.Than.Table == p.Table {
				relink(f.Than, t)
			} else if f.Op == query.Eq && f.As == "" {
				relinkFilter(f, t.Column(f.Column))
			}
		}
	}
	filters(p.Where)
	for i := range p.Measures {
		filters(p.Measures[i].Where)
	}
}

func relinkFilter(f *query.Filter, c *dataset.Column) {
	if c == nil || c.Type != dataset.Text || !c.Complete() {
		return
	}
	for i, v := range f.Values {
		text, ok := v.(string)
		if !ok || text == "" || slices.ContainsFunc(c.Values, func(x dataset.Value) bool { return x.Text == text }) {
			continue
		}
		cells := holding(c, text)
		switch {
		case len(cells) == 1:
			f.Values[i] = cells[0]
		case len(cells) > 1 && len(f.Values) == 1:
			f.Op = query.Contains
		}
	}
}

// holding lists the cells that have a text in them, whole words of it.
func holding(c *dataset.Column, text string) (cells []string) {
	folded := " " + lang.Fold(text) + " "
	if folded == "  " {
		return nil
	}
	for _, v := range c.Values {
		if strings.Contains(" "+lang.Fold(v.Text)+" ", folded) {
			cells = append(cells, v.Text)
		}
	}
	return cells
}
