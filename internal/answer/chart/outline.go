package chart

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// Bounds on a file of outlines.
const (
	maxOutlines = 64 << 20 // bytes
	maxCorners  = 2_000_000
)

// shape is a territory as its rings, in degrees.
type shape struct {
	rings [][][2]float64
}

// Outlines are territories by their names and codes.
type Outlines struct {
	shapes []shape
	byKey  map[string]int // folded name or code → shape; -1 where two bear it
	credit string         // to be said in the picture, "" where nothing is asked
	others *Outlines      // for rows that these do not know, or nil
}

// Else returns outlines that draw on others what they do not know themselves.
// Either may be nil.
func (o *Outlines) Else(others *Outlines) *Outlines {
	if o == nil {
		return others
	}
	both := *o
	both.others = others
	return &both
}

// ErrOutlines is wrapped by what ParseOutlines returns for a file that holds none.
var ErrOutlines = errors.New("not outlines of territories")

// keyed are the properties by which features are known, in files of the
// national address base, the IGN and the statistics office.
var keyed = []string{"code", "nom", "name", "libelle", "siren", "insee", "code_insee", "code_siren", "siren_epci", "code_epci", "nom_epci", "insee_dep", "code_dep", "nom_dep", "dep", "epci", "nom_officiel"}

// ParseOutlines reads a GeoJSON FeatureCollection of polygons, in degrees.
func ParseOutlines(data []byte) (*Outlines, error) {
	if len(data) > maxOutlines {
		return nil, fmt.Errorf("%w: over %d MB", ErrOutlines, maxOutlines>>20)
	}
	var file struct {
		Type     string
		Credit   string
		Features []struct {
			Properties map[string]any
			Geometry   *struct {
				Type        string
				Coordinates json.RawMessage
			}
		}
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber() // a code that is written as a number keeps its digits
	if err := d.Decode(&file); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrOutlines, err)
	}
	o := &Outlines{byKey: map[string]int{}, credit: clean(file.Credit)}
	corners := 0
	for _, f := range file.Features {
		if f.Geometry == nil {
			continue
		}
		var polygons [][][][]float64
		switch f.Geometry.Type {
		case "Polygon":
			var one [][][]float64
			if err := json.Unmarshal(f.Geometry.Coordinates, &one); err != nil {
				return nil, fmt.Errorf("%w: %w", ErrOutlines, err)
			}
			polygons = [][][][]float64{one}
		case "MultiPolygon":
			if err := json.Unmarshal(f.Geometry.Coordinates, &polygons); err != nil {
				return nil, fmt.Errorf("%w: %w", ErrOutlines, err)
			}
		default:
			continue
		}
		var s shape
		for _, poly := range polygons {
			for _, ring := range poly[:min(1, len(poly))] { // holes are filled: their territory is drawn over
				var r [][2]float64
				for _, at := range ring {
					if len(at) < 2 || math.Abs(at[0]) > 180 || math.Abs(at[1]) > 90 {
						return nil, fmt.Errorf("%w: corners are not in degrees", ErrOutlines)
					}
					r = append(r, [2]float64{at[0], at[1]})
				}
				if corners += len(r); corners > maxCorners {
					return nil, fmt.Errorf("%w: over %d corners", ErrOutlines, maxCorners)
				}
				if len(r) > 2 {
					s.rings = append(s.rings, r)
				}
			}
		}
		if len(s.rings) == 0 {
			continue
		}
		o.shapes = append(o.shapes, s)
		for k, v := range f.Properties {
			for _, want := range keyed {
				if lang.Fold(strings.ReplaceAll(k, "_", " ")) == lang.Fold(strings.ReplaceAll(want, "_", " ")) {
					o.name(fmt.Sprint(v), len(o.shapes)-1)
				}
			}
		}
	}
	if len(o.shapes) == 0 || len(o.byKey) == 0 {
		return nil, ErrOutlines
	}
	return o, nil
}

func (o *Outlines) name(key string, i int) {
	k := lang.Fold(key)
	if k == "" {
		return
	}
	if have, ok := o.byKey[k]; ok && have != i {
		i = -1
	}
	o.byKey[k] = i
}

// Of draws an answer's rows on their outlines where nearly all of them are
// territories that the outlines know; else it is as chart.Of.
// It may be called on nil, which knows none.
func (o *Outlines) Of(a *answer.Answer) (*Chart, error) {
	for ; o != nil; o = o.others {
		if c, err := o.mapped(a); err == nil {
			return c, nil
		}
	}
	return Of(a)
}

func (o *Outlines) mapped(a *answer.Answer) (*Chart, error) {
	if !a.Answered() || len(a.Rows) < 4 {
		return nil, ErrNone
	}
	names, years, numbers := columns(a)
	if len(years) > 0 || len(names) == 0 || len(names) > 2 || len(numbers) == 0 {
		return nil, ErrNone
	}
	n := measured(a, numbers)[0]
	c := begin(a)
	c.Kind, c.Unit, c.Series = Map, a.Columns[n].Unit, []Series{{}}
	c.says(a, a.Columns[n].Name)
	if o.credit != "" {
		c.credit = o.credit
		c.Source += " · " + o.credit
	}
	drawn := map[int]bool{}
	for _, row := range a.Rows {
		at := -1
		for _, i := range names {
			if k, ok := o.byKey[lang.Fold(fmt.Sprint(row[i]))]; ok && k >= 0 && at < 0 {
				at = k
			}
		}
		v, ok := lang.Number(row[n])
		if at < 0 || drawn[at] || !ok {
			c.Empty += btoi(at >= 0 && !ok)
			c.More += btoi(at < 0 || drawn[at] && ok)
			continue
		}
		drawn[at] = true
		c.Labels = append(c.Labels, clean(fmt.Sprint(row[names[0]])))
		c.Series[0].Values = append(c.Series[0].Values, Value{v, true})
		c.shapes = append(c.shapes, o.shapes[at])
	}
	if len(c.Labels)*10 < len(a.Rows)*9 || len(c.Labels) < 4 {
		return nil, ErrNone
	}
	for i, s := range o.shapes {
		if !drawn[i] {
			c.around = append(c.around, s)
		}
	}
	return c, nil
}

// territories draws the outlines, each in the colour of its class.
func (c *Chart) territories(p *canvas, top, body int) {
	values := make([]float64, len(c.Labels))
	for i, v := range c.Series[0].Values {
		values[i] = v.V
	}
	colours := newScale(values)
	west, east, south, north := 180.0, -180.0, 90.0, -90.0
	for _, list := range [][]shape{c.shapes, c.around} {
		for _, s := range list {
			for _, r := range s.rings {
				for _, at := range r {
					west, east = min(west, at[0]), max(east, at[0])
					south, north = min(south, at[1]), max(north, at[1])
				}
			}
		}
	}
	// Degrees of longitude are shorter than those of latitude.
	squeeze := math.Cos((south + north) / 2 * math.Pi / 180)
	room := wide - 2*margin - 210
	zoom := min(float64(room)/max(1e-9, (east-west)*squeeze), float64(body-10)/max(1e-9, north-south))
	place := func(s shape, fill func([]point)) {
		for _, r := range s.rings {
			var ps []point
			for _, at := range r {
				q := point{margin + int((at[0]-west)*squeeze*zoom), top + int((north-at[1])*zoom)}
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
	for _, list := range [][]shape{c.around, c.shapes} {
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
