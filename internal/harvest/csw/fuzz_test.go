package csw_test

import (
	"testing"

	"cigogne/internal/harvest/csw"
)

func FuzzPage(f *testing.F) {
	f.Add([]byte(`<csw:GetRecordsResponse><csw:SearchResults numberOfRecordsMatched="3" nextRecord="0"><gmd:MD_Metadata></gmd:MD_Metadata></csw:SearchResults></csw:GetRecordsResponse>`))
	f.Add([]byte(`<SearchResults/><csw:Record><dc:identifier>a</dc:identifier><dc:title>b</dc:title><dct:references scheme="OGC:WFS">https://exemple.fr/wfs</dct:references></csw:Record>`))
	f.Add([]byte(`<ows:ExceptionReport><ows:Exception/></ows:ExceptionReport>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		page, err := csw.ParsePage(b)
		if err != nil {
			return
		}
		if page.Total < -1 {
			t.Errorf("%d records", page.Total)
		}
		decode := csw.Decoder("https://exemple.fr", nil)
		for _, raw := range page.Records {
			if d, _, err := decode(raw); err == nil && (d.ID == "" || d.Title == "") {
				t.Errorf("a dataset without a name: %+v", d)
			}
		}
	})
}

func TestParsePage(t *testing.T) {
	for name, c := range map[string]struct {
		page    string
		total   int
		records int
		fails   bool
	}{
		"a page":                  {`<csw:SearchResults numberOfRecordsMatched="7"><gmd:MD_Metadata/><gmd:MD_Metadata> </gmd:MD_Metadata></csw:SearchResults>`, 7, 1, false},
		"single quotes":           {`<SearchResults numberOfRecordsMatched='7'></SearchResults>`, 7, 0, false},
		"no count":                {`<SearchResults/>`, -1, 0, false},
		"an exception":            {`<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/1.1"><ows:Exception exceptionCode="InvalidParameterValue"/></ows:ExceptionReport>`, 0, 0, true},
		"capabilities":            {`<csw:Capabilities/>`, 0, 0, true},
		"a web page":              {`<html>Bienvenue</html>`, 0, 0, true},
		"nothing":                 {``, 0, 0, true},
		"a record of Dublin Core": {`<csw:SearchResults numberOfRecordsMatched="1"><csw:Record><dc:title/></csw:Record></csw:SearchResults>`, 1, 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			page, err := csw.ParsePage([]byte(c.page))
			if (err != nil) != c.fails || err == nil && (page.Total != c.total || len(page.Records) != c.records) {
				t.Errorf("%+v, %v", page, err)
			}
		})
	}
}
