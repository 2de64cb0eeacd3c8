package outline_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cigogne/internal/outline"
)

// square is a feature of one square of a tenth of a degree, at a place of a grid.
func square(properties string, x, y int) string {
	if (x+y)%2 == 1 { // files turn their rings either way
		return turned(properties, x, y)
	}
	lon, lat := 6+float64(x)/10, 48+float64(y)/10
	return fmt.Sprintf(`{"type":"Feature","properties":{%s},"geometry":{"type":"Polygon","coordinates":[[[%[2]g,%[3]g],[%[4]g,%[3]g],[%[4]g,%[5]g],[%[2]g,%[5]g],[%[2]g,%[3]g]]]}}`, properties, lon, lat, lon+0.1, lat+0.1)
}

func turned(properties string, x, y int) string {
	lon, lat := 6+float64(x)/10, 48+float64(y)/10
	return fmt.Sprintf(`{"type":"Feature","properties":{%s},"geometry":{"type":"Polygon","coordinates":[[[%[2]g,%[3]g],[%[2]g,%[5]g],[%[4]g,%[5]g],[%[4]g,%[3]g],[%[2]g,%[3]g]]]}}`, properties, lon, lat, lon+0.1, lat+0.1)
}

func collection(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
}

func read(t *testing.T, text string) *outline.Layer {
	t.Helper()
	l, err := outline.Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// Communes of two intercommunalities, as three publishers call their columns.
func communes(of func(code, name, epci string, x, y int) string) string {
	return collection(
		of("54395", "Nancy", "245400676", 0, 0), of("54547", "Vandœuvre-lès-Nancy", "245400676", 1, 0),
		of("54357", "Maxéville", "245400676", 0, 1), of("54304", "Laxou", "245400676", 1, 1),
		of("57463", "Metz", "200039865", 3, 0), of("57751", "Woippy", "200039865", 4, 0))
}

func TestReadFindsWhichPropertyNamesTheTerritories(t *testing.T) {
	for name, of := range map[string]func(code, name, epci string, x, y int) string{
		"codes by another name": func(code, name, epci string, x, y int) string {
			return square(fmt.Sprintf(`"id":%d,"codgeo":%q,"siren_epci":%q`, x, code, epci), x, y)
		},
		"codes that are numbers": func(code, name, epci string, x, y int) string {
			return square(fmt.Sprintf(`"INSEE_COM":%s,"EPCI":%s,"POP":%d`, code, epci, 1000+x), x, y)
		},
		"names alone": func(code, name, epci string, x, y int) string {
			return square(fmt.Sprintf(`"libgeo":%q,"epci":%q`, strings.ToUpper(name), epci), x, y)
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := read(t, communes(of))
			if l.Level != "commune" || l.Units != 6 {
				t.Fatalf("%q, %d units", l.Level, l.Units)
			}
			if _, ok := l.Find("54395"); !ok {
				t.Error("no shape of code 54395")
			}
			if i, ok := l.Find("vandoeuvre les nancy"); !ok || len(l.Shapes()[i]) != 1 {
				t.Error("no shape of Vandœuvre")
			}
			w := l.Wider()
			if w == nil || w.Level != "epci" || w.Units != 2 {
				t.Fatalf("no intercommunalities: %+v", w)
			}
			i, ok := w.Find("Métropole du Grand Nancy")
			if !ok {
				t.Fatal("no shape of the Métropole du Grand Nancy")
			}
			// Four squares make one: what they share is no border.
			if s := w.Shapes()[i]; len(s) != 1 || len(s[0]) != 8 {
				t.Errorf("the outline is %v", s)
			}
		})
	}
}

func TestReadTakesNoOtherLayerForTerritories(t *testing.T) {
	for name, text := range map[string]string{
		"several shapes of each": communes(func(code, name, epci string, x, y int) string {
			return square(fmt.Sprintf(`"insee":%q,"nom":"zone %d"`, code, x), x, y) + "," + square(fmt.Sprintf(`"insee":%q`, code), x, y+2)
		}),
		"another region's": collection(square(`"code":"35238"`, 0, 0), square(`"code":"35240"`, 1, 0), square(`"code":"35047"`, 2, 0), square(`"code":"35051"`, 3, 0)),
	} {
		t.Run(name, func(t *testing.T) {
			if l := read(t, text); l.Level != "" || l.Wider() != nil {
				t.Errorf("a layer of %q", l.Level)
			}
		})
	}
	apart := read(t, communes(func(code, name, epci string, x, y int) string {
		return square(fmt.Sprintf(`"insee":%q`, code), 3*x, 3*y)
	}))
	if apart.Level != "commune" || apart.Tiles() {
		t.Errorf("squares that do not touch are taken for territories: %q", apart.Level)
	}
}

