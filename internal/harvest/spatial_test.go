package harvest_test

import (
	"testing"

	"cigogne/internal/harvest"
)

func TestSpatial(t *testing.T) {
	for given, want := range map[string]string{
		"Grand Est":                         "Grand Est",
		"":                                  "",
		"{{extent:computeSpatialProperty}}": "",
		`{"type":"Polygon","coordinates":[[[4,48],[8.2,48],[8.2,50],[4,48]]]}`: "4,48,8.2,50",
		`{"type":"Feature"}`:                                                    "",
		"POLYGON((4 50,8.2 50,8.2 48,4 48,4 50))":                               "4,48,8.2,50",
		"<http://www.opengis.net/def/crs/EPSG/0/4326> POINT (7.75 48.58)":       "7.75,48.58,7.75,48.58",
		"MULTIPOLYGON (((4.5 48, 5 48, 5 49, 4.5 48)), ((7 49, 7.5 49, 7 50)))": "4.5,48,7.5,50",
		"6.5735,46.3912,6.6069,46.4028":                                         "6.5735,46.3912,6.6069,46.4028",
	} {
		if got := harvest.Spatial(given); got != want {
			t.Errorf("%q: %q, want %q", given, got, want)
		}
	}
}
