package ogc_test

import (
	"net/url"
	"testing"

	"cigogne/internal/harvest/ogc"
)

func FuzzRecords(f *testing.F) {
	f.Add([]byte(`{"type":"FeatureCollection","numberMatched":1,"features":[{"id":"a"}]}`))
	f.Add([]byte(`{"id":"a","time":{"interval":["2016","2020"]},"properties":{"title":"t","themes":[{"concepts":[{"id":"x"}]}]},"links":[{"href":"https://x.fr/a.csv"}]}`))
	decode := ogc.Decoder("https://portail.exemple.fr", "https://portail.exemple.fr/collections/a/items")
	f.Fuzz(func(t *testing.T, b []byte) {
		records := [][]byte{b}
		if page, err := ogc.ParsePage(b); err == nil {
			for _, r := range page.Records {
				records = append(records, r)
			}
		}
		for _, r := range records {
			if d, _, err := decode(r); err == nil && (d.ID == "" || d.Title == "") {
				t.Errorf("a dataset without ID or title: %+v", d)
			}
		}
	})
}

// A layer of a WFS is asked for by an address of the same server, whatever its
// record says.
func FuzzOnline(f *testing.F) {
	f.Add("https://exemple.fr/wfs?SERVICE=WFS&TYPENAME=a:b", "OGC:WFS", "a:b")
	f.Add("https://exemple.fr/f.csv", "WWW:DOWNLOAD:text/csv", "")
	f.Add("http://[::1", "wms", "x")
	f.Fuzz(func(t *testing.T, address, protocol, name string) {
		x := ogc.Online{URL: address, Protocol: protocol, Name: name}.Distribution()
		before, err := url.Parse(address)
		if err != nil {
			return
		}
		if after, err := url.Parse(x.URL); x.Format == "csv" && (err != nil || after.Host != before.Host || after.Scheme != before.Scheme) {
			t.Errorf("%q became %q", address, x.URL)
		}
	})
}

func TestOnline(t *testing.T) {
	for name, c := range map[string]struct {
		link        ogc.Online
		format, url string
	}{
		"layer of a WFS":         {ogc.Online{URL: "https://x.fr/ows?map=a&SERVICE=WFS&REQUEST=GetCapabilities", Protocol: "OGC:WFS-1.0.0-http-get-capabilities", Name: "a:b"}, "csv", "https://x.fr/ows?map=a&outputFormat=csv&request=GetFeature&service=WFS&typeNames=a%3Ab&version=2.0.0"},
		"WFS without a layer":    {ogc.Online{URL: "https://x.fr/ows", Protocol: "WFS"}, "wfs", "https://x.fr/ows"},
		"layer in the address":   {ogc.Online{URL: "https://x.fr/ows?service=wfs&typename=a:b", Name: "Les lacs"}, "csv", "https://x.fr/ows?outputFormat=csv&request=GetFeature&service=WFS&typeNames=a%3Ab&version=2.0.0"},
		"a map":                  {ogc.Online{URL: "https://x.fr/wms", Protocol: "OGC:WMS-1.1.1-http-get-map", Name: "lacs"}, "wms", "https://x.fr/wms"},
		"download with its kind": {ogc.Online{URL: "https://x.fr/get?id=1", Protocol: "WWW:DOWNLOAD:text/csv"}, "csv", "https://x.fr/get?id=1"},
		"download by its end":    {ogc.Online{URL: "https://x.fr/f.zip", Protocol: "WWW:DOWNLOAD-1.0-http--download"}, "zip", "https://x.fr/f.zip"},
		"page":                   {ogc.Online{URL: "https://x.fr/p", Protocol: "WWW:LINK-1.0-http--link"}, "html", "https://x.fr/p"},
	} {
		t.Run(name, func(t *testing.T) {
			if x := c.link.Distribution(); x.Format != c.format || x.URL != c.url {
				t.Errorf("%+v", x)
			}
		})
	}
}
