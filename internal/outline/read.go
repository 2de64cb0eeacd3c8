package outline

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"cigogne/internal/lang"
)

// Bounds on what is read.
const (
	maxFeature = 32 << 20 // bytes between two features
	maxCorners = 2_000_000
	maxValue   = 80 // characters of a name
)

// grid is what corners are rounded to, in parts of a degree: eleven metres.
// Neighbours keep the corners that they share.
const grid = 1e4

// named are the properties by which features are known, folded, in files of the
// national address base, the IGN and the statistics office.
var named = []string{"code", "nom", "name", "libelle", "siren", "insee", "code insee", "code siren", "siren epci", "code epci", "nom epci", "insee dep", "code dep", "nom dep", "dep", "epci", "nom officiel"}

// feature is a territory as the file has it.
type feature struct {
	Properties map[string]any
	Geometry   *struct {
		Type        string
		Coordinates json.RawMessage
	}
}

// Read reads a GeoJSON FeatureCollection of polygons, in degrees or in the
// metres of Lambert-93, feature by feature.
func Read(r io.Reader) (*Layer, error) {
	bounded := &pieces{r: bufio.NewReaderSize(r, 64<<10)}
	d := json.NewDecoder(bounded)
	d.UseNumber() // a code that is written as a number keeps its digits
	l := &Layer{byKey: map[string]int{}}
	survey := newSurvey()
	corners := 0
	err := features(d, bounded, func(key string) {
		if text := strings.TrimSpace(key); len(text) <= 4*maxValue {
			l.Credit = text
		}
	}, func(f feature) error {
		s, err := shapeOf(f)
		if err != nil {
			return err
		}
		if len(s) == 0 {
			return nil
		}
		for _, ring := range s {
			corners += len(ring)
		}
		if corners > maxCorners {
			return fmt.Errorf("%w: over %d corners", ErrNone, maxCorners)
		}
		l.shapes = append(l.shapes, s)
		survey.add(f.Properties)
		for k, v := range f.Properties {
			if slices.Contains(named, lang.Fold(strings.ReplaceAll(k, "_", " "))) {
				l.name(text(v), len(l.shapes)-1)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	survey.settle(l)
	if len(l.shapes) == 0 || len(l.byKey) == 0 {
		return nil, ErrNone
	}
	return l, nil
}

// features gives each feature of a collection, and its credit.
func features(d *json.Decoder, p *pieces, credit func(string), each func(feature) error) error {
	err := members(d, p, credit, each)
	if err == nil || errors.Is(err, ErrNone) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrNone, err)
}

func members(d *json.Decoder, p *pieces, credit func(string), each func(feature) error) error {
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return errors.Join(err, errors.New("no collection of features"))
	}
	for d.More() {
		p.since = 0
		key, err := d.Token()
		if err != nil {
			return err
		}
		if key == "features" {
			if err := array(d, p, each); err != nil {
				return err
			}
			continue
		}
		var other json.RawMessage
		if err := d.Decode(&other); err != nil {
			return err
		}
		var said string
		if key == "credit" && json.Unmarshal(other, &said) == nil {
			credit(said)
		}
	}
	_, err := d.Token() // a file that was cut has no end
	return err
}

// array gives each feature of an array.
func array(d *json.Decoder, p *pieces, each func(feature) error) error {
	if t, err := d.Token(); err != nil || t != json.Delim('[') {
		return errors.Join(err, errors.New("features is no array"))
	}
	for d.More() {
		p.since = 0
		var f feature
		if err := d.Decode(&f); err != nil {
			return err
		}
		if err := each(f); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

// pieces bounds what one feature may hold.
type pieces struct {
	r     io.Reader
	since int
}

func (p *pieces) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	if p.since += n; p.since > maxFeature {
		return 0, fmt.Errorf("%w: a feature of over %d MB", ErrNone, maxFeature>>20)
	}
	return n, err
}

// text writes a property as a name or code; "" where it is neither.
func text(v any) string {
	switch x := v.(type) {
	case string:
		if len(x) <= maxValue {
			return strings.TrimSpace(x)
		}
	case json.Number:
		if _, err := x.Int64(); err == nil {
			return x.String()
		}
	}
	return ""
}

// shapeOf reads the outer rings of a feature's polygons; none of other kinds.
func shapeOf(f feature) (Shape, error) {
	if f.Geometry == nil {
		return nil, nil
	}
	var polygons [][][][]float64
	switch f.Geometry.Type {
	case "Polygon":
		var one [][][]float64
		if err := json.Unmarshal(f.Geometry.Coordinates, &one); err != nil {
			return nil, err
		}
		polygons = [][][][]float64{one}
	case "MultiPolygon":
		if err := json.Unmarshal(f.Geometry.Coordinates, &polygons); err != nil {
			return nil, err
		}
	}
	var s Shape
	for _, poly := range polygons {
		for _, ring := range poly[:min(1, len(poly))] {
			r, err := ringOf(ring)
			if err != nil {
				return nil, err
			}
			if len(r) > 2 {
				s = append(s, r)
			}
		}
	}
	return s, nil
}

// ringOf rounds a ring's corners, those that fall together once.
func ringOf(corners [][]float64) (Ring, error) {
	var r Ring
	for _, at := range corners {
		if len(at) < 2 {
			return nil, errors.New("a corner of one number")
		}
		lon, lat := at[0], at[1]
		if inLambert93(lon, lat) {
			lon, lat = fromLambert93(lon, lat)
		}
		if !(math.Abs(lon) <= 180 && math.Abs(lat) <= 90) {
			return nil, errors.New("corners are neither in degrees nor in Lambert-93")
		}
		q := [2]float64{math.Round(lon*grid) / grid, math.Round(lat*grid) / grid}
		if len(r) == 0 || r[len(r)-1] != q {
			r = append(r, q)
		}
	}
	return r, nil
}
