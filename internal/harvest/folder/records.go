package folder

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest"
	"cigogne/internal/harvest/ckan"
	"cigogne/internal/harvest/csw"
	"cigogne/internal/harvest/dcat"
	"cigogne/internal/harvest/geonetwork"
	"cigogne/internal/harvest/iso"
	"cigogne/internal/harvest/melodi"
	"cigogne/internal/harvest/ods"
	"cigogne/internal/harvest/ogc"
	"cigogne/internal/harvest/udata"
)

// errNoRecords is a file that holds no metadata in a dialect known here.
var errNoRecords = errors.New("no metadata of a known kind")

// Records reads the metadata that a portal answered with, once, whichever
// dialect it spoke: a page of its list, or one record.
func Records(b []byte, base string) ([]dataset.Dataset, harvest.Report, error) {
	var report harvest.Report
	if records := geographic(b); len(records) > 0 {
		taker := harvest.Taker{Decode: csw.Decoder(base, nil), Report: &report}
		return taker.Take(records), report, nil
	}
	if records, decode := list(b, base); decode != nil {
		taker := harvest.Taker{Decode: decode, Report: &report}
		return taker.Take(records), report, nil
	}
	page, err := dcat.ParsePage(b, base)
	if err != nil {
		return nil, report, errNoRecords
	}
	report.Broken = page.Broken
	return page.Datasets, report, nil
}

// geographic are the records of a document of ISO's, or of an answer of CSW's.
func geographic(b []byte) []json.RawMessage {
	if page, err := csw.ParsePage(b); err == nil {
		return page.Records
	}
	return iso.Records(b)
}

// list finds the records of a JSON answer, and what reads them; nil where it is
// of no dialect with records in JSON.
func list(b []byte, base string) ([]json.RawMessage, harvest.Decoder) {
	b = bytes.TrimSpace(b)
	if len(b) == 0 || b[0] != '{' && b[0] != '[' {
		return nil, nil
	}
	if page, err := udata.ParsePage(b); err == nil {
		return page.Records, udata.Decoder(base)
	}
	if page, err := geonetwork.ParsePage(b); err == nil {
		return page.Records, geonetwork.Decoder(base)
	}
	if page, err := ckan.ParsePage(b); err == nil {
		return page.Records, ckan.Decoder(base)
	}
	if page, err := ogc.ParsePage(b); err == nil && isRecord(first(page.Records)) {
		return page.Records, ogc.Decoder(base, base)
	}
	if b[0] == '{' {
		if page, err := ods.ParsePage(b); err == nil {
			return page.Records, ods.Decoder(base)
		}
	}
	var records []json.RawMessage
	var held struct{ Datasets []json.RawMessage }
	switch {
	case json.Unmarshal(b, &records) == nil:
	case json.Unmarshal(b, &held) == nil && len(held.Datasets) > 0:
		if decode := kind(first(held.Datasets), base); decode != nil { // Opendatasoft's first version
			return held.Datasets, decode
		}
		return held.Datasets, udata.Decoder(base) // udata's own fixtures
	default:
		records = []json.RawMessage{b}
	}
	return records, kind(first(records), base)
}

func first(records []json.RawMessage) harvest.Object {
	if len(records) == 0 {
		return nil
	}
	o, err := harvest.ParseObject(records[0])
	if err != nil {
		return nil
	}
	return o
}

// kind tells by its keys which dialect a single record is of.
func kind(o harvest.Object, base string) harvest.Decoder {
	has := func(keys ...string) bool {
		return !slices.ContainsFunc(keys, func(k string) bool { _, ok := o[k]; return !ok })
	}
	switch {
	case o == nil || has("@context") || has("@graph") || has("@type"):
		return nil
	case has("success", "result") && o.Object("result").Text("name", "title", "notes") != "": // package_show
		return func(raw []byte) (dataset.Dataset, bool, error) {
			result, err := ckan.Result(raw)
			if err != nil {
				return dataset.Dataset{}, false, err
			}
			return ckan.Decode(result, base)
		}
	case melodi.Is(o):
		return melodi.Decoder(base)
	case has("dataset_id", "metas"), has("datasetid", "metas"):
		return ods.Decoder(base)
	case has("_source"), has("metadataIdentifier"), has("uuid", "resourceTitleObject"):
		return geonetwork.Decoder(base)
	case has("id", "slug", "title"), has("dataset", "resources"):
		return udata.Decoder(base)
	case has("name", "resources"), has("id", "notes"):
		return ckan.Decoder(base)
	case isRecord(o):
		return ogc.Decoder(base, base)
	}
	return nil
}

// isRecord tells a record of OGC API - Records from any other GeoJSON.
func isRecord(o harvest.Object) bool {
	p := o.Object("properties")
	return o.Text("type") == "Feature" && p.Text("title") != "" && (p["type"] != nil || p["description"] != nil || o["conformsTo"] != nil)
}
