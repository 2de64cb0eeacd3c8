package fetch

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"cigogne/internal/httpx"
)

const capabilities = `<wfs:WFS_Capabilities version="2.0.0" xmlns:wfs="http://www.opengis.net/wfs/2.0"><wfs:FeatureTypeList>
<wfs:FeatureType><wfs:Name>eau:lacs</wfs:Name><wfs:Title>Lacs</wfs:Title></wfs:FeatureType>
<wfs:FeatureType><wfs:Name>eau:cours</wfs:Name><wfs:Title>Cours d'eau</wfs:Title></wfs:FeatureType>
<wfs:FeatureType/></wfs:FeatureTypeList></wfs:WFS_Capabilities>`

func TestLayers(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Query().Get("request") != "GetCapabilities" || r.URL.Query().Get("service") != "WFS":
			http.Error(w, "asked wrongly", http.StatusBadRequest)
		case r.URL.Query().Get("map") == "x":
			w.Write([]byte(capabilities))
		default:
			w.Write([]byte(`<ows:ExceptionReport xmlns:ows="o"/>`))
		}
	}))
	defer s.Close()
	c := New(httpx.New(httpx.Options{Guard: httpx.Guard{AllowPrivate: true}, Attempts: 1}), 0)
	got, err := c.Layers(t.Context(), s.URL+"/wfs?map=x&REQUEST=GetMap")
	if want := []FeatureType{{"eau:lacs", "Lacs"}, {"eau:cours", "Cours d'eau"}}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := c.Layers(t.Context(), s.URL+"/wfs"); err == nil {
		t.Errorf("an exception is no list of layers: %v", got)
	}
}

func FuzzLayers(f *testing.F) {
	f.Add([]byte(capabilities))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, _ := parseLayers(b)
		for _, x := range all {
			if x.Name == "" {
				t.Error("a layer without a name")
			}
		}
	})
}
