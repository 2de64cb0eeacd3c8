package portal_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest"
	"cigogne/internal/harvest/portal"
)

// speaker is a portal of one dialect that holds n datasets "jeu-I" titled "Jeu I".
type speaker func(n int) http.Handler

func number(q url.Values, key string, otherwise int) int {
	if n, err := strconv.Atoi(q.Get(key)); err == nil {
		return n
	}
	return otherwise
}

// some are the numbers of a page, cut to what there is.
func some(n, start, rows int) []int {
	var out []int
	for i := max(start, 0); i < min(start+rows, n); i++ {
		out = append(out, i)
	}
	return out
}

func udataRecord(i int, host string, inline bool) map[string]any {
	file := map[string]any{"id": fmt.Sprint("f", i), "title": "Le fichier", "url": "https://exemple.fr/f.csv", "format": "CSV", "mime": "text/csv", "filesize": 12, "checksum": map[string]any{"type": "sha1", "value": "ab"}, "last_modified": "2024-05-06T07:08:09+00:00", "schema": map[string]any{"name": "scdl/budget"}, "extras": map[string]any{"check:available": false}}
	r := map[string]any{
		"id": fmt.Sprint("jeu-", i), "slug": fmt.Sprint("slug-", i), "title": fmt.Sprint("Jeu ", i), "description": "Du **gras**.", "tags": []string{"eau"},
		"organization": map[string]any{"name": "Ville"}, "license": "lov2", "frequency": map[string]any{"id": "annual", "label": "Annuelle"}, "page": "https://portail.fr/jeu",
		"created_at": "2020-01-02T03:04:05+00:00", "last_modified": "2021-01-01T00:00:00+00:00", "last_update": "2024-05-06T07:08:09+00:00",
		"temporal_coverage": map[string]any{"start": "2016-01-01", "end": "2020-12-31T00:00:00+00:00"}, "spatial": map[string]any{"zones": []string{"fr:region:44"}},
		"harvest": map[string]any{"remote_url": "https://source.fr/jeu"}, "private": false, "deleted": nil, "archived": nil,
	}
	r["resources"] = []any{file}
	if !inline {
		r["resources"] = map[string]any{"rel": "subsection", "href": "http://" + host + "/api/2/datasets/x/resources/?page=1", "type": "GET", "total": 1}
	}
	return r
}

// udata answers by the version of its interface that is given.
func udata(version int) speaker {
	return func(n int) http.Handler {
		mux := http.NewServeMux()
		mux.HandleFunc(fmt.Sprintf("/api/%d/datasets/", version), func(w http.ResponseWriter, r *http.Request) {
			q := r.URL.Query()
			size, page := number(q, "page_size", 20), number(q, "page", 1)
			records := []any{}
			for _, i := range some(n, (page-1)*size, size) {
				records = append(records, udataRecord(i, r.Host, version == 1))
			}
			if len(records) == 0 && page > 1 {
				w.WriteHeader(404)
				return
			}
			answer(w, map[string]any{"data": records, "page": page, "page_size": size, "total": n, "next_page": nil})
		})
		mux.HandleFunc("/api/2/datasets/x/resources/", func(w http.ResponseWriter, r *http.Request) {
			answer(w, map[string]any{"data": udataRecord(0, "", true)["resources"], "next_page": nil})
		})
		return mux
	}
}

