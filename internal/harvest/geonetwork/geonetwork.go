// Package geonetwork reads GeoNetwork 4 catalogues by the search interface of
// their own.
package geonetwork

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest"
	"cigogne/internal/harvest/ogc"
	"cigogne/internal/httpx"
)

// Type is the name of this dialect.
const Type = "geonetwork"

const (
	rows   = 100
	window = 10_000 // as far as an offset reaches
)

// Source is a GeoNetwork 4.
type Source struct {
	client *httpx.Client
	base   string         // up to …/geonetwork, without a slash at its end
	ends   map[int]string // identifier of the record before an offset, for what lies past the window
}

// Probe finds the catalogue at an address: its home, one of its pages, or the
// site that it is a part of.
func Probe(ctx context.Context, client *httpx.Client, address string) (*Source, error) {
	base, _, _ := strings.Cut(address, "?")
	base, _, _ = strings.Cut(base, "#")
	base = strings.TrimRight(base, "/")
	bases := []string{base, base + "/geonetwork"}
	if home, _, ok := strings.Cut(base, "/srv"); ok {
		bases = []string{home}
	}
	var first error
	for _, b := range bases {
		s := &Source{client: client, base: b, ends: map[int]string{}}
		_, err := s.page(ctx, 0, 1, 2)
		if err == nil {
			return s, nil
		}
		if harvest.Hopeless(ctx, err) {
			return nil, err
		}
		if first == nil {
			first = err
		}
	}
	return nil, &harvest.Error{URL: address, Kind: Type, Err: first}
}

// URL is the catalogue's home.
func (s *Source) URL() string { return s.base }

// Type is "geonetwork".
func (s *Source) Type() string { return Type }

// Harvest implements harvest.Source.
func (s *Source) Harvest(ctx context.Context, to harvest.Sink) (harvest.Report, error) {
	return harvest.List{Type: Type, Rows: rows, Fetch: s.page, Decode: Decoder(s.base)}.Harvest(ctx, to)
}

// page asks for records. Past the window, they are asked for by the one before
// them, which is known where the list is read in order.
func (s *Source) page(ctx context.Context, start, rows, attempts int) (harvest.Page, error) {
	ask := map[string]any{
		"from": start, "size": rows, "track_total_hits": true,
		"sort":  []any{map[string]any{"uuid": "asc"}},
		"query": map[string]any{"bool": map[string]any{"filter": []any{map[string]any{"terms": map[string]any{"isTemplate": []string{"n"}}}}}},
	}
	if start+rows > window {
		before, known := s.ends[start]
		if !known {
			return harvest.Page{Total: -1}, nil
		}
		ask["from"], ask["search_after"] = 0, []string{before}
	}
	body, err := json.Marshal(ask)
	if err != nil {
		return harvest.Page{}, err
	}
	g := httpx.Get{URL: s.base + "/srv/api/search/records/_search?bucket=bucket", Accept: "application/json", Attempts: attempts, Body: body, Type: "application/json"}
	var page harvest.Page
	g.Check = func(a *httpx.Answer) (err error) {
		if page, err = ParsePage(a.Body); err != nil {
			return &httpx.Error{Reason: httpx.NotAnswer, URL: g.URL, Status: a.Status, Err: err}
		}
		return nil
	}
	if _, err = s.client.Get(ctx, g); err != nil {
		return page, err
	}
	if n := len(page.Records); n > 0 {
		var last struct {
			Source struct{ UUID string } `json:"_source"`
		}
		if json.Unmarshal(page.Records[n-1], &last) == nil && last.Source.UUID != "" {
			s.ends[start+n] = last.Source.UUID
		}
	}
	return page, nil
}

// ParsePage reads an answer of the search: {"hits":{"total":{"value":n},"hits":[…]}}.
func ParsePage(b []byte) (harvest.Page, error) {
	var answer struct {
		Hits struct {
			Total any
			Hits  json.RawMessage
		}
	}
	if err := harvest.Decode(b, &answer); err != nil {
		return harvest.Page{}, err
	}
	records, err := harvest.RawList(answer.Hits.Hits)
	if err != nil {
		return harvest.Page{}, errors.New("no answer of a search")
	}
	return harvest.Page{Total: harvest.Total(answer.Hits.Total), Records: records}, nil
}

