package ckan

import (
	"encoding/json"
	"fmt"
	"strings"

	"cigogne/internal/harvest"
)

// spatial is the territory in words where the portal names it, else the box
// "west,south,east,north" in degrees.
func (r record) spatial() string {
	for _, key := range []string{"spatial_text", "spatial-text", "geographic_coverage", "spatial_coverage", "territory", "territoire", "geocover", "spatial"} {
		s := r.text(key)
		switch {
		case s == "":
		case strings.HasPrefix(s, "{"):
			if b, ok := geoBox(s); ok {
				return b
			}
		default:
			return short(harvest.Line(s))
		}
	}
	if o := r.Object.Object("spatial"); o != nil {
		if text, err := json.Marshal(o); err == nil {
			if b, ok := geoBox(string(text)); ok {
				return b
			}
		}
	}
	var edges []string
	for _, key := range []string{"bbox-west-long", "bbox-south-lat", "bbox-east-long", "bbox-north-lat"} {
		if s := r.text(key); s != "" {
			edges = append(edges, s)
		}
	}
	if len(edges) == 4 {
		return strings.Join(edges, ",")
	}
	return ""
}

func short(s string) string {
	if r := []rune(s); len(r) > 300 {
		return string(r[:300])
	}
	return s
}

// box is a rectangle in degrees.
type box struct {
	west, south, east, north float64
	any                      bool
}

// geoBox is the rectangle around a GeoJSON geometry.
func geoBox(s string) (string, bool) {
	var geometry struct {
		Coordinates any
	}
	if json.Unmarshal([]byte(s), &geometry) != nil {
		return "", false
	}
	var b box
	b.add(geometry.Coordinates)
	if !b.any {
		return "", false
	}
	return fmt.Sprintf("%g,%g,%g,%g", b.west, b.south, b.east, b.north), true
}

// add widens the box to all points of nested lists of coordinates.
func (b *box) add(v any) {
	l, ok := v.([]any)
	if !ok {
		return
	}
	if len(l) >= 2 {
		x, okx := l[0].(float64)
		y, oky := l[1].(float64)
		if okx && oky {
			if !b.any {
				*b = box{x, y, x, y, true}
			}
			b.west, b.east = min(b.west, x), max(b.east, x)
			b.south, b.north = min(b.south, y), max(b.north, y)
			return
		}
	}
	for _, e := range l {
		b.add(e)
	}
}