func ods(n int) http.Handler {
	mux := http.NewServeMux()
	record := func(i int) map[string]any {
		return map[string]any{
			"dataset_id": fmt.Sprint("jeu-", i), "has_records": true, "data_visible": true, "attachments": []any{map[string]any{"id": "notice_pdf", "title": "notice.pdf", "mimetype": "application/pdf", "url": "odsfile://x"}},
			"metas": map[string]any{
				"default": map[string]any{"title": fmt.Sprint("Jeu ", i), "description": "<p>Du <b>gras</b>.</p>", "keyword": []string{"eau"}, "publisher": "Ville", "license": "Licence Ouverte v2.0 (Etalab)", "modified": "2024-05-06T07:08:09+00:00", "references": "https://source.fr/jeu", "territory": []string{"Grand Est"}},
				"dcat":    map[string]any{"created": "2020-01-02T03:04:05+00:00", "accrualperiodicity": "annual", "temporal_coverage_start": "2016-01-01", "temporal_coverage_end": "2020-12-31"},
			},
		}
	}
	mux.HandleFunc("/api/explore/v2.1/catalog/datasets", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		limit, offset := number(q, "limit", 10), number(q, "offset", 0)
		if limit > 100 || limit+offset > 10_000 {
			w.WriteHeader(400)
			answer(w, map[string]any{"error_code": "InvalidRESTParameterError"})
			return
		}
		records := []any{}
		for _, i := range some(n, offset, limit) {
			records = append(records, record(i))
		}
		answer(w, map[string]any{"total_count": n, "results": records})
	})
	mux.HandleFunc("/api/explore/v2.1/catalog/exports/json", func(w http.ResponseWriter, r *http.Request) {
		var records []any
		for i := range n {
			records = append(records, record(i))
		}
		answer(w, records)
	})
	return mux
}

