package dcat_test

import (
	"strings"
	"testing"

	"cigogne/internal/harvest/dcat"
)

const address = "https://portail.exemple.fr/catalog.ttl"

func FuzzPage(f *testing.F) {
	for _, s := range []string{
		"@prefix dcat: <http://www.w3.org/ns/dcat#> .\n@prefix dct: <http://purl.org/dc/terms/> .\n<a> a dcat:Dataset ; dct:title \"t\"@fr, 'u' ; dct:description \"\"\"x \\\"y\"\"\" ; dcat:distribution [ dcat:byteSize 1.5 ], ( 1 2 ) .",
		`<a> <http://purl.org/dc/terms/title> "t"^^<http://x> .`,
		`<rdf:RDF><dcat:Dataset rdf:about="a"><dct:title>t</dct:title><dct:publisher rdf:nodeID="b"/></dcat:Dataset></rdf:RDF>`,
		`[{"@id":"a","@type":["http://www.w3.org/ns/dcat#Dataset"],"http://purl.org/dc/terms/title":[{"@value":"t"}]}]`,
		`{"@context":"x","dataset":[{"@type":"dcat:Dataset","title":{"fr":"t"},"distribution":{"@list":[{"accessURL":"f.csv"}]}}]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		page, err := dcat.ParsePage(b, address)
		if err != nil {
			return
		}
		for _, d := range page.Datasets {
			if d.ID == "" || d.Title == "" {
				t.Errorf("a dataset without ID or title: %+v", d)
			}
		}
	})
}

// What portals do that the standards do not foresee.
func TestPortalsOwnWays(t *testing.T) {
	const prefixes = "@prefix dcat: <http://www.w3.org/ns/dcat#> .\n@prefix dc: <http://purl.org/dc/terms/> .\n@prefix adms: <http://www.w3.org/ns/adms#> .\n"
	for name, c := range map[string]struct{ document, want string }{
		"Opendatasoft in 2015":             {prefixes + `<a> a dcat:Dataset ; dc:title "t" ; dcat:keyword "eau, lac" ; dc:publisher <http://ville.fr> ; dc:modified "2015-07-16T16:26:30+00:00" ; dcat:distribution <f> . <f> a dcat:Distribution ; dc:mediaType "application/json" ; dcat:accessURL <http://x.fr/f> .`, "a|t|[eau lac]|ville.fr|2015|json"},
		"an identifier that is an address": {prefixes + `<https://x.fr/d> a dcat:Dataset ; dc:identifier "https://x.fr/d" ; adms:identifier <b> ; dc:title "t" .`, "https://x.fr/d|t|[]||1|"},
		"an identifier in a vocabulary":    {prefixes + `<https://x.fr/d> a dcat:Dataset ; adms:identifier "no" ; dc:title "t" .`, "https://x.fr/d|t|[]||1|"},
		"one slip in a catalogue":          {prefixes + "<a> a dcat:Dataset ; dc:title \"t .\n<b> a dcat:Dataset ; dc:title \"u\" .\n", "b|u|[]||1|"},
		"a stub":                           {prefixes + `<s> a dcat:DataService ; dcat:servesDataset <x> . <x> a dcat:Dataset . <a> a dcat:Dataset ; dc:title "t" .`, "a|t|[]||1|"},
		"series and dataset at once":       {prefixes + `<a> a dcat:Dataset, dcat:DatasetSeries ; dc:title "t" .`, "a|t|[]||1|"},
		"ArcGIS Hub":                       {`{"@context":"https://project-open-data.cio.gov/v1.1/schema/catalog.jsonld","@type":"dcat:Catalog","dataset":[{"@type":"dcat:Dataset","identifier":"a","title":"t","publisher":{"name":"Ville"},"modified":"2024-01-01","license":"<div>Licence Ouverte</div>","distribution":[{"format":"CSV","accessURL":"https://x.fr/f"}]}]}`, "a|t|[]|Ville|2024|csv"},
		"a file that names its own node":   {`{"@graph":[{"@id":"a","@type":"dcat:Dataset","dct:title":"t","dcat:distribution":[{"@id":"https://x.fr/d/f.csv","dct:title":"Le fichier","dcat:downloadURL":{"@id":"https://x.fr/d/f.csv"}}]}]}`, "a|t|[]||1|csv"},
		"distributions misspelt":           {`<rdf:RDF xmlns:dcat="http://www.w3.org/ns/dcat#"><dcat:Dataset rdf:about="a"><dct:title>t</dct:title><dcat:distributions><dcat:Distribution><dcat:downloadURL>https://x.fr/f.csv</dcat:downloadURL></dcat:Distribution></dcat:distributions></dcat:Dataset></rdf:RDF>`, "a|t|[]||1|csv"},
		"within an answer of CSW":          {`<?xml version="1.0"?><csw:GetRecordsResponse><csw:SearchResults><rdf:RDF><dcat:Dataset rdf:about="a"><dct:title>t</dct:title></dcat:Dataset></rdf:RDF><rdf:RDF><dcat:CatalogRecord><foaf:primaryTopic rdf:resource="a"/><dct:modified>2021-01-25</dct:modified></dcat:CatalogRecord></rdf:RDF></csw:SearchResults></csw:GetRecordsResponse>`, "a|t|[]||2021|"},
	} {
		t.Run(name, func(t *testing.T) {
			page, err := dcat.ParsePage([]byte(c.document), address)
			if err != nil || len(page.Datasets) != 1 {
				t.Fatalf("%d datasets, %v", len(page.Datasets), err)
			}
			d := page.Datasets[0]
			format := ""
			if len(d.Distributions) > 0 {
				format = d.Distributions[0].Format
				if u := d.Distributions[0].URL; !strings.HasPrefix(u, "http://x.fr/") && !strings.HasPrefix(u, "https://x.fr/") {
					t.Errorf("address %q", u)
				}
			}
			if got := strings.Join([]string{d.ID, d.Title, "[" + strings.Join(d.Keywords, " ") + "]", d.Publisher, d.Modified.Format("2006"), format}, "|"); strings.TrimLeft(strings.ReplaceAll(got, "|0001|", "|1|"), "0") != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
	for name, document := range map[string]string{"a web page": "<html><body>x</body></html>", "other JSON": `{"a":1}`, "nothing": "", "text": "hello", "an empty object": `{}`} {
		t.Run(name, func(t *testing.T) {
			if page, err := dcat.ParsePage([]byte(document), address); err == nil {
				t.Errorf("%+v", page)
			}
		})
	}
}
