package chart

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/go-analyze/charts"

	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// Sizes in pixels of a picture at scale 1. A PNG is drawn at twice that, so
// that it stays sharp where it is enlarged.
const (
	wide     = 800
	narrow   = 360
	margin   = 24
	barThick = 22
	pngScale = 2
)

// Colours: Okabe and Ito's, which colour-blind people tell apart, on a ground of
// their own so that dark pages change nothing.
var (
	ground = charts.ColorRGB(255, 255, 255)
	ink    = charts.ColorRGB(26, 26, 26)
	soft   = charts.ColorRGB(89, 89, 89)
	grid   = charts.ColorRGB(222, 222, 222)
	axis   = charts.ColorRGB(120, 120, 120)
	none   = charts.ColorRGB(232, 232, 232)
	hues   = []charts.Color{
		charts.ColorRGB(0, 114, 178), charts.ColorRGB(213, 94, 0), charts.ColorRGB(0, 158, 115),
		charts.ColorRGB(204, 121, 167), charts.ColorRGB(86, 180, 233), charts.ColorRGB(230, 159, 0),
	}
	falls = []charts.Color{ // of a map of changes, from what falls least
		charts.ColorRGB(253, 208, 162), charts.ColorRGB(241, 163, 64), charts.ColorRGB(179, 88, 6),
	}
	steps = []charts.Color{ // of a map, from few to many
		charts.ColorRGB(222, 235, 247), charts.ColorRGB(158, 202, 225), charts.ColorRGB(107, 174, 214), charts.ColorRGB(49, 130, 189), charts.ColorRGB(8, 69, 148),
	}
)

// PNG draws the same as a picture of dots.
func (c *Chart) PNG() ([]byte, error) {
	p, err := c.draw(charts.ChartOutputPNG, pngScale)
	if err != nil {
		return nil, err
	}
	return p.bytes()
}

// width is that of the picture at scale 1.
func (c *Chart) width() int {
	if c.Narrow && c.Kind != Map {
		return narrow
	}
	return wide
}

// room is how many lines a text may take that takes so many on a wide picture.
func (c *Chart) room(lines int) int { return lines * wide / c.width() }

// heading is what stands above the drawing: what the figures show, then the
// question, then what they are.
func (c *Chart) heading() (title, question, says string) {
	if says = c.Says; c.within {
		says = capital(strings.TrimLeft(said("", c.Unit, c.Lang), ", "))
	}
	f := lang.Typeset(c.Finding(), c.Lang)
	if f == "" {
		return lang.Typeset(c.Title, c.Lang), "", says
	}
	return f, lang.Typeset(c.Title, c.Lang), says
}

// mostCredit is how many lines the sources may take: a credit is not cut, for the
// licences ask for it.
const mostCredit = 12

// foot is where the figures come from, and whose the drawing is.
func (c *Chart) foot() string {
	if c.within {
		return c.credit
	}
	return c.Source
}

func (c *Chart) draw(format string, scale int) (*canvas, error) {
	width := c.width()
	// The head and the foot are as high as their texts: they are laid out on a
	// canvas that is thrown away.
	probe := newCanvas(format, width, 10, scale)
	title, question, says := c.heading()
	titles := probe.wrap(title, bold, width-2*margin, c.room(2))
	subtitle := probe.wrap(question, plain, width-2*margin, c.room(2))
	what := probe.wrap(says, small, width-2*margin, c.room(2))
	notes := c.notes()
	source := probe.wrap(c.foot(), small, width-2*margin, mostCredit)
	top := margin + len(titles)*26 + len(subtitle)*19 + len(what)*16 + 12
	if c.legend() {
		top += 22
	}
	bottom := margin + len(source)*16 + len(notes)*16 + 6
	body := c.height(probe)
	p := newCanvas(format, width, top+body+bottom, scale)
	p.rect(0, 0, width, top+body+bottom, ground)
	y := margin
	for _, t := range titles {
		y += 26
		p.text(t, margin, y-6, bold, ink)
	}
	for _, t := range subtitle {
		y += 19
		p.text(t, margin, y-4, plain, ink)
	}
	for _, t := range what {
		y += 16
		p.text(t, margin, y-2, small, soft)
	}
	if c.legend() {
		x := margin
		for i, s := range c.Series {
			p.rect(x, y+8, x+12, y+20, hues[i%len(hues)])
			name := p.fit(s.Name, plain, (width-2*margin)/len(c.Series)-30)
			p.text(name, x+18, y+19, plain, ink)
			x += 18 + p.measure(name, plain) + 18
		}
	}
	switch c.Kind {
	case Lines:
		c.lines(p, top, body)
	case Map:
		c.territories(p, top, body)
	default:
		c.bars(p, top)
	}
	y = top + body + 6
	for _, n := range notes {
		y += 16
		p.text(n, margin, y, plain, soft)
	}
	for _, s := range source {
		y += 16
		p.text(s, margin, y+2, small, soft)
	}
	return p, nil
}