// isoRecord is a record with French as a translation, an anchor for a licence
// and a layer of a WFS.
func isoRecord(i int) string {
	return fmt.Sprintf(`<gmd:MD_Metadata xmlns:gmd="http://www.isotc211.org/2005/gmd" xmlns:gco="http://www.isotc211.org/2005/gco" xmlns:gmx="http://www.isotc211.org/2005/gmx" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:gml="http://www.opengis.net/gml">
<gmd:fileIdentifier><gco:CharacterString>jeu-%[1]d</gco:CharacterString></gmd:fileIdentifier>
<gmd:hierarchyLevel><gmd:MD_ScopeCode codeListValue="dataset"/></gmd:hierarchyLevel>
<gmd:dateStamp><gco:Date>2025-01-01</gco:Date></gmd:dateStamp>
<gmd:locale><gmd:PT_Locale id="F"><gmd:languageCode><gmd:LanguageCode codeListValue="fre"/></gmd:languageCode><gmd:characterEncoding><gmd:MD_CharacterSetCode codeListValue="utf8"/></gmd:characterEncoding></gmd:PT_Locale></gmd:locale>
<gmd:identificationInfo><gmd:MD_DataIdentification>
<gmd:citation><gmd:CI_Citation><gmd:title><gco:CharacterString>Datensatz %[1]d</gco:CharacterString><gmd:PT_FreeText><gmd:textGroup><gmd:LocalisedCharacterString locale="#F">Jeu %[1]d</gmd:LocalisedCharacterString></gmd:textGroup></gmd:PT_FreeText></gmd:title>
<gmd:date><gmd:CI_Date><gmd:date><gco:DateTime>2020-01-02T03:04:05</gco:DateTime></gmd:date><gmd:dateType><gmd:CI_DateTypeCode codeListValue="creation"/></gmd:dateType></gmd:CI_Date></gmd:date>
<gmd:date><gmd:CI_Date><gmd:date><gco:Date>2024-05-06</gco:Date></gmd:date><gmd:dateType><gmd:CI_DateTypeCode codeListValue="revision"/></gmd:dateType></gmd:CI_Date></gmd:date>
<gmd:identifier><gmd:MD_Identifier><gmd:code><gmx:Anchor xlink:href="https://source.fr/jeu">https://source.fr/jeu</gmx:Anchor></gmd:code></gmd:MD_Identifier></gmd:identifier>
</gmd:CI_Citation></gmd:citation>
<gmd:abstract><gco:CharacterString>Du gras.</gco:CharacterString></gmd:abstract>
<gmd:pointOfContact><gmd:CI_ResponsibleParty><gmd:organisationName><gco:CharacterString>Bureau</gco:CharacterString></gmd:organisationName><gmd:role><gmd:CI_RoleCode codeListValue="pointOfContact"/></gmd:role></gmd:CI_ResponsibleParty></gmd:pointOfContact>
<gmd:pointOfContact><gmd:CI_ResponsibleParty><gmd:organisationName><gco:CharacterString>Ville</gco:CharacterString></gmd:organisationName><gmd:role><gmd:CI_RoleCode codeListValue="publisher"/></gmd:role></gmd:CI_ResponsibleParty></gmd:pointOfContact>
<gmd:resourceMaintenance><gmd:MD_MaintenanceInformation><gmd:maintenanceAndUpdateFrequency><gmd:MD_MaintenanceFrequencyCode codeListValue="annually"/></gmd:maintenanceAndUpdateFrequency></gmd:MD_MaintenanceInformation></gmd:resourceMaintenance>
<gmd:descriptiveKeywords><gmd:MD_Keywords><gmd:keyword><gmx:Anchor>eau</gmx:Anchor></gmd:keyword></gmd:MD_Keywords></gmd:descriptiveKeywords>
<gmd:descriptiveKeywords><gmd:MD_Keywords><gmd:keyword><gco:CharacterString>Grand Est</gco:CharacterString></gmd:keyword><gmd:type><gmd:MD_KeywordTypeCode codeListValue="place"/></gmd:type></gmd:MD_Keywords></gmd:descriptiveKeywords>
<gmd:resourceConstraints><gmd:MD_LegalConstraints><gmd:useLimitation><gco:CharacterString>Pas de restriction d’accès public</gco:CharacterString></gmd:useLimitation><gmd:otherConstraints><gmx:Anchor xlink:href="https://www.etalab.gouv.fr/licence-ouverte-v2">Licence Ouverte version 2.0</gmx:Anchor></gmd:otherConstraints></gmd:MD_LegalConstraints></gmd:resourceConstraints>
<gmd:extent><gmd:EX_Extent><gmd:temporalElement><gmd:EX_TemporalExtent><gmd:extent><gml:TimePeriod><gml:beginPosition>2016-01-01</gml:beginPosition><gml:endPosition>2020-12-31</gml:endPosition></gml:TimePeriod></gmd:extent></gmd:EX_TemporalExtent></gmd:temporalElement></gmd:EX_Extent></gmd:extent>
</gmd:MD_DataIdentification></gmd:identificationInfo>
<gmd:distributionInfo><gmd:MD_Distribution><gmd:transferOptions><gmd:MD_DigitalTransferOptions>
<gmd:onLine><gmd:CI_OnlineResource><gmd:linkage><gmd:URL>https://exemple.fr/geoserver/wfs?service=WFS&amp;request=GetCapabilities</gmd:URL></gmd:linkage><gmd:protocol><gco:CharacterString>OGC:WFS</gco:CharacterString></gmd:protocol><gmd:name><gco:CharacterString>eau:lacs</gco:CharacterString></gmd:name></gmd:CI_OnlineResource></gmd:onLine>
<gmd:onLine><gmd:CI_OnlineResource><gmd:linkage><gmd:URL>https://exemple.fr/geoserver/wms</gmd:URL></gmd:linkage><gmd:protocol><gco:CharacterString>OGC:WMS-1.3.0-http-get-map</gco:CharacterString></gmd:protocol><gmd:name><gco:CharacterString>lacs</gco:CharacterString></gmd:name></gmd:CI_OnlineResource></gmd:onLine>
</gmd:MD_DigitalTransferOptions></gmd:transferOptions></gmd:MD_Distribution></gmd:distributionInfo>
</gmd:MD_Metadata>`, i)
}

var position = regexp.MustCompile(`(startPosition|maxRecords)="(\d+)"`)

func dublinRecord(i int) string {
	return fmt.Sprintf(`<csw:Record xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dct="http://purl.org/dc/terms/"><dc:identifier>jeu-%[1]d</dc:identifier><dc:title>Jeu %[1]d</dc:title><dc:type>dataset</dc:type>
<dc:subject>eau</dc:subject><dct:abstract>Du gras.</dct:abstract><dc:publisher>Ville</dc:publisher><dc:rights>Pas de restriction d’accès public</dc:rights><dc:rights>Licence Ouverte version 2.0</dc:rights>
<dct:issued>2020-01-02</dct:issued><dct:modified>2024-05-06</dct:modified><dct:temporal>2016-01-01/2020-12-31</dct:temporal><dct:spatial>Grand Est</dct:spatial>
<dct:references scheme="WWW:DOWNLOAD-1.0-http--download">https://exemple.fr/f.csv</dct:references></csw:Record>`, i)
}

