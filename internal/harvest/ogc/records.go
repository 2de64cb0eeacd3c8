package ogc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest"
	"cigogne/internal/httpx"
)

// Type is the name of the dialect that Records speaks.
const Type = "ogc-records"

// rows is how many records are asked for at a time; servers cap it in silence.
const rows = 100

// Records is a catalogue that speaks OGC API - Records.
type Records struct {
	client *httpx.Client
	base   string   // the landing page, without a slash at its end
	lists  []string // addresses of its collections' items
}

// Probe finds the catalogue at an address: its landing page, a collection or its
// items.
func Probe(ctx context.Context, client *httpx.Client, address string) (*Records, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, &httpx.Error{Reason: httpx.Invalid, URL: address, Err: err}
	}
	s := &Records{client: client}
	before, collection, ok := strings.Cut(strings.TrimRight(u.Path, "/"), "/collections")
	s.base = u.Scheme + "://" + u.Host + before
	if name, _, _ := strings.Cut(strings.TrimPrefix(collection, "/"), "/"); ok && name != "" {
		s.lists = []string{s.base + "/collections/" + name + "/items"}
		if _, err = s.page(ctx, s.lists[0], 0, 1, 2); err == nil {
			return s, nil
		}
	} else if err = s.collections(ctx); err == nil {
		return s, nil
	}
	if harvest.Hopeless(ctx, err) {
		return nil, err
	}
	return nil, &harvest.Error{URL: address, Kind: Type, Err: err}
}

// collections finds those of records, or that are catalogues.
func (s *Records) collections(ctx context.Context) error {
	address := s.base + "/collections?f=json"
	a, err := s.client.Get(ctx, httpx.Get{URL: address, Accept: "application/json", Attempts: 2})
	if err != nil {
		return err
	}
	o, err := harvest.ParseObject(a.Body)
	if err != nil {
		return &httpx.Error{Reason: httpx.NotAnswer, URL: address, Status: a.Status, Err: err}
	}
	for _, v := range o.List("collections") {
		m, ok := v.(map[string]any)
		if !ok {
			continue
		}
		c := harvest.Object(m)
		if c.Text("itemType") == "record" || c.Text("type") == "Catalog" {
			s.lists = append(s.lists, s.base+"/collections/"+url.PathEscape(c.Text("id", "name"))+"/items")
		}
	}
	if len(s.lists) == 0 {
		return &httpx.Error{Reason: httpx.NotAnswer, URL: address, Status: a.Status, Err: errors.New("no collection of records")}
	}
	return nil
}

// URL is the landing page.
func (s *Records) URL() string { return s.base }

// Type is "ogc-records".
func (s *Records) Type() string { return Type }

// Harvest implements harvest.Source: one collection after the other.
func (s *Records) Harvest(ctx context.Context, to harvest.Sink) (harvest.Report, error) {
	sum := harvest.Report{Type: Type}
	for _, list := range s.lists {
		r, err := harvest.List{
			Type: Type, Rows: rows, Decode: Decoder(s.base, list),
			Fetch: func(ctx context.Context, start, rows, attempts int) (harvest.Page, error) {
				return s.page(ctx, list, start, rows, attempts)
			},
		}.Harvest(ctx, to)
		sum.Add(r)
		if err != nil {
			return sum, err
		}
	}
	return sum, nil
}

func (s *Records) page(ctx context.Context, list string, start, rows, attempts int) (harvest.Page, error) {
	q := url.Values{"f": {"json"}, "limit": {strconv.Itoa(rows)}, "offset": {strconv.Itoa(start)}}
	address := list + "?" + q.Encode()
	var page harvest.Page
	_, err := s.client.Get(ctx, httpx.Get{
		URL: address, Accept: "application/geo+json, application/json", Attempts: attempts,
		Check: func(a *httpx.Answer) (err error) {
			if page, err = ParsePage(a.Body); err != nil {
				return &httpx.Error{Reason: httpx.NotAnswer, URL: address, Status: a.Status, Err: err}
			}
			return nil
		},
	})
	return page, err
}

// ParsePage reads a GeoJSON collection of records.
func ParsePage(b []byte) (harvest.Page, error) {
	var answer struct {
		Type     string
		Matched  *int `json:"numberMatched"`
		Features []json.RawMessage
	}
	if err := json.Unmarshal(b, &answer); err != nil {
		return harvest.Page{}, err
	}
	if answer.Type != "FeatureCollection" || answer.Features == nil {
		return harvest.Page{}, errors.New("no collection of records")
	}
	page := harvest.Page{Total: -1, Records: answer.Features}
	if answer.Matched != nil {
		page.Total = *answer.Matched
	}
	return page, nil
}

