package table

import (
	"encoding/json"
	"math"
	"strconv"
)

// Names of the columns made from the geometry of a GeoJSON feature. Degrees,
// metres and square metres, on a sphere of the Earth's mean radius: within half
// a hundredth of the truth for a commune.
const (
	geoKind = "geometrie"
	geoLon  = "longitude"
	geoLat  = "latitude"
	geoArea = "surface_m2"
	geoLong = "longueur_m"
)

const earthRadius = 6_371_008.8 // metres, IUGG mean

// point is a longitude and a latitude, in degrees.
type point2 struct{ lon, lat float64 }

// geometry makes cells of a GeoJSON geometry: its kind, its centre, the area of
// polygons and the length of lines.
func geometry(raw json.RawMessage) ([]jsonCell, error) {
	var g struct {
		Type        string            `json:"type"`
		Coordinates json.RawMessage   `json:"coordinates"`
		Geometries  []json.RawMessage `json:"geometries"`
	}
	if err := json.Unmarshal(raw, &g); err != nil {
		return nil, jsonFault(err)
	}
	out := []jsonCell{{name: geoKind, text: g.Type}}
	var rings [][]point2
	var coords any
	if json.Unmarshal(g.Coordinates, &coords) == nil {
		rings = ringsOf(coords)
	}
	if len(rings) == 0 || !onEarth(rings) {
		return out, nil
	}
	c := centre(rings, g.Type)
	out = append(out, degrees(geoLon, c.lon), degrees(geoLat, c.lat))
	switch g.Type {
	case "Polygon", "MultiPolygon":
		area := 0.0
		for _, r := range rings { // holes run the other way round, or should
			area += ringArea(r)
		}
		out = append(out, jsonCell{geoArea, strconv.FormatFloat(math.Round(math.Abs(area)), 'f', -1, 64), true})
	case "LineString", "MultiLineString":
		length := 0.0
		for _, r := range rings {
			for i := 1; i < len(r); i++ {
				length += distance(r[i-1], r[i])
			}
		}
		out = append(out, jsonCell{geoLong, strconv.FormatFloat(math.Round(length), 'f', -1, 64), true})
	}
	return out, nil
}

func degrees(name string, v float64) jsonCell {
	return jsonCell{name, strconv.FormatFloat(math.Round(v*1e6)/1e6, 'f', -1, 64), true}
}

// ringsOf lists the runs of points in coordinates of any depth.
func ringsOf(v any) [][]point2 {
	list, ok := v.([]any)
	if !ok || len(list) == 0 {
		return nil
	}
	if p, ok := pointOf(list); ok {
		return [][]point2{{p}}
	}
	var run []point2
	var out [][]point2
	for _, e := range list {
		inner, ok := e.([]any)
		if !ok {
			return nil
		}
		if p, ok := pointOf(inner); ok {
			run = append(run, p)
		} else {
			out = append(out, ringsOf(e)...)
		}
	}
	if run != nil {
		out = append(out, run)
	}
	return out
}

func pointOf(list []any) (point2, bool) {
	if len(list) < 2 {
		return point2{}, false
	}
	x, ok1 := list[0].(float64)
	y, ok2 := list[1].(float64)
	return point2{x, y}, ok1 && ok2
}

// onEarth tells degrees from the metres of a projection.
func onEarth(rings [][]point2) bool {
	for _, r := range rings {
		for _, p := range r {
			if math.Abs(p.lon) > 180 || math.Abs(p.lat) > 90 {
				return false
			}
		}
	}
	return true
}

// centre is the centroid of the largest polygon's outline, or the mean of the points.
func centre(rings [][]point2, kind string) point2 {
	if kind == "Polygon" || kind == "MultiPolygon" {
		largest, area := rings[0], 0.0
		for _, r := range rings {
			if a := math.Abs(ringArea(r)); a > area {
				largest, area = r, a
			}
		}
		if c, ok := centroid(largest); ok {
			return c
		}
	}
	var sum point2
	n := 0.0
	for _, r := range rings {
		for _, p := range r {
			sum.lon, sum.lat, n = sum.lon+p.lon, sum.lat+p.lat, n+1
		}
	}
	return point2{sum.lon / n, sum.lat / n}
}

func centroid(r []point2) (point2, bool) {
	var c point2
	twice := 0.0
	for i := 1; i < len(r); i++ {
		cross := (r[i-1].lon-r[0].lon)*(r[i].lat-r[0].lat) - (r[i].lon-r[0].lon)*(r[i-1].lat-r[0].lat)
		twice += cross
		c.lon += (r[i-1].lon + r[i].lon - 2*r[0].lon) * cross
		c.lat += (r[i-1].lat + r[i].lat - 2*r[0].lat) * cross
	}
	if twice == 0 {
		return point2{}, false
	}
	return point2{r[0].lon + c.lon/(3*twice), r[0].lat + c.lat/(3*twice)}, true
}

// ringArea is the signed area of a closed ring on the sphere, in square metres
// (Chamberlain and Duquette, JPL 2007).
func ringArea(r []point2) float64 {
	sum := 0.0
	for i := range r {
		a, b := r[i], r[(i+1)%len(r)]
		sum += radians(b.lon-a.lon) * (2 + math.Sin(radians(a.lat)) + math.Sin(radians(b.lat)))
	}
	return sum * earthRadius * earthRadius / 2
}

// distance is the great-circle distance between two points, in metres.
func distance(a, b point2) float64 {
	dLat, dLon := radians(b.lat-a.lat)/2, radians(b.lon-a.lon)/2
	h := math.Sin(dLat)*math.Sin(dLat) + math.Cos(radians(a.lat))*math.Cos(radians(b.lat))*math.Sin(dLon)*math.Sin(dLon)
	return 2 * earthRadius * math.Asin(math.Min(1, math.Sqrt(h)))
}

func radians(d float64) float64 { return d * math.Pi / 180 }