// csw takes requests by GET, by POST or by both, and knows ISO's records or only
// Dublin Core. As pycsw does, it leads back to the first record past the end.
func csw(get, iso bool) speaker {
	record := isoRecord
	if !iso {
		record = dublinRecord
	}
	return func(n int) http.Handler {
		mux := http.NewServeMux()
		mux.HandleFunc("/geonetwork/srv/fre/csw", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/xml")
			q := r.URL.Query()
			if r.Method == http.MethodPost {
				body, _ := io.ReadAll(r.Body)
				for _, m := range position.FindAllStringSubmatch(string(body), -1) {
					q.Set(m[1], m[2])
				}
				q.Set("resultType", "results")
				if strings.Contains(string(body), "typeNames=\"csw:Record\"") {
					q.Set("typeNames", "csw:Record")
				}
			}
			if !iso && q.Get("typeNames") != "csw:Record" || r.Method != http.MethodPost && !get {
				fmt.Fprint(w, `<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows"><ows:Exception exceptionCode="NoApplicableCode"><ows:ExceptionText>no</ows:ExceptionText></ows:Exception></ows:ExceptionReport>`)
				return
			}
			start := number(q, "startPosition", 1) - 1
			page := some(n, start, number(q, "maxRecords", 10))
			next := start + len(page) + 1
			if next > n {
				next = 0
			}
			if start >= n {
				next = 1
			}
			fmt.Fprintf(w, `<?xml version="1.0"?><csw:GetRecordsResponse xmlns:csw="http://www.opengis.net/cat/csw/2.0.2"><csw:SearchResults numberOfRecordsMatched="%d" numberOfRecordsReturned="%d" nextRecord="%d" elementSet="full">`, n, len(page), next)
			for _, i := range page {
				fmt.Fprint(w, record(i))
			}
			fmt.Fprint(w, `</csw:SearchResults></csw:GetRecordsResponse>`)
		})
		return mux
	}
}

func geonetwork(n int) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/geonetwork/srv/api/search/records/_search", func(w http.ResponseWriter, r *http.Request) {
		var ask struct {
			From, Size int
			After      []string `json:"search_after"`
		}
		if r.Method != http.MethodPost || json.NewDecoder(r.Body).Decode(&ask) != nil || ask.From+ask.Size > 10_000 {
			w.WriteHeader(400)
			return
		}
		if len(ask.After) == 1 { // identifiers stand in the order of their numbers here
			ask.From = 1 + int(harvest.Int(strings.TrimPrefix(ask.After[0], "jeu-")))
		}
		fr := func(s string) map[string]any { return map[string]any{"default": "x", "langfre": s} }
		hits := []any{}
		for _, i := range some(n, ask.From, ask.Size) {
			hits = append(hits, map[string]any{"_id": fmt.Sprint("jeu-", i), "_source": map[string]any{
				"uuid": fmt.Sprint("jeu-", i), "metadataIdentifier": fmt.Sprint("jeu-", i), "resourceTitleObject": fr(fmt.Sprint("Jeu ", i)), "resourceAbstractObject": fr("Du gras."),
				"resourceType": []string{"dataset"}, "tag": []any{fr("eau")}, "contactForResource": []any{map[string]any{"role": "publisher", "organisationObject": fr("Ville")}},
				"MD_LegalConstraintsOtherConstraintsObject": []any{fr("Licence Ouverte version 2.0")}, "cl_maintenanceAndUpdateFrequency": []any{map[string]any{"key": "annually"}},
				"resourceTemporalDateRange": []any{map[string]any{"gte": "2016-01-01T00:00:00.000Z", "lte": "2020-12-31T00:00:00.000Z"}}, "th_regions": []any{fr("Grand Est")},
				"resourceDate":       []any{map[string]any{"type": "creation", "date": "2020-01-02T03:04:05Z"}, map[string]any{"type": "revision", "date": "2024-05-06T00:00:00Z"}},
				"resourceIdentifier": []any{map[string]any{"code": "https://source.fr/jeu"}}, "isTemplate": "n", "draft": "n",
				"link": []any{map[string]any{"protocol": "OGC:WFS", "urlObject": map[string]any{"default": "https://exemple.fr/geoserver/wfs"}, "nameObject": map[string]any{"default": "eau:lacs"}}, map[string]any{"protocol": "OGC:WMS", "url": "https://exemple.fr/wms", "name": "lacs"}},
			}})
		}
		answer(w, map[string]any{"hits": map[string]any{"total": map[string]any{"value": n, "relation": "eq"}, "hits": hits}})
	})
	return mux
}

