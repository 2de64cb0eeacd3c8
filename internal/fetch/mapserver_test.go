package fetch_test

import (
	"encoding/csv"
	"fmt"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cigogne/internal/fetch"
	"cigogne/internal/httpx"
)

const mapfile = `MAP
NAME "essai"
EXTENT -180 -90 180 90
SIZE 100 100
PROJECTION "init=epsg:4326" END
WEB METADATA "ows_title" "t" "ows_onlineresource" "http://127.0.0.1/" "ows_enable_request" "*" "wfs_maxfeatures" "10" "ows_srs" "EPSG:4326" END END
OUTPUTFORMAT NAME "%[1]s" DRIVER "OGR/%[2]s" MIMETYPE "%[3]s" FORMATOPTION "STORAGE=memory" FORMATOPTION "FORM=simple" FORMATOPTION "FILENAME=r.%[1]s" END
LAYER NAME "lacs" TYPE POINT STATUS ON CONNECTIONTYPE OGR CONNECTION "lacs.geojson" PROJECTION "init=epsg:4326" END
METADATA "ows_title" "lacs" "gml_include_items" "all" "wfs_getfeature_formatlist" "%[1]s" END END
END
`

// TestMapServer reads a layer of a real WFS that gives ten features at most.
func TestMapServer(t *testing.T) {
	program := os.Getenv("CIGOGNE_TEST_MAPSERV")
	if program == "" {
		program = "/usr/lib/cgi-bin/mapserv"
	}
	if _, err := os.Stat(program); err != nil {
		t.Skip("no MapServer: CIGOGNE_TEST_MAPSERV names none, nor is there Debian's cgi-mapserver")
	}
	const n = 37
	var features []string
	for i := range n {
		features = append(features, fmt.Sprintf(`{"type":"Feature","geometry":{"type":"Point","coordinates":[%d.5,48]},"properties":{"code":"%05d","nom":"Lac, %d","surface":%d}}`, i%8, i, i, i*10))
	}
	for name, c := range map[string][3]string{"CSV": {"csv", "CSV", "text/csv"}, "GeoJSON": {"geojson", "GeoJSON", "application/json; subtype=geojson"}} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for file, text := range map[string]string{
				"lacs.geojson":   `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`,
				"essai.map":      fmt.Sprintf(mapfile, c[0], c[1], c[2]),
				"mapserver.conf": "CONFIG\nENV\nMS_MAP_PATTERN \".\"\nEND\nEND\n",
			} {
				if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			s := httptest.NewServer(&cgi.Handler{Path: program, Dir: dir, Env: []string{"MS_MAPFILE=" + filepath.Join(dir, "essai.map"), "MAPSERVER_CONFIG_FILE=" + filepath.Join(dir, "mapserver.conf")}})
			defer s.Close()
			path := filepath.Join(dir, "got")
			if _, err := client(httpx.Options{}).Layer(t.Context(), fetch.Request{URL: s.URL + "/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=lacs&outputFormat=csv"}, path); err != nil {
				t.Fatal(err)
			}
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for i := range n {
				if code := fmt.Sprintf("%05d", i); strings.Count(string(b), code) != 1 {
					t.Errorf("%s is there %d times", code, strings.Count(string(b), code))
				}
			}
			if rows, err := csv.NewReader(strings.NewReader(string(b))).ReadAll(); name == "CSV" && (err != nil || len(rows) != n+1) {
				t.Errorf("%d rows, %v", len(rows), err)
			}
		})
	}
}