var errNoID = errors.New("record has no uuid")

// Decoder reads the records of the catalogue at base.
func Decoder(base string) harvest.Decoder {
	return func(raw []byte) (dataset.Dataset, bool, error) { return decode(raw, base) }
}

func decode(raw []byte, base string) (d dataset.Dataset, hidden bool, err error) {
	hit, err := harvest.ParseObject(raw)
	if err != nil {
		return d, false, fmt.Errorf("read record: %w", err)
	}
	o := hit.Object("_source")
	if o == nil {
		o = hit
	}
	id := harvest.Line(o.Text("metadataIdentifier", "uuid"))
	if id == "" {
		id = harvest.Line(hit.Text("_id"))
	}
	d = dataset.Dataset{
		ID:          id,
		Name:        id,
		Title:       harvest.Line(firstOf(text(o, "resourceTitle"), o.Text("title", "defaultTitle"), text(o, "resourceAltTitle"))),
		Description: harvest.Plain(text(o, "resourceAbstract")),
		Publisher:   publisher(o),
		Portal:      base,
		URL:         base + "/srv/fre/catalog.search#/metadata/" + url.PathEscape(id),
		Keywords:    harvest.Lines(texts(firstList(o, "tag", "keyword", "keywords"))),
		Themes:      harvest.Lines(append(harvest.Texts(firstList(o, "inspireTheme_syn", "inspireTheme"), harvest.MaxKeywords), texts(o.List("cl_topic"))...)),
		Licence:     licence(o),
		Frequency:   frequency(o),
		Period:      period(o),
		Spatial:     spatial(o),
	}
	if id == "" {
		return d, false, errNoID
	}
	if d.Title == "" {
		return d, false, errors.New("record has no title")
	}
	d.Created, d.Modified = dates(o)
	for _, v := range o.List("resourceIdentifier") {
		if m, ok := v.(map[string]any); ok {
			if code := harvest.Line(harvest.Object(m).Text("code")); code != "" && code != id {
				d.Origins = append(d.Origins, code)
			}
		}
	}
	d.Distributions = files(o)
	return d, hides(o), nil
}

// text is a text that stands alone in older versions, with its translations in
// newer ones ("titleObject").
func text(o harvest.Object, key string) string {
	return o.Text(key+"Object", key)
}

func firstOf(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}

func texts(list []any) []string { return harvest.Texts(list, harvest.MaxKeywords) }

func firstList(o harvest.Object, keys ...string) []any {
	for _, k := range keys {
		if l := o.List(k); len(l) > 0 {
			return l
		}
	}
	return nil
}

// roles of contacts, the publisher's first.
var roles = []string{"publisher", "owner", "custodian", "resourceProvider", "pointOfContact"}

func publisher(o harvest.Object) string {
	contacts := append(o.List("contactForResource"), o.List("contact")...)
	for _, role := range append(roles, "") {
		for _, v := range contacts {
			m, ok := v.(map[string]any)
			if !ok || role != "" && harvest.Object(m).Text("role") != role {
				continue
			}
			if name := harvest.Line(text(m, "organisation")); name != "" {
				return name
			}
		}
	}
	return harvest.Line(text(o, "OrgForResource"))
}

func licence(o harvest.Object) dataset.Licence {
	var names, links []string
	for _, k := range []string{"licenseObject", "MD_LegalConstraintsOtherConstraintsObject", "MD_ConstraintsUseLimitationObject", "MD_LegalConstraintsUseLimitationObject", "license", "MD_LegalConstraintsOtherConstraints", "MD_LegalConstraintsUseLimitation", "MD_ConstraintsUseLimitation"} {
		for _, v := range o.List(k) {
			if m, ok := v.(map[string]any); ok {
				names, links = append(names, harvest.Text(m)), append(links, harvest.Object(m).Text("link", "url", "href"))
				continue
			}
			names, links = append(names, harvest.Text(v)), append(links, "")
		}
	}
	return harvest.BestLicence(names, links)
}