var (
	errNoID    = errors.New("record has no id")
	errNoTitle = errors.New("record has no title")
)

// Decoder reads the records of the list of a catalogue whose home is base.
func Decoder(base, list string) harvest.Decoder {
	return func(raw []byte) (dataset.Dataset, bool, error) { return decode(raw, base, list) }
}

func decode(raw []byte, base, list string) (d dataset.Dataset, hidden bool, err error) {
	o, err := harvest.ParseObject(raw)
	if err != nil {
		return d, false, fmt.Errorf("read record: %w", err)
	}
	p := o.Object("properties")
	id := harvest.Line(harvest.Text(o["id"]))
	if id == "" {
		id = harvest.Line(p.Text("externalId", "identifier"))
	}
	d = dataset.Dataset{
		ID: id, Name: id, Portal: base,
		Title:       harvest.Line(p.Text("title")),
		Description: harvest.Plain(p.Text("description", "abstract")),
		Publisher:   publisher(p),
		Licence:     harvest.BestLicence([]string{p.Text("license"), p.Text("rights")}, []string{"", ""}),
		Keywords:    harvest.Lines(harvest.Texts(p.List("keywords"), harvest.MaxKeywords)),
		Themes:      themes(p),
		Created:     harvest.Time(p.Text("created", "recordCreated")),
		Modified:    harvest.Time(p.Text("updated", "modified", "recordUpdated", "created")),
		URL:         list + "/" + url.PathEscape(id),
	}
	switch {
	case id == "":
		return d, false, errNoID
	case d.Title == "":
		return d, false, errNoTitle
	}
	if t := o.Object("time"); t != nil {
		if ends := t.List("interval"); len(ends) == 2 {
			d.Period = dataset.Period{Start: harvest.Day(harvest.Text(ends[0])), End: harvest.Day(harvest.Text(ends[1]))}
		} else if day := harvest.Day(t.Text("date", "timestamp")); day != "" {
			d.Period = dataset.Period{Start: day, End: day}
		}
	}
	d.Distributions = links(o, p)
	return d, false, nil
}

// publisher is the contact whose role says so, else the first that names an
// organization.
func publisher(p harvest.Object) string {
	first := ""
	for _, key := range []string{"contacts", "providers"} {
		for _, v := range p.List(key) {
			m, ok := v.(map[string]any)
			if !ok {
				continue
			}
			c := harvest.Object(m)
			name := harvest.Line(c.Text("organization", "name"))
			roles := strings.Join(harvest.Texts(c.List("roles"), 10, "name"), " ")
			if name != "" && strings.Contains(roles, "publisher") {
				return name
			}
			if first == "" {
				first = name
			}
		}
	}
	if first == "" {
		first = harvest.Line(p.Text("publisher", "creator"))
	}
	return first
}

func themes(p harvest.Object) []string {
	var out []string
	for _, v := range p.List("themes") {
		if m, ok := v.(map[string]any); ok {
			out = append(out, harvest.Texts(harvest.Object(m).List("concepts"), harvest.MaxKeywords, "title", "id")...)
		}
	}
	return harvest.Lines(out)
}

// navigation are the relations of links that lead to other records or pages.
var navigation = map[string]bool{"self": true, "alternate": true, "collection": true, "root": true, "parent": true, "canonical": true, "license": true, "prev": true, "next": true, "thumbnail": true, "preview": true, "icon": true}

func links(o, p harvest.Object) []dataset.Distribution {
	var out harvest.Files
	for _, list := range [][]any{o.List("links"), p.List("associations"), o.List("linkTemplates")} {
		for _, v := range list {
			m, ok := v.(map[string]any)
			if !ok {
				continue
			}
			l := harvest.Object(m)
			href := l.Text("href")
			if !harvest.IsWeb(href) || navigation[l.Text("rel")] {
				continue
			}
			x := Online{URL: strings.ReplaceAll(href, " ", "%20"), Protocol: l.Text("protocol"), Name: l.Text("name"), Description: l.Text("title", "description"), MediaType: l.Text("type")}.Distribution()
			x.Size = harvest.Int(l["length"])
			out.Add(x)
		}
	}
	for key, v := range p.Object("assets") { // as STAC has files
		if m, ok := v.(map[string]any); ok {
			a := harvest.Object(m)
			out.Add(Online{URL: a.Text("href"), Name: key, MediaType: a.Text("type")}.Distribution())
		}
	}
	return out.All()
}
