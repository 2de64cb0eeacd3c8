package fetch_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"cigogne/internal/fetch"
	"cigogne/internal/httpx"
)

// wfs is a server of layers with n features, and its ways.
type wfs struct {
	n      int
	cap    int  // features in an answer at most; 0: any number
	csv    bool // it writes CSV, else GeoJSON only
	named  string
	fixed  bool // it knows no startIndex
	sorts  bool // it pages only in an order
	silent bool // it does not count
	modest bool // it counts no more than it gives in an answer, as MapServer does
	less   int  // features that it counts and never gives
}

const refused = `<?xml version="1.0"?><ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/1.1"><ows:Exception exceptionCode="InvalidParameterValue"/></ows:ExceptionReport>`

func (s wfs) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := map[string]string{}
	for k, v := range r.URL.Query() {
		q[strings.ToLower(k)] = v[0]
	}
	start, _ := strconv.Atoi(q["startindex"])
	count, err := strconv.Atoi(q["count"])
	if err != nil {
		count = s.n
	}
	if s.cap > 0 {
		count = min(count, s.cap)
	}
	if s.fixed {
		start = 0
	}
	format := q["outputformat"]
	switch {
	case q["typenames"] != "eau:lacs" || q["service"] != "WFS":
		fmt.Fprint(w, refused)
	case q["resulttype"] == "hits" && s.silent:
		fmt.Fprint(w, refused)
	case q["resulttype"] == "hits":
		n := s.n + s.less
		if s.modest {
			n = min(n, s.cap)
		}
		fmt.Fprintf(w, `<wfs:FeatureCollection numberMatched="%d" numberReturned="0"/>`, n)
	case s.sorts && start > 0 && q["sortby"] == "":
		fmt.Fprint(w, refused)
	case s.csv && format == "csv":
		fmt.Fprint(w, "FID,nom,surface\r\n")
		for i := start; i < min(start+count, s.n); i++ {
			fmt.Fprintf(w, "lacs.%d,\"Lac, %d\nle grand\",%d\r\n", i, i, i)
		}
	case !s.csv && format == s.named:
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"type":"FeatureCollection","features":[`)
		for i := start; i < min(start+count, s.n); i++ {
			if i > start {
				fmt.Fprint(w, ",")
			}
			fmt.Fprintf(w, `{"type":"Feature","geometry":null,"properties":{"nom":"Lac %d","surface":%d}}`, i, i)
		}
		fmt.Fprint(w, `],"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::2154"}}}`)
	default:
		fmt.Fprint(w, refused)
	}
}

func TestLayer(t *testing.T) {
	for name, c := range map[string]struct {
		server wfs
		reason httpx.Reason // "": all features
	}{
		"at once":                    {server: wfs{n: 7, csv: true}},
		"an empty layer":             {server: wfs{n: 0, csv: true}},
		"a cap":                      {server: wfs{n: 7, csv: true, cap: 3}},
		"a cap that divides":         {server: wfs{n: 9, csv: true, cap: 3}},
		"a count that is the cap":    {server: wfs{n: 7, csv: true, cap: 3, modest: true}},
		"no count, and a cap":        {server: wfs{n: 7, csv: true, cap: 3, silent: true}},
		"no count, and no pages":     {server: wfs{n: 7, csv: true, fixed: true, silent: true}},
		"pages in an order only":     {server: wfs{n: 7, csv: true, cap: 3, sorts: true}},
		"GeoJSON":                    {server: wfs{n: 7, named: "application/json"}},
		"GeoJSON by another name":    {server: wfs{n: 7, named: "geojson", cap: 2}},
		"GeoJSON, in an order only":  {server: wfs{n: 7, named: "application/json", cap: 2, sorts: true}},
		"no count":                   {server: wfs{n: 7, csv: true, silent: true}},
		"a cap and no pages":         {wfs{n: 7, csv: true, cap: 3, fixed: true}, httpx.Cut},
		"less than it counts":        {wfs{n: 7, csv: true, cap: 3, less: 2}, httpx.Cut},
		"less than it counts, whole": {wfs{n: 7, csv: true, less: 2}, httpx.Cut},
		"neither form":               {wfs{n: 7, named: "GML3"}, httpx.WrongContent},
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(c.server)
			defer s.Close()
			address := s.URL + "/wfs?SERVICE=WFS&request=GetFeature&typeNames=eau:lacs&outputFormat=csv&count=2"
			if !fetch.IsLayer(address) {
				t.Fatal("no layer")
			}
			path := filepath.Join(t.TempDir(), "layer")
			f, err := client(httpx.Options{}).Layer(t.Context(), fetch.Request{URL: address}, path)
			if reason(err) != c.reason {
				t.Fatal(err)
			}
			b, _ := os.ReadFile(path)
			if c.reason != "" {
				if len(b) > 0 {
					t.Error("a part of the layer stays")
				}
				return
			}
			what := "lacs."
			if !c.server.csv {
				what = `"Feature"`
				if !strings.Contains(string(b), "2154") {
					t.Error("the coordinates' system is lost")
				}
			}
			if n := strings.Count(string(b), what); n != c.server.n || f.Size != int64(len(b)) || f.SHA256 == "" || strings.Count(string(b), "FID") > 1 {
				t.Errorf("%d features of %d, %+v\n%s", n, c.server.n, f, b)
			}
		})
	}
	for _, address := range []string{"https://x.fr/f.csv", "https://x.fr/wfs?request=GetCapabilities", "https://x.fr/wfs?request=GetFeature", ":"} {
		if fetch.IsLayer(address) {
			t.Errorf("%s is a layer", address)
		}
	}
}