func frequency(o harvest.Object) string {
	list := firstList(o, "cl_maintenanceAndUpdateFrequency", "cl_maintenanceAndUpdateFrequency_text", "userDefinedFrequency", "maintenanceAndUpdateFrequency", "updateFrequency")
	if len(list) == 0 {
		return ""
	}
	if m, ok := list[0].(map[string]any); ok {
		return harvest.Frequency(harvest.Object(m).Text("key", "default"))
	}
	return harvest.Frequency(harvest.Text(list[0]))
}

// period spans all ranges that a record gives.
func period(o harvest.Object) dataset.Period {
	return harvest.PeriodOf(firstList(o, "resourceTemporalDateRange", "resourceTemporalExtentDateRange"))
}

func spatial(o harvest.Object) string {
	places := append(texts(o.List("th_regions")), texts(firstList(o, "extentDescriptionObject", "extentIdentifierObject", "keywordType-place"))...)
	if places = harvest.Lines(places); len(places) == 0 {
		var shapes []any
		for _, v := range o.List("geom") {
			if m, ok := v.(map[string]any); ok {
				shapes = append(shapes, m["coordinates"])
				for _, part := range harvest.Object(m).List("geometries") {
					if part, ok := part.(map[string]any); ok {
						shapes = append(shapes, part["coordinates"])
					}
				}
			}
		}
		return harvest.Box(shapes)
	}
	return strings.Join(places[:min(len(places), 5)], ", ")
}

func dates(o harvest.Object) (created, modified time.Time) {
	by := map[string]time.Time{}
	for _, v := range o.List("resourceDate") {
		if m, ok := v.(map[string]any); ok {
			kind := harvest.Object(m).Text("type")
			if t := harvest.Time(harvest.Object(m).Text("date")); t.After(by[kind]) {
				by[kind] = t
			}
		}
	}
	for kind, key := range map[string]string{"revision": "revisionDateForResource", "publication": "publicationDateForResource", "creation": "creationDateForResource"} {
		if t := harvest.Time(o.Text(key)); by[kind].IsZero() {
			by[kind] = t
		}
	}
	pick := func(kinds ...string) time.Time {
		for _, k := range kinds {
			if !by[k].IsZero() {
				return by[k]
			}
		}
		return time.Time{}
	}
	if created = pick("creation", "publication"); created.IsZero() {
		created = harvest.Time(o.Text("createDate", "dateStamp"))
	}
	if modified = pick("revision", "publication", "creation"); modified.IsZero() {
		modified = harvest.Time(o.Text("changeDate", "dateStamp"))
	}
	return created, modified
}

// hides tells whether a record is a draft, a template, withdrawn, or of no data.
func hides(o harvest.Object) bool {
	if o["draft"] == true || o.Text("draft") == "y" || o.Text("draft") == "e" || o.Text("isTemplate") != "" && o.Text("isTemplate") != "n" {
		return true
	}
	for _, status := range harvest.Texts(o.List("cl_status"), 10, "key", "default") {
		switch status {
		case "obsolete", "retired", "withdrawn", "deleted", "planned":
			return true
		}
	}
	switch kind := harvest.Text(o["resourceType"]); kind {
	case "featureCatalog", "featureType", "attribute", "software", "document", "sensor", "application":
		return true
	}
	return false
}

func files(o harvest.Object) []dataset.Distribution {
	var out harvest.Files
	for _, v := range o.List("link") {
		m, ok := v.(map[string]any)
		if !ok {
			continue
		}
		l := harvest.Object(m)
		link := firstOf(text(l, "url"), text(l, "linkage"), l.Text("href"))
		if !harvest.IsWeb(link) {
			continue
		}
		switch l.Text("function") {
		case "legend", "featureCatalogue", "dataQualityReport", "portrayalCatalogueCitation":
			continue
		}
		out.Add(ogc.Online{
			URL: strings.ReplaceAll(link, " ", "%20"), Protocol: l.Text("protocol"), Name: text(l, "name"),
			Description: text(l, "description"), MediaType: l.Text("mimeType"),
		}.Distribution())
	}
	return out.All()
}
