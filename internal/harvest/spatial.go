package harvest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// maxPlace bounds the name of a territory, in runes.
const maxPlace = 300

// Spatial says which territory a portal's text means: the text itself where it
// is words, the box "west,south,east,north" in degrees around a shape (GeoJSON,
// WKT), "" where a portal left its template unfilled.
func Spatial(s string) string {
	s = Line(s)
	switch {
	case strings.HasPrefix(s, "{{"), strings.HasPrefix(s, "${"):
		return ""
	case strings.HasPrefix(s, "{"):
		var geometry struct{ Coordinates any }
		if json.Unmarshal([]byte(s), &geometry) != nil {
			return ""
		}
		return Box(geometry.Coordinates)
	case wkt.MatchString(s):
		return wktBox(s)
	}
	if r := []rune(s); len(r) > maxPlace {
		return string(r[:maxPlace])
	}
	return s
}

// Box is the rectangle around all points of nested lists of coordinates, ""
// where there is none.
func Box(coordinates any) string {
	var b box
	b.add(coordinates)
	return b.String()
}

// box is a rectangle in degrees.
type box struct {
	west, south, east, north float64
	any                      bool
}

func (b *box) String() string {
	if !b.any {
		return ""
	}
	return fmt.Sprintf("%g,%g,%g,%g", b.west, b.south, b.east, b.north)
}

func (b *box) point(x, y float64) {
	if !b.any {
		*b = box{x, y, x, y, true}
	}
	b.west, b.east = min(b.west, x), max(b.east, x)
	b.south, b.north = min(b.south, y), max(b.north, y)
}

func (b *box) add(v any) {
	l, ok := v.([]any)
	if !ok {
		return
	}
	if len(l) >= 2 {
		x, okx := degrees(l[0])
		y, oky := degrees(l[1])
		if okx && oky {
			b.point(x, y)
			return
		}
	}
	for _, e := range l {
		b.add(e)
	}
}

func degrees(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case json.Number:
		x, err := v.Float64()
		return x, err == nil
	}
	return 0, false
}

var (
	wkt   = regexp.MustCompile(`(?i)^(?:<[^>]*>\s*|SRID=\d+;\s*)?(?:MULTI)?(?:POINT|LINESTRING|POLYGON|GEOMETRYCOLLECTION)\s*[ZM]{0,2}\s*\(`)
	point = regexp.MustCompile(`(-?\d+(?:\.\d+)?)\s+(-?\d+(?:\.\d+)?)`)
)

func wktBox(s string) string {
	var b box
	for _, m := range point.FindAllStringSubmatch(s, -1) {
		x, errx := strconv.ParseFloat(m[1], 64)
		y, erry := strconv.ParseFloat(m[2], 64)
		if errx == nil && erry == nil {
			b.point(x, y)
		}
	}
	return b.String()
}
