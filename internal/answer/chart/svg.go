package chart

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/go-analyze/charts"
)

// mark is a place of a drawing that says its figure where a pointer or the
// keyboard comes to it.
type mark struct {
	shape string // SVG that takes the pointer
	x, y  int    // where it is said
	text  string
}

// tint is a colour with what stands for it on a dark page.
type tint struct {
	light charts.Color
	name  string // of its class
	dark  string
}

// tints are all colours that a drawing has.
func tints() []tint {
	list := []tint{{ground, "ground", "#211e1b"}, {ink, "ink", "#f2eee7"}, {soft, "soft", "#b8b0a4"}, {grid, "grid", "#3a3530"}, {axis, "axis", "#8f867a"}, {none, "none", "#37332e"}}
	for i, dark := range []string{"#5aaee0", "#f08a4b", "#3cc39a", "#e0a3c4", "#9ad3f5", "#f3c04d"} {
		list = append(list, tint{hues[i], fmt.Sprintf("hue%d", i), dark})
	}
	for i, dark := range []string{"#1f3d5a", "#2c5f8d", "#4686bd", "#7fb5e0", "#d3e8f9"} {
		list = append(list, tint{steps[i], fmt.Sprintf("step%d", i), dark})
	}
	for i, dark := range []string{"#5a3420", "#9c5528", "#e08a45"} {
		list = append(list, tint{falls[i], fmt.Sprintf("fall%d", i), dark})
	}
	return list
}

// Dark are the rules by which a drawing follows a dark page, and says a figure
// where one comes to it. They stand within a picture that is a file of its own;
// a page that holds the drawing has them in its own style.
func Dark() string {
	var b strings.Builder
	b.WriteString(".mark:hover .tip,.mark:focus .tip{visibility:visible}.mark:focus{outline:none}.mark:focus .hit,.mark:hover .hit{stroke-opacity:1}\n@media screen and (prefers-color-scheme:dark){")
	for _, t := range tints() {
		fmt.Fprintf(&b, ".f-%s{fill:%s}.k-%s{stroke:%s}", t.name, t.dark, t.name, t.dark)
	}
	b.WriteString("}\n")
	return b.String()
}

// SVG draws the chart as a file of its own. It says in words what it shows, and
// holds no script and no link.
func (c *Chart) SVG() ([]byte, error) { return c.vector(true) }

// Inline draws it to stand within a page, whose style has the rules of Dark.
func (c *Chart) Inline() ([]byte, error) {
	within := *c
	within.within = true
	return within.vector(false)
}

func (c *Chart) vector(file bool) ([]byte, error) {
	p, err := c.draw(charts.ChartOutputSVG, 1)
	if err != nil {
		return nil, err
	}
	drawn, err := p.bytes()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := c.rewrite(&out, drawn, p.marks, file); err != nil {
		return nil, fmt.Errorf("chart: %w", err)
	}
	return out.Bytes(), nil
}

// drawable are the elements of a drawing; what else the library may write, or a
// text of the data may hold, is not passed on.
var drawable = []string{"svg", "g", "path", "text", "circle", "rect"}

// kept are the attributes that are passed on as they are.
var kept = []string{"viewBox", "d", "x", "y", "cx", "cy", "r", "width", "height", "text-anchor", "transform"}

// rewrite writes a drawing anew, element by element: styles become attributes,
// which a page's policy lets be, and colours have classes, which a dark page
// turns round.
func (c *Chart) rewrite(w *bytes.Buffer, drawn []byte, marks []mark, file bool) error {
	dec := xml.NewDecoder(bytes.NewReader(drawn))
	depth := 0
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if !slices.Contains(drawable, t.Name.Local) {
				if err := dec.Skip(); err != nil {
					return err
				}
				continue
			}
			if depth++; depth == 1 {
				c.open(w, t, file)
				continue
			}
			w.WriteString("<" + t.Name.Local)
			writeAttributes(w, t.Attr)
			w.WriteString(">")
		case xml.CharData:
			if depth > 0 {
				_ = xml.EscapeText(w, bytes.TrimSpace(t)) // a buffer takes all
			}
		case xml.EndElement:
			if depth--; depth == 0 {
				writeMarks(w, marks)
			}
			w.WriteString("</" + t.Name.Local + ">")
		}
	}
}

// open begins the document with what it shows in words.
func (c *Chart) open(w *bytes.Buffer, t xml.StartElement, file bool) {
	role := "img"
	if !file {
		role = "group" // its marks are read one by one
	}
	fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" role="%s" aria-label="%s"`, role, escaped(c.Gist()))
	writeAttributes(w, t.Attr)
	w.WriteString(">")
	if file {
		w.WriteString("<title>" + escaped(c.Gist()) + "</title><desc>" + escaped(c.foot()) + "</desc><style>" + Dark() + "</style>")
	}
}

func escaped(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

// writeAttributes writes those that are passed on, in their order, and the style
// as attributes of its own.
func writeAttributes(w *bytes.Buffer, list []xml.Attr) {
	for _, a := range list {
		switch {
		case slices.Contains(kept, a.Name.Local):
			fmt.Fprintf(w, ` %s="%s"`, a.Name.Local, escaped(strings.Join(strings.Fields(a.Value), " ")))
		case a.Name.Local == "style":
			writeStyle(w, a.Value)
		}
	}
}

// Readers rarely have the very fonts: their own of the same weight stand in.
const (
	family = "system-ui, 'Noto Sans', sans-serif"
	heavy  = "ExtraBold"
)

func writeStyle(w *bytes.Buffer, style string) {
	var classes []string
	for _, rule := range strings.Split(style, ";") {
		key, value, _ := strings.Cut(rule, ":")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		switch key {
		case "fill", "stroke":
			fmt.Fprintf(w, ` %s="%s"`, key, escaped(value))
			if name := tintOf(value); name != "" {
				classes = append(classes, map[string]string{"fill": "f-", "stroke": "k-"}[key]+name)
			}
		case "stroke-width", "font-size":
			fmt.Fprintf(w, ` %s="%s"`, key, escaped(value))
		case "font-family":
			fmt.Fprintf(w, ` font-family="%s"`, family)
			if strings.Contains(value, heavy) {
				w.WriteString(` font-weight="bold"`)
			}
		}
	}
	if len(classes) > 0 {
		fmt.Fprintf(w, ` class="%s"`, strings.Join(classes, " "))
	}
}

// tintOf is the class of a colour as the library writes it; "" where it is none
// of ours.
func tintOf(value string) string {
	if value == "white" {
		value = "rgb(255,255,255)"
	}
	for _, t := range tints() {
		if value == fmt.Sprintf("rgb(%d,%d,%d)", t.light.R, t.light.G, t.light.B) {
			return t.name
		}
	}
	return ""
}

func writeMarks(w *bytes.Buffer, marks []mark) {
	for _, m := range marks {
		fmt.Fprintf(w, `<g class="mark" tabindex="0" role="img" aria-label="%s">%s<text class="tip f-ink k-ground" x="%d" y="%d" text-anchor="middle" visibility="hidden" fill="%s" stroke="white" stroke-width="5" paint-order="stroke" font-size="14" font-weight="bold" font-family="%s">%s</text></g>`,
			escaped(m.text), m.shape, m.x, m.y, "rgb(26,26,26)", family, escaped(m.text))
	}
}
