// Package melodi reads INSEE's catalogue of datasets by the interface named
// Melodi: SDMX's notions in a JSON of its own. The catalogue comes in one answer;
// files are archives of a CSV, or else the observations page by page.
package melodi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest"
	"cigogne/internal/harvest/sdmx"
	"cigogne/internal/httpx"
)

// Type is the name of this dialect, and the format of observations.
const Type = "melodi"

// Source is a server.
type Source struct {
	client *httpx.Client
	base   string // up to …/melodi, without a slash at its end
}

// Probe finds the server at an address: its home, or one of its resources
// (…/catalog/all, …/data/ID).
func Probe(ctx context.Context, client *httpx.Client, address string) (*Source, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, &httpx.Error{Reason: httpx.Invalid, URL: address, Err: err}
	}
	base, _, _ := strings.Cut(address, "?")
	for _, part := range []string{"/catalog/", "/data/", "/range/", "/file/"} {
		base, _, _ = strings.Cut(base, part)
	}
	s := &Source{client: client, base: strings.TrimRight(base, "/")}
	if _, err = s.list(ctx, 2); err != nil {
		if harvest.Hopeless(ctx, err) {
			return nil, err
		}
		return nil, &harvest.Error{URL: address, Kind: Type, Err: err}
	}
	return s, nil
}

// URL is the server's home.
func (s *Source) URL() string { return s.base }

// Type is "melodi".
func (s *Source) Type() string { return Type }

// Harvest implements harvest.Source: all records come in one answer.
func (s *Source) Harvest(ctx context.Context, to harvest.Sink) (harvest.Report, error) {
	report := harvest.Report{Type: Type, Declared: -1}
	records, err := s.list(ctx, 0)
	if err != nil {
		return report, err
	}
	report.Pages = 1
	taker := harvest.Taker{Decode: Decoder(s.base), Report: &report}
	for _, d := range taker.Take(records) {
		if err := to.Put(d); err != nil {
			return report, err
		}
		report.Datasets++
	}
	to.Told(report)
	return report, nil
}

func (s *Source) list(ctx context.Context, attempts int) (records []json.RawMessage, err error) {
	address := s.base + "/catalog/all"
	_, err = s.client.Get(ctx, httpx.Get{
		URL: address, Accept: "application/json", Attempts: attempts,
		Check: func(a *httpx.Answer) (err error) {
			if records, err = Parse(a.Body); err != nil {
				return &httpx.Error{Reason: httpx.NotAnswer, URL: address, Status: a.Status, Err: err}
			}
			return nil
		},
	})
	return records, err
}

var errNoCatalogue = errors.New("no catalogue of Melodi's")

// Parse reads a catalogue: a list of records, some of which have what only
// Melodi's have.
func Parse(b []byte) ([]json.RawMessage, error) {
	var list json.RawMessage
	if err := harvest.Decode(b, &list); err != nil {
		return nil, err
	}
	records, err := harvest.RawList(list)
	if err != nil {
		return nil, errNoCatalogue
	}
	for _, r := range records {
		if o, err := harvest.ParseObject(r); err == nil && Is(o) {
			return records, nil
		}
	}
	return nil, errNoCatalogue
}

// Is tells whether a record is one of Melodi's: an identifier, and titles that say
// their languages beside what only it has.
func Is(o harvest.Object) bool {
	titles := o.List("title")
	if o.Text("identifier") == "" || len(titles) == 0 {
		return false
	}
	title, ok := titles[0].(map[string]any)
	_, content := title["content"]
	return ok && content && (o["product"] != nil || o["structure"] != nil || o["numObservations"] != nil || o["wasGeneratedBy"] != nil)
}

var (
	errNoID    = errors.New("record has no identifier")
	errNoTitle = errors.New("record has no title")
)

// Decoder reads the records of the server at base.
func Decoder(base string) harvest.Decoder {
	return func(raw []byte) (dataset.Dataset, bool, error) { return decode(raw, base) }
}