func TestWriteIsRead(t *testing.T) {
	l := read(t, communes(func(code, name, epci string, x, y int) string {
		return square(fmt.Sprintf(`"codgeo":%q,"siren_epci":%q`, code, epci), x, y)
	}))
	if !l.Tiles() {
		t.Error("neighbours do not touch")
	}
	l.Credit = "© Région, Communes, Licence Ouverte"
	var b bytes.Buffer
	if err := l.Write(&b); err != nil {
		t.Fatal(err)
	}
	again := read(t, b.String())
	if again.Level != l.Level || again.Units != l.Units || again.Credit != l.Credit || again.Wider() == nil || !again.Tiles() {
		t.Errorf("%+v, was %+v", again, l)
	}
}

func TestReadLambert93(t *testing.T) {
	// By PROJ: the origin, the cathedral of Strasbourg.
	l := read(t, collection(`{"type":"Feature","properties":{"nom":"A"},"geometry":{"type":"Polygon","coordinates":[[[700000,6600000],[1050203.45,6841825.56],[700100,6600000],[700000,6600000]]]}}`))
	want := outline.Ring{{3, 46.5}, {7.7507, 48.5818}}
	for i, at := range want {
		got := l.Shapes()[0][0][i]
		if math.Abs(got[0]-at[0]) > 1.5e-4 || math.Abs(got[1]-at[1]) > 1.5e-4 {
			t.Errorf("corner %d at %v, want %v", i, got, at)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	for _, bad := range []string{"", "[]", "{}", `{"features":{}}`, `{"features":[`, communes(func(code, _, _ string, x, y int) string { return square(`"insee":"`+code+`"`, x, y) })[:300],
		`{"features":[{"geometry":{"type":"Polygon","coordinates":[[[7,1e9],[1,1],[2,2]]]},"properties":{"code":"1"}}]}`,
		`{"features":[{"geometry":{"type":"Polygon","coordinates":[[[7],[1,1],[2,2]]]},"properties":{"code":"1"}}]}`,
		`{"features":[{"geometry":{"type":"Point","coordinates":[1,2]}}]}`} {
		if _, err := outline.Read(strings.NewReader(bad)); !errors.Is(err, outline.ErrNone) {
			t.Errorf("%.60q: %v", bad, err)
		}
	}
}

// Footprints of a real portal's datasets are polygons with names, and no
// territories.
func TestFootprintsOfAPortal(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "fixtures", "ckan", "datasud_package_search.json"))
	if err != nil {
		t.Skip("no fixtures here: ", err)
	}
	var page struct {
		Result struct {
			Results []struct {
				Title, Spatial string
				Extras         []struct{ Key, Value string }
			}
		}
	}
	if err := json.Unmarshal(b, &page); err != nil {
		t.Fatal(err)
	}
	var features []string
	for _, d := range page.Result.Results {
		if strings.Contains(d.Spatial, "Polygon") {
			name, _ := json.Marshal(d.Title)
			features = append(features, fmt.Sprintf(`{"type":"Feature","properties":{"nom":%s},"geometry":%s}`, name, d.Spatial))
		}
	}
	if len(features) < 3 {
		t.Fatalf("%d footprints in the fixture", len(features))
	}
	l := read(t, collection(features...))
	if len(l.Shapes()) != len(features) || l.Level != "" {
		t.Errorf("%d shapes of %d, level %q", len(l.Shapes()), len(features), l.Level)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(communes(func(code, name, epci string, x, y int) string {
		return square(fmt.Sprintf(`"codgeo":%q,"siren_epci":%q`, code, epci), x, y)
	})))
	f.Add([]byte(`{"features":[{"properties":{"code":null},"geometry":{"type":"MultiPolygon","coordinates":[[[[1,2]]]]}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := outline.Read(bytes.NewReader(data))
		if (l == nil) == (err == nil) {
			t.Fatalf("%v, %v", l, err)
		}
		if l == nil || l.Level == "" {
			return
		}
		var b bytes.Buffer
		if err := l.Write(&b); err != nil {
			t.Fatal(err)
		}
		if _, err := outline.Read(&b); err != nil && slices.ContainsFunc(l.Shapes(), func(s outline.Shape) bool { return len(s) > 0 }) {
			t.Fatal(err)
		}
	})
}
