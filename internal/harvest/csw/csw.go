// Package csw reads catalogues of geographic data that speak CSW 2.0.2, as
// ISO 19139 records, else as Dublin Core.
package csw

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"cigogne/internal/harvest"
	"cigogne/internal/harvest/ogc"
	"cigogne/internal/harvest/xmltree"
	"cigogne/internal/httpx"
)

// Type is the name of this dialect.
const Type = "csw"

// rows is how many records are asked for at a time: a full record is 40 kB.
const rows = 50

// Source is a catalogue.
type Source struct {
	client *httpx.Client
	base   string // the service's address
	post   bool   // it takes requests as XML only
	schema schema // of the records to ask for
}

// schema is a form of records: its namespace and the type that is asked for.
type schema struct{ space, typeName string }

var (
	isoSchema    = schema{"http://www.isotc211.org/2005/gmd", "gmd:MD_Metadata"}
	dublinSchema = schema{"http://www.opengis.net/cat/csw/2.0.2", "csw:Record"}
)

// ways are those of asking, the one that says most first.
var ways = []struct {
	schema schema
	post   bool
}{{isoSchema, false}, {isoSchema, true}, {dublinSchema, false}, {dublinSchema, true}}

// paths at which catalogues stand below a portal's home.
var paths = []string{"", "/srv/fre/csw", "/geonetwork/srv/fre/csw", "/srv/eng/csw", "/geonetwork/srv/eng/csw", "/csw"}

// Probe finds the catalogue at an address: that of its service, or a portal's
// home.
func Probe(ctx context.Context, client *httpx.Client, address string) (*Source, error) {
	u := ogc.Base(address)
	if u == nil {
		return nil, &httpx.Error{Reason: httpx.Invalid, URL: address}
	}
	q := u.Query()
	for k := range q {
		if strings.EqualFold(k, "startPosition") || strings.EqualFold(k, "maxRecords") || strings.EqualFold(k, "resultType") || strings.EqualFold(k, "elementSetName") || strings.EqualFold(k, "outputSchema") {
			q.Del(k)
		}
	}
	u.RawQuery = q.Encode()
	home := strings.TrimRight(u.String(), "/")
	try := paths
	if strings.Contains(strings.ToLower(u.Path), "csw") {
		try = paths[:1]
	} else if i := strings.Index(home, "/srv/"); i >= 0 { // one of GeoNetwork's pages
		home, try = home[:i], []string{"/srv/fre/csw", "/srv/eng/csw"}
	}
	return probe(ctx, client, address, home, try)
}

// probe tries the paths below a home, each in every way.
func probe(ctx context.Context, client *httpx.Client, address, home string, try []string) (*Source, error) {
	var first error
	for _, path := range try {
		s := &Source{client: client, base: home + path}
		for _, way := range ways {
			s.schema, s.post = way.schema, way.post
			_, err := s.page(ctx, 0, 1, 2)
			if err == nil {
				return s, nil
			}
			var e *httpx.Error
			if harvest.Hopeless(ctx, err) {
				return nil, err
			}
			if first == nil {
				first = err
			}
			if errors.As(err, &e) && e.Reason == httpx.NotFound {
				break
			}
		}
	}
	return nil, &harvest.Error{URL: address, Kind: Type, Err: first}
}

// URL is the service's address.
func (s *Source) URL() string { return s.base }

// Type is "csw".
func (s *Source) Type() string { return Type }

// Harvest implements harvest.Source.
func (s *Source) Harvest(ctx context.Context, to harvest.Sink) (harvest.Report, error) {
	return harvest.List{Type: Type, Rows: rows, Fetch: s.page, Decode: Decoder(s.base, s.record)}.Harvest(ctx, to)
}

// record is the page at which GeoNetwork shows a record; elsewhere, the record
// itself.
func (s *Source) record(id string) string {
	if home, _, ok := strings.Cut(s.base, "/srv/"); ok {
		return home + "/srv/fre/catalog.search#/metadata/" + url.PathEscape(id)
	}
	u, err := url.Parse(s.base)
	if err != nil {
		return ""
	}
	q := u.Query()
	for k, v := range map[string]string{"service": "CSW", "version": "2.0.2", "request": "GetRecordById", "elementSetName": "full", "outputSchema": s.schema.space, "id": id} {
		q.Set(k, v)
	}
	u.RawQuery = q.Encode()
	return u.String()
}

