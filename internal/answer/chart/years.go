package chart

import (
	"fmt"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
)

func (c *Chart) alongYears(a *answer.Answer, year int, numbers []int) error {
	if len(a.Rows) > maxPoints {
		return ErrNone
	}
	for i, row := range a.Rows {
		y, ok := lang.Number(row[year])
		if !ok {
			return ErrNone
		}
		if i > 0 {
			if last, _ := lang.Number(a.Rows[i-1][year]); last >= y { // no order of time, no line
				return ErrNone
			}
		}
		c.Labels = append(c.Labels, fmt.Sprintf("%.0f", y))
	}
	for _, n := range numbers {
		s := Series{Name: clean(a.Columns[n].Name)}
		for _, row := range a.Rows {
			v, ok := lang.Number(row[n])
			s.Values = append(s.Values, Value{v, ok})
			c.Empty += btoi(!ok)
		}
		c.Series = append(c.Series, s)
	}
	c.Kind, c.dated = Lines, true
	if len(c.Labels) < 3 { // two figures make no line
		c.Kind = Bars
	}
	return c.worth()
}

func (c *Chart) eachAlongYears(a *answer.Answer, year, name, n int) error {
	at, of := map[string]int{}, map[string]int{}
	for _, row := range a.Rows {
		y, ok := lang.Number(row[year])
		if !ok {
			return ErrNone
		}
		label := fmt.Sprintf("%.0f", y)
		if _, seen := at[label]; !seen {
			at[label] = len(c.Labels)
			c.Labels = append(c.Labels, label)
		}
	}
	if len(c.Labels) < 2 || len(c.Labels) > maxPoints {
		return ErrNone
	}
	sortYears(c.Labels, at)
	filled := map[string]bool{}
	for _, row := range a.Rows {
		who := clean(fmt.Sprint(row[name]))
		k, seen := of[who]
		if !seen {
			if len(c.Series) == maxSeries { // too many lines tell nothing
				return ErrNone
			}
			k = len(c.Series)
			of[who] = k
			c.Series = append(c.Series, Series{Name: who, Values: make([]Value, len(c.Labels))})
		}
		y, _ := lang.Number(row[year])
		label := fmt.Sprintf("%.0f", y)
		if filled[who+"\x00"+label] { // two figures for one point: neither is it
			return ErrNone
		}
		filled[who+"\x00"+label] = true
		v, ok := lang.Number(row[n])
		c.Series[k].Values[at[label]] = Value{v, ok}
	}
	for _, s := range c.Series {
		for _, v := range s.Values {
			c.Empty += btoi(!v.OK)
		}
	}
	c.Kind, c.dated = Lines, true
	return c.worth()
}