func ogcRecords(n int) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/collections", func(w http.ResponseWriter, r *http.Request) {
		answer(w, map[string]any{"collections": []any{map[string]any{"id": "lacs", "itemType": "feature"}, map[string]any{"id": "meta", "itemType": "record"}}})
	})
	mux.HandleFunc("/collections/meta/items", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		features := []any{}
		for _, i := range some(n, number(q, "offset", 0), min(number(q, "limit", 10), 50)) {
			features = append(features, map[string]any{
				"type": "Feature", "id": fmt.Sprint("jeu-", i), "time": map[string]any{"interval": []string{"2016-01-01", "2020-12-31"}},
				"properties": map[string]any{"type": "dataset", "title": fmt.Sprint("Jeu ", i), "description": "Du gras.", "keywords": []string{"eau"}, "license": "Licence Ouverte 2.0", "created": "2020-01-02T03:04:05Z", "updated": "2024-05-06T07:08:09Z", "contacts": []any{map[string]any{"name": "x", "organization": "Ville", "roles": []string{"publisher"}}}},
				"links":      []any{map[string]any{"href": "https://exemple.fr/f.csv", "rel": "item", "type": "text/csv", "title": "Le fichier"}, map[string]any{"href": "https://exemple.fr/self", "rel": "self"}},
			})
		}
		answer(w, map[string]any{"type": "FeatureCollection", "numberMatched": n, "numberReturned": len(features), "features": features})
	})
	return mux
}

// rdf publishes pages of ten in one of the forms of RDF, linked by hydra.
func rdf(name, mediaType, head, each, next, foot string) speaker {
	return func(n int) http.Handler {
		mux := http.NewServeMux()
		mux.HandleFunc("/"+name, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", mediaType)
			page := number(r.URL.Query(), "page", 1)
			fmt.Fprint(w, head)
			for _, i := range some(n, (page-1)*10, 10) {
				fmt.Fprint(w, strings.ReplaceAll(each, "%d", strconv.Itoa(i)))
			}
			more := "http://" + r.Host + "/" + name + "?page=" + strconv.Itoa(page+1)
			if page*10 >= n {
				more = "http://" + r.Host + "/" + name // leads round again
			}
			fmt.Fprint(w, strings.ReplaceAll(next, "%s", more), foot)
		})
		return mux
	}
}

