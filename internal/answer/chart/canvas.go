package chart

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"github.com/go-analyze/charts"
)

// canvas draws in one set of places for both formats.
type canvas struct {
	p       *charts.Painter
	scale   int
	anchors []anchor // of the texts of an SVG, in the order they are drawn; nil for a PNG
	vector  bool
	marks   []mark // of an SVG
}

// anchor is which point of a text stays where it is, whatever font a reader has.
type anchor struct {
	name string // of SVG; "" where the text starts there
	x    int
}

// wider is how much more room a reader's font may take than the one that is
// measured, in per cent.
const wider = 14

type point struct{ x, y int }

// style is a font with its size in points.
type style struct {
	family string
	size   float64
}

var (
	bold  = style{charts.FontFamilyNotoSansBold, 14}
	plain = style{charts.FontFamilyNotoSans, 10.5}
	small = style{charts.FontFamilyNotoSans, 9}
	huge  = style{charts.FontFamilyNotoSansBold, 44}
	large = style{charts.FontFamilyNotoSans, 19}
)

func newCanvas(format string, w, h, scale int) *canvas {
	return &canvas{p: charts.NewPainter(charts.PainterOptions{OutputFormat: format, Width: w * scale, Height: h * scale}), scale: scale, vector: format == charts.ChartOutputSVG}
}

func (c *canvas) font(s style, colour charts.Color) charts.FontStyle {
	return charts.FontStyle{FontSize: s.size * float64(c.scale), FontColor: colour, Font: charts.GetFont(s.family)}
}

// text begins at x; textTo ends there, textAt is centred on it.
func (c *canvas) text(t string, x, y int, s style, colour charts.Color) {
	c.write(t, x, y, s, colour, anchor{})
}

func (c *canvas) textTo(t string, x, y int, s style, colour charts.Color) {
	c.write(t, x-c.measure(t, s), y, s, colour, anchor{"end", x})
}

func (c *canvas) textAt(t string, x, y int, s style, colour charts.Color) {
	c.write(t, x-c.measure(t, s)/2, y, s, colour, anchor{"middle", x})
}

func (c *canvas) write(t string, x, y int, s style, colour charts.Color, at anchor) {
	if t == "" {
		return
	}
	c.p.Text(t, x*c.scale, y*c.scale, 0, c.font(s, colour))
	if c.vector {
		c.anchors = append(c.anchors, at)
	}
}

// measure is how wide a text is.
func (c *canvas) measure(t string, s style) int {
	if t == "" {
		return 0
	}
	width := (c.p.MeasureText(t, 0, c.font(s, ink)).Width() + c.scale - 1) / c.scale
	if c.vector { // readers have other fonts, some of them wider
		width += width * wider / 100
	}
	return width
}

// fit cuts a text to a width.
func (c *canvas) fit(t string, s style, most int) string {
	if c.measure(t, s) <= most {
		return t
	}
	r := []rune(t)
	lo, hi := 0, len(r)
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if c.measure(string(r[:mid])+"…", s) <= most {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return strings.TrimRight(string(r[:lo]), " ") + "…"
}

// breakable are the pieces that a line may end after: not within "5 025", whose
// space is none to break at.
func breakable(t string) []string {
	return strings.FieldsFunc(t, func(r rune) bool { return unicode.IsSpace(r) && r != '\u00a0' && r != '\u202f' })
}

// wrap cuts a text into lines, the last of them short where there are too many.
func (c *canvas) wrap(t string, s style, most, lines int) []string {
	words := breakable(t)
	var out []string
	for len(words) > 0 {
		if len(out) == lines-1 {
			return append(out, c.fit(strings.Join(words, " "), s, most))
		}
		n := 1
		for n < len(words) && c.measure(strings.Join(words[:n+1], " "), s) <= most {
			n++
		}
		out = append(out, c.fit(strings.Join(words[:n], " "), s, most))
		words = words[n:]
	}
	return out
}

// halves cuts a name into two lines, the second its end: names that begin alike
// are told apart by it.
func (c *canvas) halves(t string, s style, most int) []string {
	lines := c.wrap(t, s, most, 2)
	if len(lines) < 2 || !strings.HasSuffix(lines[1], "…") {
		return lines
	}
	words := breakable(t)
	at := len(words) - 1
	for at > 1 && c.measure("… "+strings.Join(words[at-1:], " "), s) <= most {
		at--
	}
	if end := "… " + strings.Join(words[at:], " "); c.measure(end, s) <= most {
		lines[1] = end
	}
	return lines
}

func (c *canvas) rect(x1, y1, x2, y2 int, fill charts.Color) {
	c.p.FilledRect(x1*c.scale, y1*c.scale, x2*c.scale, y2*c.scale, fill, fill, 0)
}

func (c *canvas) points(in []point) []charts.Point {
	out := make([]charts.Point, len(in))
	for i, p := range in {
		out[i] = charts.Point{X: p.x * c.scale, Y: p.y * c.scale}
	}
	return out
}

func (c *canvas) line(points []point, colour charts.Color, thick float64) {
	c.p.LineStroke(c.points(points), colour, thick*float64(c.scale))
}

func (c *canvas) dot(x, y int, radius float64, colour charts.Color) {
	c.p.Circle(radius*float64(c.scale), x*c.scale, y*c.scale, colour, colour, 0)
}

// mark has a place say its figure, where the format can.
func (c *canvas) mark(m mark) {
	if c.vector {
		c.marks = append(c.marks, m)
	}
}

func (c *canvas) area(points []point, fill charts.Color) {
	if points[0] != points[len(points)-1] { // the library closes it in SVG, not in PNG
		points = append(points[:len(points):len(points)], points[0])
	}
	c.p.FillArea(c.points(points), fill)
}

var textStart = regexp.MustCompile(`<text x="-?\d+"`)

func (c *canvas) bytes() ([]byte, error) {
	b, err := c.p.Bytes()
	if err != nil || !c.vector {
		return b, err
	}
	k := -1
	return textStart.ReplaceAllFunc(b, func(tag []byte) []byte {
		if k++; k >= len(c.anchors) || c.anchors[k].name == "" {
			return tag
		}
		return fmt.Appendf(nil, `<text text-anchor="%s" x="%d"`, c.anchors[k].name, c.anchors[k].x*c.scale)
	}), nil
}