func decode(raw []byte, base string) (d dataset.Dataset, hidden bool, err error) {
	o, err := harvest.ParseObject(raw)
	if err != nil {
		return d, false, fmt.Errorf("read record: %w", err)
	}
	id := harvest.Line(o.Text("identifier"))
	title, more := harvest.Line(o.Text("title")), harvest.Line(o.Text("subtitle"))
	switch {
	case id == "":
		return d, false, errNoID
	case title == "":
		return d, false, errNoTitle
	case more != "":
		title += " – " + more
	}
	d = dataset.Dataset{
		ID: id, Name: id, Title: title, Portal: base, URL: base + "/catalog/" + url.PathEscape(id),
		Description: harvest.Plain(strings.Join(harvest.Lines([]string{o.Text("abstract"), o.Text("description")}), "\n\n")),
		Publisher:   harvest.Line(o.Text("publisher", "creator")),
		Licence:     harvest.LicenceOf(o["license"]),
		Keywords:    harvest.Lines(harvest.Texts(o.List("keyword"), harvest.MaxKeywords, "label")),
		Themes:      harvest.Lines(harvest.Texts(o.List("theme"), harvest.MaxKeywords, "label")),
		Frequency:   harvest.Frequency(o.Text("accrualPeriodicity")),
		Spatial:     harvest.Line(o.Text("spatial")),
		Created:     harvest.Time(o.Text("issued")),
		Modified:    harvest.Time(o.Text("modified", "issued")),
	}
	if o.Object("publisher") != nil {
		d.Publisher = harvest.Line(o.Object("publisher").Text("label", "id"))
	}
	if when := o.Object("temporal"); when != nil {
		d.Period = dataset.Period{Start: harvest.Day(when.Text("startPeriod")), End: harvest.Day(when.Text("endPeriod"))}
	}
	if uri := harvest.Line(o.Text("uri")); uri != "" {
		d.Origins = []string{uri}
	}
	if page := o.Text("landingPage"); harvest.IsWeb(page) {
		d.URL = page
	}
	d.Distributions = files(o, base, id, title)
	return d, false, nil
}

// files are what the record lists, in French where there is a choice; where that
// holds no table, the observations.
func files(o harvest.Object, base, id, title string) []dataset.Distribution {
	var out harvest.Files
	tables, french := false, false
	for _, v := range o.List("product") {
		if m, ok := v.(map[string]any); ok {
			french = french || strings.EqualFold(harvest.Object(m).Text("language"), "fr")
		}
	}
	for _, v := range o.List("product") {
		m, ok := v.(map[string]any)
		if !ok {
			continue
		}
		p := harvest.Object(m)
		if l := p.Text("language"); french && l != "" && !strings.EqualFold(l, "fr") {
			continue
		}
		x := dataset.Distribution{
			ID: harvest.Line(p.Text("id")), Title: harvest.Line(p.Text("title")), URL: harvest.Absolute(base, p.Text("accessURL", "downloadURL")),
			MediaType: harvest.MediaType(p.Text("mediaType")), Size: harvest.Int(p["byteSize"]), Modified: harvest.Time(p.Text("modified", "issued")),
		}
		x.Format = harvest.Format(p.Text("format"), x.MediaType, x.URL)
		if x.URL == "" {
			continue
		}
		tables = tables || harvest.TableFormat(x) != ""
		out.Add(x)
	}
	if !tables {
		out.Add(dataset.Distribution{ID: "observations", Title: title, Format: Type, MediaType: "application/json", URL: base + "/data/" + url.PathEscape(id), Modified: harvest.Time(o.Text("modified"))})
	}
	return out.All()
}

// Range is where it is told what the codes of observations mean.
func Range(observations string) string {
	before, after, ok := strings.Cut(observations, "/data/")
	if !ok {
		return ""
	}
	id, _, _ := strings.Cut(after, "?")
	return before + "/range/" + id
}

var errNoRange = errors.New("no range of codes")

// ParseRange reads what the codes of each concept mean. A place goes by its whole
// identifier ("2025-DEP-67"), as in observations.
func ParseRange(b []byte) (map[string]sdmx.Component, error) {
	o, err := harvest.ParseObject(b)
	if err != nil {
		return nil, err
	}
	out := map[string]sdmx.Component{}
	for _, v := range o.List("range") {
		m, ok := v.(map[string]any)
		if !ok {
			continue
		}
		concept := harvest.Object(m).Object("concept")
		code := harvest.Line(concept.Text("code", "id"))
		if code == "" {
			continue
		}
		c := sdmx.Component{Name: harvest.Line(concept.Text("label")), Codes: map[string]string{}}
		for _, v := range harvest.Object(m).List("values") {
			m, ok := v.(map[string]any)
			if !ok {
				continue
			}
			value := harvest.Object(m)
			if label := harvest.Line(value.Text("label")); label != "" && value.Text("id", "code") != "" {
				c.Codes[value.Text("id", "code")] = label
			}
		}
		out[code] = c
	}
	if len(out) == 0 {
		return nil, errNoRange
	}
	return out, nil
}
