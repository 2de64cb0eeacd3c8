package refresh

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/fetch"
	"cigogne/internal/httpx"
)

// Of a service whose record names no layer, only the layer that is called as the
// dataset is it, or the only one.
func TestLayerOf(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		types := "<FeatureType><Name>eau:lacs</Name><Title>Lacs et étangs</Title></FeatureType>"
		if r.URL.Path == "/several" {
			types += "<FeatureType><Name>eau:cours</Name><Title>Cours d'eau</Title></FeatureType>"
		}
		w.Write([]byte("<WFS_Capabilities><FeatureTypeList>" + types + "</FeatureTypeList></WFS_Capabilities>"))
	}))
	defer s.Close()
	f := &Fetch{Client: fetch.New(httpx.New(httpx.Options{Guard: httpx.Guard{AllowPrivate: true}, Attempts: 1}), 0)}
	for name, c := range map[string]struct {
		path string
		d    dataset.Dataset
		want string
	}{
		"the only one":       {"/one", dataset.Dataset{Title: "Autre chose"}, "eau%3Alacs"},
		"by its title":       {"/several", dataset.Dataset{Title: "LACS ET ETANGS"}, "eau%3Alacs"},
		"by its name":        {"/several", dataset.Dataset{Name: "cours"}, "eau%3Acours"},
		"none is called so":  {"/several", dataset.Dataset{Title: "Étangs"}, ""},
		"nothing to tell by": {"/several", dataset.Dataset{}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := f.layerOf(t.Context(), &job{dataset: c.d, dist: dataset.Distribution{URL: s.URL + c.path, Format: "wfs"}})
			if (err != nil) != (c.want == "") || !strings.Contains(got, c.want) {
				t.Errorf("%s, %v", got, err)
			}
		})
	}
}
