package chart

import (
	"fmt"
	"math"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
	"cigogne/internal/outline"
	"cigogne/internal/texts"
)

// Outlines are layers of territories to draw answers on: the first that knows
// an answer's rows is taken. None draws no map.
type Outlines []*outline.Layer

// Of draws an answer's rows on their outlines where nearly all of them are
// territories that the outlines know; else it is as chart.Of.
func (o Outlines) Of(a *answer.Answer) (*Chart, error) {
	for _, layer := range o {
		for ; layer != nil; layer = layer.Wider() {
			if c, err := mapped(layer, a); err == nil {
				return c, nil
			}
		}
	}
	return Of(a)
}

func mapped(layer *outline.Layer, a *answer.Answer) (*Chart, error) {
	names, n, ok := mappable(a)
	if !ok {
		return nil, ErrNone
	}
	c := begin(a)
	c.Kind, c.Unit, c.Series = Map, a.Columns[n].Unit, []Series{{}}
	c.says(a, a.Columns[n].Name)
	if layer.Credit != "" {
		c.credit = clean(layer.Credit)
		c.Source += " · " + c.credit
	}
	drawn := map[int]bool{}
	for _, row := range a.Rows {
		at := outlineOf(layer, row, names)
		v, ok := lang.Number(row[n])
		if at < 0 || drawn[at] || !ok {
			c.Empty += btoi(at >= 0 && !ok)
			c.More += btoi(at < 0 || drawn[at] && ok)
			continue
		}
		drawn[at] = true
		c.Labels = append(c.Labels, clean(fmt.Sprint(row[names[0]])))
		c.Series[0].Values = append(c.Series[0].Values, Value{v, true})
		c.shapes = append(c.shapes, layer.Shapes()[at])
	}
	if len(c.Labels)*10 < len(a.Rows)*9 || len(c.Labels) < 4 {
		return nil, ErrNone
	}
	c.surround(layer, drawn)
	return c, nil
}

// mappable finds the columns that name territories, and the one that is drawn; ok is
// false where a map would say nothing.
func mappable(a *answer.Answer) (names []int, figure int, ok bool) {
	if !a.Answered() || len(a.Rows) < 4 {
		return nil, 0, false
	}
	names, years, numbers := columns(a)
	if len(years) > 0 || len(names) == 0 || len(names) > 2 || len(numbers) == 0 {
		return nil, 0, false
	}
	return names, measured(a, numbers)[0], true
}

// outlineOf is the first outline that a name of the row finds, or -1.
func outlineOf(layer *outline.Layer, row []any, names []int) int {
	for _, i := range names {
		if k, ok := layer.Find(fmt.Sprint(row[i])); ok {
			return k
		}
	}
	return -1
}

// surround adds the outlines beside those that are drawn.
func (c *Chart) surround(layer *outline.Layer, drawn map[int]bool) {
	seen := boxOf(c.shapes).grown(margins)
	for i, s := range layer.Shapes() {
		if !drawn[i] && seen.meets(boxOf([]outline.Shape{s})) {
			c.around = append(c.around, s)
		}
	}
}

// margins is how far around the territories that are drawn others are shown, as
// a part of the picture.
const margins = 0.1

// bounds is a rectangle of degrees.
type bounds struct{ west, east, south, north float64 }

func boxOf(shapes []outline.Shape) bounds {
	b := bounds{180, -180, 90, -90}
	for _, s := range shapes {
		for _, r := range s {
			for _, at := range r {
				b.west, b.east = min(b.west, at[0]), max(b.east, at[0])
				b.south, b.north = min(b.south, at[1]), max(b.north, at[1])
			}
		}
	}
	return b
}

func (b bounds) grown(part float64) bounds {
	dx, dy := (b.east-b.west)*part, (b.north-b.south)*part
	return bounds{b.west - dx, b.east + dx, b.south - dy, b.north + dy}
}

func (b bounds) meets(o bounds) bool {
	return b.west <= o.east && o.west <= b.east && b.south <= o.north && o.south <= b.north
}

// territories draws the outlines, each in the colour of its class.
func (c *Chart) territories(p *canvas, top, body int) {
	values := make([]float64, len(c.Labels))
	for i, v := range c.Series[0].Values {
		values[i] = v.V
	}
	colours := newScale(values)
	seen := boxOf(c.shapes).grown(margins)
	all := boxOf(append(c.shapes[:len(c.shapes):len(c.shapes)], c.around...))
	west, east := max(all.west, seen.west), min(all.east, seen.east)
	south, north := max(all.south, seen.south), min(all.north, seen.north)
	// Degrees of longitude are shorter than those of latitude.
	squeeze := math.Cos((south + north) / 2 * math.Pi / 180)
	room := wide - 2*margin - 210
	zoom := min(float64(room)/max(1e-9, (east-west)*squeeze), float64(body-10)/max(1e-9, north-south))
	left := margin + (room-int((east-west)*squeeze*zoom))/2
	place := func(s outline.Shape, fill func([]point)) {
		for _, r := range s {
			var ps []point
			for _, at := range r {
				lon, lat := min(max(at[0], west), east), min(max(at[1], south), north) // what lies around goes on outside
				q := point{left + int((lon-west)*squeeze*zoom), top + int((north-lat)*zoom)}
				if len(ps) == 0 || ps[len(ps)-1] != q {
					ps = append(ps, q)
				}
			}
			if len(ps) > 2 {
				fill(ps)
			}
		}
	}
	for _, s := range c.around {
		place(s, func(ps []point) { p.area(ps, none) })
	}
	figures := c.writer()
	for i, s := range c.shapes {
		m := mark{text: c.Labels[i] + texts.Say(c.Lang, "chart.colon") + " " + figures(values[i])}
		var largest int
		place(s, func(ps []point) {
			p.area(ps, colours.of(values[i]))
			m.shape += path(ps)
			if size := span(ps); size > largest {
				largest = size
				m.x, m.y = middle(ps)
			}
		})
		m.shape = `<path class="hit k-ink" fill="white" fill-opacity="0" stroke="rgb(26,26,26)" stroke-width="2" stroke-opacity="0" d="` + m.shape + `"/>`
		half := p.measure(m.text, plain)/2 + 8
		m.x = min(max(m.x, half), wide-half)
		p.mark(m)
	}
	for _, list := range [][]outline.Shape{c.around, c.shapes} {
		for _, s := range list {
			place(s, func(ps []point) { p.line(append(ps, ps[0]), ground, 0.8) })
		}
	}
	x, y := wide-margin-205, top+20
	for _, k := range colours {
		p.rect(x, y, x+22, y+14, k.colour)
		text := figures(k.low) + " – " + figures(k.high)
		if k.low == k.high {
			text = figures(k.low)
		}
		p.text(text, x+30, y+12, plain, ink)
		y += 22
	}
	if len(c.around) > 0 {
		p.rect(x, y, x+22, y+14, none)
		p.text(texts.Say(c.Lang, "chart.no_value"), x+30, y+12, plain, soft)
	}
}