func (c *Chart) legend() bool { return len(c.Series) > 1 }

// notes say what the picture leaves out.
func (c *Chart) notes() []string {
	var out []string
	if c.More > 0 {
		out = append(out, texts.Say(c.Lang, "chart.and_more_in_table", "more", lang.FormatNumber(float64(c.More), 0, c.Lang)))
	}
	if c.Empty > 0 {
		out = append(out, texts.Say(c.Lang, "chart.missing_values", "empty", lang.FormatNumber(float64(c.Empty), 0, c.Lang)))
	}
	return out
}

func (c *Chart) height(p *canvas) int {
	switch c.Kind {
	case Lines:
		return 320
	case Map:
		return 460
	}
	return len(c.Labels)*c.row() + 14
}

// row is the height of a label's bars and the space after them.
func (c *Chart) row() int {
	if k := len(c.Series); k > 1 {
		return k*14 + 10
	}
	return barThick + 8
}

// bars draws a bar a figure, from zero to the right, or to the left below it.
func (c *Chart) bars(p *canvas, top int) {
	low, high := c.extent()
	figures := c.writer()
	room, figure, width := 0, 0, c.width()
	for i, l := range c.Labels {
		room = max(room, p.measure(l, plain))
		for _, s := range c.Series {
			if s.Values[i].OK {
				figure = max(figure, p.measure(figures(s.Values[i].V), plain))
			}
		}
	}
	room = min(room, width*2/5)
	left, right := margin+room+10, width-margin-figure-8
	if low < 0 {
		left += figure + 8
	}
	at := func(v float64) int { return left + int(float64(right-left)*(v-low)/(high-low)+0.5) }
	y := top
	thick := barThick
	if len(c.Series) > 1 {
		thick = 14
	}
	for i, l := range c.Labels {
		middle := y + len(c.Series)*thick/2
		if p.measure(l, plain) <= room {
			p.textTo(l, margin+room, middle+5, plain, ink)
		} else { // a long name takes two lines
			parts := p.halves(l, small, room)
			for k, part := range parts {
				p.textTo(part, margin+room, middle+10-6*len(parts)+12*k, small, ink)
			}
		}
		for k, s := range c.Series {
			v := s.Values[i]
			line := y + k*thick
			if !v.OK {
				p.text("–", at(0)+6, line+thick/2+5, plain, soft)
				continue
			}
			from, to := at(min(0, v.V)), at(max(0, v.V))
			p.rect(from, line+1, max(to, from+1), line+thick-1, hues[k%len(hues)])
			text := figures(v.V)
			if v.V < 0 {
				p.textTo(text, from-6, line+thick/2+5, plain, ink)
			} else {
				p.text(text, to+6, line+thick/2+5, plain, ink)
			}
		}
		y += c.row()
	}
	p.line([]point{{at(0), top - 2}, {at(0), y - 4}}, axis, 1)
}