func (s *Source) page(ctx context.Context, start, rows, attempts int) (harvest.Page, error) {
	g := httpx.Get{URL: s.address(start, rows), Accept: "application/xml", Attempts: attempts}
	if s.post {
		g.URL, g.Body, g.Type = s.base, s.request(start, rows), "application/xml"
	}
	var page harvest.Page
	g.Check = func(a *httpx.Answer) (err error) {
		if page, err = ParsePage(a.Body); err != nil {
			return &httpx.Error{Reason: httpx.NotAnswer, URL: g.URL, Status: a.Status, Err: err}
		}
		return nil
	}
	_, err := s.client.Get(ctx, g)
	return page, err
}

// address asks by GET. resultType is said, for its default is hits.
func (s *Source) address(start, rows int) string {
	u, err := url.Parse(s.base)
	if err != nil {
		return s.base
	}
	q := u.Query()
	for k, v := range map[string]string{
		"service": "CSW", "version": "2.0.2", "request": "GetRecords", "resultType": "results", "elementSetName": "full",
		"typeNames": s.schema.typeName, "outputSchema": s.schema.space, "constraintLanguage": "CQL_TEXT",
		"namespace":     "xmlns(" + s.schema.prefix() + "=" + s.schema.space + ")",
		"startPosition": strconv.Itoa(start + 1), "maxRecords": strconv.Itoa(rows),
	} {
		q.Set(k, v)
	}
	u.RawQuery = q.Encode()
	return u.String()
}

func (s schema) prefix() string {
	prefix, _, _ := strings.Cut(s.typeName, ":")
	return prefix
}

// request asks by POST, sorted by identifier so that pages stay put.
func (s *Source) request(start, rows int) []byte {
	declared, property := "", "dc:identifier"
	if s.schema == isoSchema {
		declared, property = fmt.Sprintf(` xmlns:gmd="%s"`, isoSchema.space), "apiso:identifier"
	}
	return fmt.Appendf(nil, `<?xml version="1.0" encoding="UTF-8"?>
<csw:GetRecords xmlns:csw="%s"%s xmlns:ogc="http://www.opengis.net/ogc" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:apiso="http://www.opengis.net/cat/csw/apiso/1.0" service="CSW" version="2.0.2" resultType="results" startPosition="%d" maxRecords="%d" outputSchema="%s">
<csw:Query typeNames="%s"><csw:ElementSetName>full</csw:ElementSetName><ogc:SortBy><ogc:SortProperty><ogc:PropertyName>%s</ogc:PropertyName><ogc:SortOrder>ASC</ogc:SortOrder></ogc:SortProperty></ogc:SortBy></csw:Query>
</csw:GetRecords>`, dublinSchema.space, declared, start+1, rows, s.schema.space, s.schema.typeName, property)
}

// ParsePage reads an answer of GetRecords. An ows:ExceptionReport, which comes
// with status 200, is an error; so is an answer of another kind.
func ParsePage(b []byte) (harvest.Page, error) {
	b = xmltree.UTF8(b)
	if xmltree.Has(b, "ExceptionReport") {
		if n, err := xmltree.Parse(b); err == nil && n.Name == "ExceptionReport" {
			return harvest.Page{}, fmt.Errorf("the catalogue says: %.300s", n.Text())
		}
	}
	i := bytes.Index(b, []byte("SearchResults"))
	if i < 0 {
		return harvest.Page{}, errors.New("no answer of GetRecords")
	}
	page := harvest.Page{Total: -1, Records: Records(b)}
	head := b[i:]
	if j := bytes.IndexByte(head, '>'); j >= 0 {
		head = head[:j]
	}
	if n := attribute(head, "numberOfRecordsMatched"); n >= 0 {
		page.Total = n
	}
	return page, nil
}

// attribute reads a number from the start of an element, -1 where it has none:
// the document around it need not be whole.
func attribute(head []byte, name string) int {
	_, rest, ok := bytes.Cut(head, []byte(name+"="))
	if !ok || len(rest) < 2 {
		return -1
	}
	value, _, _ := bytes.Cut(rest[1:], rest[:1])
	n, err := strconv.Atoi(strings.TrimSpace(string(value)))
	if err != nil || n < 0 {
		return -1
	}
	return n
}
