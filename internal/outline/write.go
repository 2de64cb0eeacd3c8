package outline

import (
	"encoding/json"
	"io"
	"math"
)

// dots is how many corners the width of a picture can tell apart.
const dots = 4000

// Write writes the shapes that are territories of the home region as GeoJSON,
// with no more corners than a picture shows. Read reads it.
func (l *Layer) Write(w io.Writer) error {
	type object = map[string]any
	step := l.step()
	features := []object{}
	for i, u := range l.units {
		if u.code == "" {
			continue
		}
		var polygons [][]Ring
		for _, r := range l.shapes[i] {
			if thin := r.thin(step); len(thin) > 3 {
				polygons = append(polygons, []Ring{thin})
			}
		}
		if len(polygons) == 0 { // smaller than a dot
			polygons = [][]Ring{{l.shapes[i][0]}}
		}
		properties := object{"code": u.code, "nom": u.name}
		if u.within != "" {
			properties["epci"] = u.within
		}
		features = append(features, object{"type": "Feature", "properties": properties, "geometry": object{"type": "MultiPolygon", "coordinates": polygons}})
	}
	return json.NewEncoder(w).Encode(object{"type": "FeatureCollection", "credit": l.Credit, "features": features})
}

// step is the distance that a picture of the layer still shows, in degrees.
func (l *Layer) step() float64 {
	west, east, south, north := 180.0, -180.0, 90.0, -90.0
	for i, s := range l.shapes {
		if l.units[i].code == "" {
			continue
		}
		for _, r := range s {
			for _, at := range r {
				west, east = min(west, at[0]), max(east, at[0])
				south, north = min(south, at[1]), max(north, at[1])
			}
		}
	}
	parts := math.Floor(dots / max(east-west, north-south, 1e-9))
	return 1 / min(max(parts, 1), grid)
}

// thin rounds corners to a step, closed. Neighbours keep those that they share.
func (r Ring) thin(step float64) Ring {
	var out Ring
	for _, at := range append(r[:len(r):len(r)], r[0]) {
		q := [2]float64{round(at[0], step), round(at[1], step)}
		if len(out) == 0 || out[len(out)-1] != q {
			out = append(out, q)
		}
	}
	return out
}

// round rounds to a step, written in no more digits than the grid has.
func round(v, step float64) float64 {
	return math.Round(math.Round(v/step)*step*grid) / grid
}