var (
	turtle = rdf("catalog.ttl", "text/turtle", `@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix hydra: <http://www.w3.org/ns/hydra/core#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<> a dcat:Catalog .
`, `<https://source.fr/jeu> dct:x "%d" . <urn:jeu:%d> a dcat:Dataset ; dct:identifier "jeu-%d" ; dct:title "Data"@en, "Jeu %d"@fr ; dct:description """Du
gras."""@fr ; dcat:landingPage <https://source.fr/jeu> ; dct:publisher [ a foaf:Agent ; foaf:name "Ville" ] ; dcat:keyword "eau" ;
 dct:issued "2020-01-02T03:04:05"^^xsd:dateTime ; dct:modified "2024-05-06"^^xsd:date ; dct:accrualPeriodicity <http://publications.europa.eu/resource/authority/frequency/ANNUAL> ;
 dct:spatial "Grand Est" ; dct:temporal [ dcat:startDate "2016-01-01"^^xsd:date ; dcat:endDate "2020-12-31"^^xsd:date ] ;
 dcat:distribution [ a dcat:Distribution ; dct:title "Le fichier" ; dct:license <https://www.etalab.gouv.fr/licence-ouverte-v2> ; dcat:mediaType <https://www.iana.org/assignments/media-types/text/csv> ; dcat:downloadURL <https://exemple.fr/f.csv> ; dcat:byteSize 12.0 ] .
`, `[] a hydra:PartialCollectionView ; hydra:next <%s> .
`, "")
	xml = rdf("catalog.rdf", "application/rdf+xml", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="http://www.w3.org/ns/dcat#" xmlns:dct="http://purl.org/dc/terms/" xmlns:foaf="http://xmlns.com/foaf/0.1/" xmlns:hydra="http://www.w3.org/ns/hydra/core#"><dcat:Catalog rdf:about=""/>`,
		`<dcat:Dataset rdf:about="urn:jeu:%d"><dct:identifier>jeu-%d</dct:identifier><dct:title xml:lang="de">Daten</dct:title><dct:title xml:lang="fr">Jeu %d</dct:title><dct:description>Du gras.</dct:description><dcat:landingPage rdf:resource="https://source.fr/jeu"/>
<dct:publisher rdf:nodeID="v%d"/><dcat:keyword>eau</dcat:keyword><dct:issued>2020-01-02T03:04:05</dct:issued><dct:modified>2024-05-06</dct:modified><dct:accrualPeriodicity rdf:resource="http://purl.org/cld/freq/annual"/><dct:spatial>Grand Est</dct:spatial><dct:temporal>2016-01-01/2020-12-31</dct:temporal>
<dcat:distribution rdf:parseType="Resource"><dct:title>Le fichier</dct:title><dct:rights>Licence Ouverte 2.0</dct:rights><dct:format>CSV</dct:format><dcat:accessURL rdf:resource="https://exemple.fr/f.csv"/><dcat:byteSize>12</dcat:byteSize></dcat:distribution></dcat:Dataset>
<foaf:Agent rdf:nodeID="v%d"><foaf:name>Ville</foaf:name></foaf:Agent>`,
		`<hydra:PagedCollection rdf:about="p"><hydra:nextPage>%s</hydra:nextPage></hydra:PagedCollection>`, `</rdf:RDF>`)
	jsonld = rdf("catalog.jsonld", "application/ld+json", `{"@context":"https://gone.exemple/contexte.jsonld","@graph":[{"@id":"c","@type":"dcat:Catalog"}`,
		`,{"@id":"urn:jeu:%d","@type":["dcat:Dataset"],"dct:identifier":"jeu-%d","dct:title":{"fr":"Jeu %d","en":"Data"},"http://purl.org/dc/terms/description":[{"@value":"Du gras.","@language":"fr"}],"landingPage":"https://source.fr/jeu",
"publisher":{"@id":"urn:ville"},"keyword":["eau"],"issued":"2020-01-02T03:04:05","modified":{"@value":"2024-05-06"},"accrualPeriodicity":"R/P1Y","spatial":"Grand Est","temporal":{"startDate":"2016-01-01","endDate":"2020-12-31"},
"distribution":[{"title":"Le fichier","license":"<p>Licence Ouverte 2.0</p>","mediaType":"text/csv","downloadURL":"https://exemple.fr/f.csv","byteSize":"12"}]}`,
		`,{"@id":"urn:ville","foaf:name":"Ville"},{"@type":"hydra:PartialCollectionView","hydra:next":{"@id":"%s"}}`, `]}`)
)

// TestDialects reads portals of each dialect, of several sizes, at the addresses
// that people have of them; what a dataset says comes through alike from all.
func TestDialects(t *testing.T) {
	for name, c := range map[string]struct {
		speak     speaker
		kind      string
		home      string   // where the portal is found to be, below its host
		addresses []string // at which it is found
		sizes     []int
	}{
		"udata 1":          {udata(1), "udata", "", []string{"", "/", "/fr/datasets/?q=", "/api/1/datasets/?page=3"}, []int{1, 100, 230}},
		"udata 2":          {udata(2), "udata", "", []string{"/api/2/datasets/"}, []int{1, 130}},
		"ods":              {ods, "ods", "", []string{"", "/explore/", "/api/explore/v2.1/catalog/datasets?limit=5"}, []int{1, 100, 10_050}},
		"csw":              {csw(true, true), "csw", "/geonetwork/srv/fre/csw", []string{"", "/geonetwork/srv/fre/csw", "/geonetwork/srv/fre/csw?SERVICE=CSW&REQUEST=GetCapabilities"}, []int{1, 50, 120}},
		"csw, Dublin Core": {csw(true, false), "csw", "/geonetwork/srv/fre/csw", []string{"/geonetwork/srv/fre/csw"}, []int{1, 60}},
		"csw by POST":      {csw(false, true), "csw", "/geonetwork/srv/fre/csw", []string{"/geonetwork/srv/fre/csw"}, []int{60}},
		"geonetwork":       {geonetwork, "geonetwork", "/geonetwork", []string{"", "/geonetwork/", "/geonetwork/srv/fre/catalog.search#/home"}, []int{1, 100, 10_120}},
		"ogc records":      {ogcRecords, "ogc-records", "", []string{"", "/collections", "/collections/meta/items?f=html"}, []int{1, 100, 130}},
		"turtle":           {turtle, "dcat", "/catalog.ttl", []string{"", "/catalog.ttl"}, []int{1, 25}},
		"rdf/xml":          {xml, "dcat", "/catalog.rdf", []string{"", "/catalog.rdf"}, []int{1, 30}},
		"json-ld":          {jsonld, "dcat", "/catalog.jsonld", []string{"", "/catalog.jsonld"}, []int{1, 25}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for k, n := range c.sizes {
				s := httptest.NewServer(c.speak(n))
				defer s.Close()
				for _, address := range c.addresses[:max(1, len(c.addresses)*min(1, 1-k))] {
					p, err := portal.Detect(t.Context(), quick(), s.URL+address, "")
					if err != nil {
						t.Fatalf("%q: %v", address, err)
					}
					if p.Type() != c.kind || p.URL() != s.URL+c.home {
						t.Errorf("%q is found to be %s at %s", address, p.Type(), p.URL())
					}
					got, report := collect(t, p)
					if len(got) != n || report.Datasets != n || report.Broken+report.Hidden != 0 || report.Lies() {
						t.Fatalf("%d of %d datasets, %+v", len(got), n, report)
					}
					for _, d := range got[:1] {
						same(t, d)
					}
				}
			}
		})
	}
}

// same checks the first dataset that every dialect's portal holds.
func same(t *testing.T, d dataset.Dataset) {
	t.Helper()
	if d.ID != "jeu-0" || d.Title != "Jeu 0" || d.Publisher != "Ville" || d.Licence.ID != "lov2" || len(d.Keywords) != 1 || d.Keywords[0] != "eau" || d.URL == "" {
		t.Errorf("dataset %+v", d)
	}
	if plain := strings.Join(strings.Fields(d.Description), " "); plain != "Du gras." {
		t.Errorf("description %q", d.Description)
	}
	if d.Created.Year() != 2020 || d.Modified.Format("2006-01-02") != "2024-05-06" || d.Period != (dataset.Period{Start: "2016-01-01", End: "2020-12-31"}) {
		t.Errorf("dates %v, %v, %v", d.Created, d.Modified, d.Period)
	}
	if d.Frequency != "annual" && d.Frequency != "" || d.Spatial != "Grand Est" && d.Spatial != "" {
		t.Errorf("frequency %q, spatial %q", d.Frequency, d.Spatial)
	}
	if len(d.Distributions) == 0 || harvest.TableFormat(d.Distributions[0]) != "csv" || !harvest.IsWeb(d.Distributions[0].URL) {
		t.Errorf("files %+v", d.Distributions)
	}
}
