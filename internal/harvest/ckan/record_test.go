package ckan_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest"
	"cigogne/internal/harvest/ckan"
)

const base = "https://portail.exemple.fr"

func decode(t *testing.T, record string) (dataset.Dataset, bool) {
	t.Helper()
	d, hidden, err := ckan.Decode([]byte(record), base)
	if err != nil {
		t.Fatal(err)
	}
	return d, hidden
}

func TestDecode(t *testing.T) {
	got, hidden := decode(t, `{
		"id": "fr-200052264-jdd-1", "name": "comptes", "title": " Comptes\n administratifs ", "notes": "<p>Montants <b>votés</b></p>",
		"organization": {"name": "region", "title": "Région Grand Est"}, "author": "X",
		"license_id": "lov2", "license_title": "Licence Ouverte", "license_url": "https://etalab.gouv.fr/lo",
		"tags": [{"name": "budget", "display_name": "Budget"}, {"name": "m71"}, null, 5, {"name": "m71"}],
		"groups": [{"title": "Finances", "name": "finances"}],
		"extras": [{"key": "frequency", "value": "Annuelle"}, {"key": "temporal_start", "value": "2016-01-01T00:00:00"}, {"key": "temporal_end", "value": "2020"},
			{"key": "themes", "value": "[\"Finances\", \"Économie\"]"}, {"key": "spatial", "value": "{\"type\":\"Polygon\",\"coordinates\":[[[4,48],[8.2,48],[8.2,50],[4,48]]]}"}, null, {"key": 5}],
		"metadata_created": "2021-07-09T09:00:00.000000", "metadata_modified": "mar, 10/12/2019 - 09:23",
		"url": "/relatif", "private": false, "state": "active", "type": "dataset",
		"resources": [
			{"id": "r1", "name": "budget.csv", "url": "https://x.fr/un fichier.csv", "format": "CSV", "mimetype": "text/csv", "size": "1535315", "hash": "abc", "last_modified": "2021-07-09T10:00:00", "created": "2020-01-01"},
			{"id": "r2", "description": "Carte", "url": "files/carte.geojson", "format": "", "mimetype": null, "size": null, "last_modified": null, "created": "2020-01-01"},
			{"id": "r1", "name": "deux fois"}, null, "x", {}, {"name": "sans id", "url": "https://x.fr/a.pdf", "size": 12.0}
		]}`)
	want := dataset.Dataset{
		ID: "fr-200052264-jdd-1", Name: "comptes", Title: "Comptes administratifs", Description: "Montants votés",
		Publisher: "Région Grand Est", Portal: base, URL: base + "/dataset/comptes",
		Licence:  dataset.Licence{ID: "lov2", Title: "Licence Ouverte", URL: "https://etalab.gouv.fr/lo"},
		Keywords: []string{"Budget", "m71", "5"}, Themes: []string{"Finances", "Économie"},
		Frequency: "annual", Period: dataset.Period{Start: "2016-01-01", End: "2020"}, Spatial: "4,48,8.2,50",
		Created: time.Date(2021, 7, 9, 9, 0, 0, 0, time.UTC), Modified: time.Date(2019, 12, 10, 9, 23, 0, 0, time.UTC),
		Distributions: []dataset.Distribution{
			{ID: "r1", Title: "budget.csv", URL: "https://x.fr/un%20fichier.csv", Format: "csv", MediaType: "text/csv", Size: 1535315, Hash: "abc", Modified: time.Date(2021, 7, 9, 10, 0, 0, 0, time.UTC)},
			{ID: "r2", Title: "Carte", URL: base + "/files/carte.geojson", Format: "geojson", Modified: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)},
			{Title: "sans id", URL: "https://x.fr/a.pdf", Format: "pdf", Size: 12},
		},
	}
	if last := &got.Distributions[len(got.Distributions)-1]; last.ID == "" {
		t.Error("a distribution has no ID")
	} else {
		last.ID = ""
	}
	if !reflect.DeepEqual(got, want) || hidden {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestDecodeOtherLayouts(t *testing.T) {
	for name, c := range map[string]struct {
		record string
		check  func(dataset.Dataset) bool
	}{
		"flat fields": {`{"id":"a","frequency":"daily","temporal_coverage":"2011/2013","geocover":"Bas-Rhin","theme":"Eau","dataset_modification_date":"2021-02-28"}`,
			func(d dataset.Dataset) bool {
				return d.Frequency == "daily" && d.Period == dataset.Period{Start: "2011", End: "2013"} && d.Spatial == "Bas-Rhin" && d.Themes[0] == "Eau" && d.Modified.Year() == 2021
			}},
		"translations": {`{"id":"a","title":{"en":"Water","fr":"Eau"},"notes_translated":{"fr":"Texte"},"keywords":{"fr":["un","deux"]}}`, func(d dataset.Dataset) bool {
			return d.Title == "Eau" && d.Description == "Texte" && len(d.Keywords) == 2
		}},
		"dkan": {`{"id":"a","license_title":"http://opendatacommons.org/licenses/odbl","tags":["eau"]}`, func(d dataset.Dataset) bool {
			return d.Licence.ID == "odc-odbl" && d.Licence.URL == "http://opendatacommons.org/licenses/odbl" && d.Keywords[0] == "eau"
		}},
		"extras as object":  {`{"id":"a","extras":{"frequency":"monthly"}}`, func(d dataset.Dataset) bool { return d.Frequency == "monthly" }},
		"box":               {`{"id":"a","extras":[{"key":"bbox-west-long","value":"4"},{"key":"bbox-south-lat","value":"48"},{"key":"bbox-east-long","value":8},{"key":"bbox-north-lat","value":"50"}]}`, func(d dataset.Dataset) bool { return d.Spatial == "4,48,8,50" }},
		"spatial object":    {`{"id":"a","spatial":{"type":"Point","coordinates":[7.7,48.6]}}`, func(d dataset.Dataset) bool { return d.Spatial == "7.7,48.6,7.7,48.6" }},
		"no name, no title": {`{"id":"a"}`, func(d dataset.Dataset) bool { return d.Name == "a" && d.Title == "a" && d.URL == base+"/dataset/a" }},
		"no id":             {`{"name":"a b","id":null}`, func(d dataset.Dataset) bool { return d.ID == "a b" && d.URL == base+"/dataset/a%20b" }},
		"number for id":     {`{"id":12345678901234567890}`, func(d dataset.Dataset) bool { return d.ID == "12345678901234567890" }},
		"wrong types":       {`{"id":"a","title":["x"],"tags":{"a":1},"resources":"none","organization":"org","extras":"x","groups":5,"private":"yes","metadata_modified":12}`, func(d dataset.Dataset) bool { return d.Title == "x" && d.Distributions == nil }},
		"source's page":     {`{"id":"a","url":"https://source.fr/jeu/a"}`, func(d dataset.Dataset) bool { return d.URL == "https://source.fr/jeu/a" }},
		"source's home":     {`{"id":"a","url":"https://source.fr/"}`, func(d dataset.Dataset) bool { return d.URL == base+"/dataset/a" }},
		"no organization":   {`{"id":"a","organization":null,"maintainer":"Service SIG"}`, func(d dataset.Dataset) bool { return d.Publisher == "Service SIG" }},
	} {
		t.Run(name, func(t *testing.T) {
			if d, hidden := decode(t, c.record); !c.check(d) || hidden {
				t.Errorf("%+v, hidden %v", d, hidden)
			}
		})
	}
}

func TestHiddenAndBroken(t *testing.T) {
	for record, hidden := range map[string]bool{
		`{"id":"a","private":true}`: true, `{"id":"a","state":"deleted"}`: true, `{"id":"a","type":"harvest"}`: true,
		`{"id":"a","extras":[{"key":"dataset_not_visible","value":"True"}]}`: true, `{"id":"a","private":false,"type":"geodata"}`: false,
	} {
		if _, got := decode(t, record); got != hidden {
			t.Errorf("%s: hidden %v", record, got)
		}
	}
	for _, record := range []string{``, `null`, `[]`, `"x"`, `{}`, `{"id":"","name":" "}`, `{"id":"a"`, "\xff"} {
		if _, _, err := ckan.Decode([]byte(record), base); err == nil {
			t.Errorf("%q is a record", record)
		}
	}
}

func TestTakerCountsWhatItLeavesOut(t *testing.T) {
	report := harvest.Report{}
	taker := harvest.Taker{Decode: ckan.Decoder(base), Report: &report}
	var records []json.RawMessage
	for _, r := range []string{`{"id":"a"}`, `{"id":"a"}`, `null`, `{"id":"b","private":true}`, `{"id":"b","private":true}`, `{"id":"c"}`} {
		records = append(records, json.RawMessage(r))
	}
	fresh := taker.Take(records)
	if len(fresh) != 2 || report.Duplicates != 2 || report.Broken != 1 || report.Hidden != 1 {
		t.Errorf("%d fresh, %+v", len(fresh), report)
	}
}

func TestParsePage(t *testing.T) {
	for name, c := range map[string]struct {
		body           string
		total, records int // records -1: an error
	}{
		"ckan":             {`{"success":true,"result":{"count":12,"results":[{},{}]}}`, 12, 2},
		"count as text":    {`{"success":true,"result":{"count":"12","results":[{}]}}`, 12, 1},
		"no count":         {`{"success":true,"result":{"results":[{}]}}`, -1, 1},
		"no success":       {`{"result":{"count":1,"results":[null]}}`, 1, 1},
		"dkan":             {`{"success":true,"result":[{"id":"a"},{"id":"b"}]}`, -1, 2},
		"dkan in a list":   {`{"success":true,"result":[[{"id":"a"},{"id":"b"},{"id":"c"}]]}`, -1, 3},
		"empty":            {`{"success":true,"result":{"count":0,"results":[]}}`, 0, 0},
		"byte order mark":  {"\xef\xbb\xbf" + `{"success":true,"result":{"count":1,"results":[{}]}}`, 1, 1},
		"php warning":      {"<br />\n<b>Warning</b>: x in /var/www {closure}\n" + `{"success":true,"result":{"count":1,"results":[{}]}}`, 1, 1},
		"failure":          {`{"success":false,"error":{"__type":"Search Error","message":"no"}}`, 0, -1},
		"failure in words": {`{"success":"false","result":{"count":1,"results":[{}]}}`, 0, -1},
		"web page":         {`<!doctype html><html></html>`, 0, -1},
		"quoted text":      {`"Bad request - Action name not known"`, 0, -1},
		"no list":          {`{"success":true,"result":{"count":5}}`, 0, -1},
		"results null":     {`{"success":true,"result":{"count":5,"results":null}}`, 0, -1},
		"result a text":    {`{"success":true,"result":"x"}`, 0, -1},
		"cut":              {`{"success":true,"result":{"count":12,"results":[{},`, 0, -1},
		"nothing":          {``, 0, -1},
	} {
		t.Run(name, func(t *testing.T) {
			page, err := ckan.ParsePage([]byte(c.body))
			if (err != nil) != (c.records < 0) {
				t.Fatalf("error %v", err)
			}
			if err == nil && (page.Total != c.total || len(page.Records) != c.records) {
				t.Errorf("total %d, %d records", page.Total, len(page.Records))
			}
		})
	}
}

// fixture reads a recorded payload where it lies.
func fixture(t testing.TB, name string) []byte {
	t.Helper()
	shared := os.Getenv("CIGOGNE_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "..", "shared")
	}
	b, err := os.ReadFile(filepath.Join(shared, "fixtures", "ckan", name))
	if err != nil {
		t.Skipf("no recorded payloads: %v", err)
	}
	return b
}

func TestRecordedPortals(t *testing.T) {
	for name, c := range map[string]struct {
		total, records, distributions, tables int
		check                                 func(dataset.Dataset) bool
	}{
		"birmingham_package_search.json": {38, 10, 54, 0, func(d dataset.Dataset) bool {
			return d.Publisher != "" && d.Licence.ID == "uk-ogl" && len(d.Keywords) > 0
		}},
		"datasud_package_search.json": {8, 8, 23, 10, func(d dataset.Dataset) bool {
			return d.Publisher != "" && d.Licence.ID != "" && len(d.Themes) > 0 && d.Spatial != "{"
		}},
	} {
		t.Run(name, func(t *testing.T) {
			page, err := ckan.ParsePage(fixture(t, name))
			if err != nil || page.Total != c.total || len(page.Records) != c.records {
				t.Fatalf("total %d, %d records, %v", page.Total, len(page.Records), err)
			}
			tables, had := 0, 0
			for _, raw := range page.Records {
				d, hidden, err := ckan.Decode(raw, base)
				if err != nil || hidden {
					t.Fatalf("%v, hidden %v", err, hidden)
				}
				if d.ID == "" || d.Title == "" || d.Description == "" || d.Created.IsZero() || d.Modified.IsZero() || !c.check(d) {
					t.Errorf("%+v", d)
				}
				if strings.ContainsAny(d.Description, "<>") || strings.Contains(d.Description, "**") || strings.Contains(d.Description, "](") {
					t.Errorf("markup is left: %q", d.Description)
				}
				for _, x := range d.Distributions {
					had++
					if x.URL == "" || x.ID == "" || strings.ToLower(x.Format) != x.Format {
						t.Errorf("%+v", x)
					}
					if harvest.TableFormat(x) != "" {
						tables++
					}
				}
			}
			if had != c.distributions || tables != c.tables {
				t.Errorf("%d distributions, %d tables", had, tables)
			}
		})
	}
}

func FuzzParsePage(f *testing.F) {
	f.Add([]byte(`{"success":true,"result":{"count":12,"results":[{},{}]}}`))
	f.Add([]byte(`<b>{"result":[[{"id":"a"}]]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		page, err := ckan.ParsePage(body)
		if err == nil && page.Total < -1 {
			t.Errorf("total %d", page.Total)
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"id":"a","extras":[{"key":"spatial","value":"{\"coordinates\":[[1,2]]}"}],"resources":[{"url":"x","size":"1"}],"tags":[{"name":"a"}]}`))
	f.Add([]byte(`{"name":"a","title":{"fr":"x"},"notes":"<p>&lt;b&gt;","private":"true"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		d, _, err := ckan.Decode(raw, base)
		if err != nil {
			return
		}
		if d.ID == "" || d.Name == "" || d.Title == "" {
			t.Errorf("%q has no name: %+v", raw, d)
		}
		again, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		var back dataset.Dataset
		if err := json.Unmarshal(again, &back); err != nil || !reflect.DeepEqual(back.Title, d.Title) {
			t.Errorf("%q does not survive JSON: %v", d.Title, err)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	page, err := ckan.ParsePage(fixture(b, "datasud_package_search.json"))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		for _, raw := range page.Records {
			if _, _, err := ckan.Decode(raw, base); err != nil {
				b.Fatal(err)
			}
		}
	}
}