// lines draws a line a series, broken where a figure is missing.
func (c *Chart) lines(p *canvas, top, body int) {
	low, high := c.extent()
	marks := ticks(low, high, 5)
	low, high = min(low, marks[0]), max(high, marks[len(marks)-1])
	size := max(-low, high)
	room := 0
	for _, m := range marks {
		room = max(room, p.measure(short(m, size, c.Unit, c.Lang), plain))
	}
	left, right, bottom := margin+room+10, c.width()-margin-20, top+body-26
	up := func(v float64) int { return bottom - int(float64(bottom-top-8)*(v-low)/(high-low)+0.5) }
	years := c.years()
	first, span := years[0], max(1, years[len(years)-1]-years[0])
	along := func(i int) int { return left + 16 + (right-left-32)*(years[i]-first)/span } // a year that is missing leaves its place empty
	for _, m := range marks {
		text := short(m, size, c.Unit, c.Lang)
		p.line([]point{{left, up(m)}, {right, up(m)}}, grid, 1)
		p.textTo(text, margin+room, up(m)+5, plain, soft)
	}
	p.line([]point{{left, up(0)}, {right, up(0)}}, axis, 1)
	free := left - 100
	for i, l := range c.Labels {
		if along(i)-free < 44 {
			continue
		}
		free = along(i)
		p.textAt(l, free, bottom+20, plain, soft)
	}
	for k, s := range c.Series {
		colour := hues[k%len(hues)]
		var run []point
		flush := func() {
			if len(run) > 1 {
				p.line(run, colour, 2.5)
			}
			run = nil
		}
		for i, v := range s.Values {
			if !v.OK {
				flush()
				continue
			}
			run = append(run, point{along(i), up(v.V)})
		}
		flush()
		for i, v := range s.Values {
			if v.OK {
				p.dot(along(i), up(v.V), 3.5, colour)
				c.markPoint(p, s, i, along(i), up(v.V))
			}
		}
		if len(c.Series) == 1 {
			c.ends(p, s, along, up, left, right+20, bottom)
		}
	}
}

// reach is how far from a point a pointer still finds it, in pixels.
const reach = 14

// markPoint has a point of a line say its figure.
func (c *Chart) markPoint(p *canvas, s Series, i, x, y int) {
	text := c.Labels[i] + texts.Say(c.Lang, "chart.colon") + " " + c.writer()(s.Values[i].V)
	if s.Name != "" && len(c.Series) > 1 {
		text = s.Name + ", " + text
	}
	half := p.measure(text, plain)/2 + 8
	p.mark(mark{fmt.Sprintf(`<circle class="hit k-ink" cx="%d" cy="%d" r="%d" fill="white" fill-opacity="0" stroke="rgb(26,26,26)" stroke-opacity="0"/>`, x, y, reach), min(max(x, half), c.width()-half), y - 14, text})
}

// ends writes the first and the last figure of a line, on the side that the line
// does not take.
func (c *Chart) ends(p *canvas, s Series, along func(int) int, up func(float64) int, left, right, bottom int) {
	figures := c.writer()
	var full []int
	for i, v := range s.Values {
		if v.OK {
			full = append(full, i)
		}
	}
	for _, end := range [][2]int{{0, 1}, {len(full) - 1, len(full) - 2}} {
		i, beside := full[end[0]], full[end[1]]
		x, y := along(i), up(s.Values[i].V)
		if up(s.Values[beside].V) >= y || y+20 > bottom { // the line comes from below
			y -= 9
		} else {
			y += 20
		}
		text := figures(s.Values[i].V)
		switch half := p.measure(text, plain) / 2; {
		case x-half < left:
			p.text(text, left+4, y, plain, ink)
		case x+half > right:
			p.textTo(text, right, y, plain, ink)
		default:
			p.textAt(text, x, y, plain, ink)
		}
	}
}

// years are the labels of a line's points as numbers.
func (c *Chart) years() []int {
	out := make([]int, len(c.Labels))
	for i, l := range c.Labels {
		out[i], _ = strconv.Atoi(l) // written from numbers
	}
	return out
}
