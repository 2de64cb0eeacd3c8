// Package outline reads the outlines of territories, which maps are drawn on:
// GeoJSON layers of polygons, whoever published them. Which property names the
// territories is found from its values, by the register of the home region.
// Outlines are for drawing: they are rounded, and no area is measured on them.
package outline

import (
	"errors"

	"cigogne/internal/lang"
)

// Ring is the corners of a polygon's outline: longitude and latitude, in degrees.
type Ring [][2]float64

// Shape is a territory as its rings. Holes are filled: their territory is drawn
// over them.
type Shape []Ring

// Layer is territories by their names and codes. It is not changed once read.
type Layer struct {
	Credit string // to be said where it is drawn, "" where nothing is asked
	Level  string // commune, epci or department where it is of the home region, else ""
	Units  int    // of that level

	shapes []Shape
	byKey  map[string]int // folded name or code → shape; -1 where two bear it
	units  []unit         // of each shape, where Level is known
	wider  *Layer
}

// unit is what is known of a shape of the home region; the zero value: nothing.
type unit struct {
	code, name string
	within     string // SIREN of the intercommunality of a commune, "" where the layer does not say
}

// ErrNone is wrapped by what Read returns for a file that holds no outlines.
var ErrNone = errors.New("not outlines of territories")

// Shapes lists the territories. They are not to be changed.
func (l *Layer) Shapes() []Shape { return l.shapes }

// Find returns the index of the one shape of that name or code, without regard
// to case, accents and hyphens.
func (l *Layer) Find(key string) (i int, ok bool) {
	i, ok = l.byKey[lang.Fold(key)]
	return i, ok && i >= 0
}

// Wider is the intercommunalities that the communes of the layer make up; nil
// where it does not say to which they belong.
func (l *Layer) Wider() *Layer { return l.wider }

func (l *Layer) name(key string, i int) {
	k := lang.Fold(key)
	if k == "" {
		return
	}
	if have, ok := l.byKey[k]; ok && have != i {
		i = -1
	}
	l.byKey[k] = i
}
