package sdmx_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest"
	"cigogne/internal/harvest/sdmx"
	"cigogne/internal/httpx"
)

const flows = `<?xml version="1.0" encoding="UTF-8"?><mes:Structure xmlns:mes="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message" xmlns:str="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/structure" xmlns:com="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/common">
<mes:Structures><str:Dataflows>
<str:Dataflow id="CHOMAGE-TRIM" agencyID="FR1" version="1.0"><com:Name xml:lang="en">Unemployment</com:Name><com:Name xml:lang="fr">Taux de chômage localisés</com:Name><com:Description xml:lang="fr">Par trimestre.</com:Description></str:Dataflow>
<str:Dataflow id="CHOMAGE-TRIM" agencyID="FR1" version="2.0"><com:Name>Deux fois</com:Name></str:Dataflow>
<str:Dataflow id="SANS-NOM" agencyID="FR1"/>
</str:Dataflows></mes:Structures></mes:Structure>`

func TestHarvest(t *testing.T) {
	mux := http.NewServeMux()
	for _, path := range []string{"/series/sdmx/dataflow/FR1/all", "/series/sdmx/dataflow/all/all/latest"} {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(flows)) })
	}
	s := httptest.NewServer(mux)
	defer s.Close()
	client := httpx.New(httpx.Options{Guard: httpx.Guard{AllowPrivate: true}, Backoff: time.Millisecond})
	for _, address := range []string{"/series/sdmx", "/series/sdmx/dataflow/FR1/all"} {
		p, err := sdmx.Probe(t.Context(), client, s.URL+address)
		if err != nil {
			t.Fatal(err)
		}
		var got []dataset.Dataset
		report, err := p.Harvest(t.Context(), harvest.Sink{Put: func(d dataset.Dataset) error { got = append(got, d); return nil }})
		if err != nil || report.Datasets != 1 || report.Broken != 1 || report.Duplicates != 1 {
			t.Fatalf("%+v, %v", report, err)
		}
		if d := got[0]; d.ID != "FR1:CHOMAGE-TRIM" || d.Title != "Taux de chômage localisés" || d.Publisher != "FR1" || len(d.Distributions) != 1 || d.Distributions[0].URL != s.URL+"/series/sdmx/data/CHOMAGE-TRIM" {
			t.Errorf("%+v", d)
		}
	}
	if _, err := sdmx.Probe(t.Context(), client, s.URL+"/elsewhere"); err == nil {
		t.Error("nothing is there")
	}
}

const structure = `<mes:Structure xmlns:mes="m" xmlns:str="s" xmlns:com="c"><mes:Structures>
<str:Codelists><str:Codelist id="CL_AREA"><com:Name>Zones</com:Name><str:Code id="D67"><com:Name xml:lang="en">Lower Rhine</com:Name><com:Name xml:lang="fr">Bas-Rhin</com:Name></str:Code><str:Code id="D68"/></str:Codelist></str:Codelists>
<str:Concepts><str:ConceptScheme id="CONCEPTS"><str:Concept id="AREA"><com:Name xml:lang="fr">Zone géographique</com:Name></str:Concept></str:ConceptScheme></str:Concepts>
<str:DataStructures><str:DataStructure id="CHOMAGE-TRIM"><str:DataStructureComponents><str:DimensionList>
<str:Dimension id="REF_AREA"><str:ConceptIdentity><Ref id="AREA"/></str:ConceptIdentity><str:LocalRepresentation><str:Enumeration><Ref id="CL_AREA"/></str:Enumeration></str:LocalRepresentation></str:Dimension>
<str:TimeDimension id="TIME_PERIOD"><str:ConceptIdentity><Ref id="TIME"/></str:ConceptIdentity></str:TimeDimension></str:DimensionList>
<str:AttributeList><str:Attribute><str:ConceptIdentity><Ref id="OBS_STATUS"/></str:ConceptIdentity></str:Attribute></str:AttributeList>
</str:DataStructureComponents></str:DataStructure></str:DataStructures></mes:Structures></mes:Structure>`

func TestStructure(t *testing.T) {
	got, err := sdmx.ParseStructure([]byte(structure))
	if err != nil || len(got) != 3 {
		t.Fatalf("%+v, %v", got, err)
	}
	if c := got["REF_AREA"]; c.Name != "Zone géographique" || len(c.Codes) != 1 || c.Codes["D67"] != "Bas-Rhin" {
		t.Errorf("%+v", c)
	}
	if _, ok := got["OBS_STATUS"]; !ok {
		t.Error("an attribute goes by its concept where it has no ID")
	}
	if _, err := sdmx.ParseStructure([]byte(flows)); err == nil {
		t.Error("a list of dataflows is no structure")
	}
}

func FuzzParseStructure(f *testing.F) {
	f.Add([]byte(structure))
	f.Add([]byte(strings.ReplaceAll(structure, "str:", "")))
	f.Fuzz(func(t *testing.T, b []byte) {
		parts, _ := sdmx.ParseStructure(b)
		for id, p := range parts {
			for code, label := range p.Codes {
				if label == "" {
					t.Errorf("%s: %s means nothing", id, code)
				}
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(flows))
	f.Add([]byte(strings.ReplaceAll(flows, "str:", "")))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, _, err := sdmx.Parse(b, "https://exemple.fr")
		if err != nil {
			return
		}
		for _, d := range all {
			if d.ID == "" || d.Title == "" {
				t.Errorf("%+v", d)
			}
		}
	})
}
