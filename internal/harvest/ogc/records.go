package ogc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
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
	base   string            // the landing page, without a slash at its end
	lists  []string          // addresses of its collections' items
	next   map[string]string // address of the page at an offset of a list, as the page before it gave it
}

// Probe finds the catalogue at an address: its landing page, a collection or its
// items.
func Probe(ctx context.Context, client *httpx.Client, address string) (*Records, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, &httpx.Error{Reason: httpx.Invalid, URL: address, Err: err}
	}
	s := &Records{client: client, next: map[string]string{}}
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
	if next := s.next[place(list, start)]; next != "" { // servers that count otherwise (startindex, a token) say how here
		address = next
	}
	var page harvest.Page
	_, err := s.client.Get(ctx, httpx.Get{
		URL: address, Accept: "application/geo+json, application/json", Attempts: attempts,
		Check: func(a *httpx.Answer) (err error) {
			if page, err = ParsePage(a.Body); err != nil {
				return &httpx.Error{Reason: httpx.NotAnswer, URL: address, Status: a.Status, Err: err}
			}
			s.next[place(list, start+len(page.Records))] = following(a.Body, list)
			return nil
		},
	})
	return page, err
}

func place(list string, start int) string { return list + "\x00" + strconv.Itoa(start) }

// following is the page that a page leads to, on the same server; "" where it
// leads to none.
func following(b []byte, list string) string {
	home, err := url.Parse(list)
	o, broken := harvest.ParseObject(b)
	if err != nil || broken != nil {
		return ""
	}
	for _, v := range o.List("links") {
		m, ok := v.(map[string]any)
		if !ok || harvest.Object(m).Text("rel") != "next" {
			continue
		}
		u, err := home.Parse(harvest.Object(m).Text("href"))
		if err == nil && u.Host == home.Host && !strings.EqualFold(harvest.Object(m).Text("method"), "post") {
			return u.String()
		}
	}
	return ""
}

// ParsePage reads a GeoJSON collection of records.
func ParsePage(b []byte) (harvest.Page, error) {
	var answer struct {
		Type     string
		Matched  any `json:"numberMatched"`
		Features json.RawMessage
		Records  json.RawMessage // of early drafts
	}
	if err := harvest.Decode(b, &answer); err != nil {
		return harvest.Page{}, err
	}
	if answer.Features == nil {
		answer.Features = answer.Records
	}
	records, err := harvest.RawList(answer.Features)
	if answer.Type != "FeatureCollection" || err != nil {
		return harvest.Page{}, errors.New("no collection of records")
	}
	return harvest.Page{Total: harvest.Total(answer.Matched), Records: records}, nil
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
	others := elsewhere(p)
	if id == "" {
		id = harvest.Line(p.Text("externalId", "identifier"))
	}
	if id == "" && len(others) > 0 {
		id = others[0]
	}
	d = dataset.Dataset{
		ID: id, Name: id, Portal: base,
		Title:       harvest.Line(p.Text("title")),
		Description: harvest.Plain(p.Text("description", "abstract")),
		Publisher:   publisher(p),
		Licence:     licence(o, p),
		Keywords:    harvest.Keywords(harvest.Texts(p.List("keywords"), harvest.MaxKeywords, "keyword", "name", "title", "id")),
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
	for _, v := range []any{o["time"], p["time"], p["extent"], p["datetime"]} {
		if e, ok := v.(map[string]any); ok && e["temporal"] != nil {
			v = e["temporal"]
		}
		if d.Period = harvest.PeriodOf(v); d.Period != (dataset.Period{}) {
			break
		}
	}
	if d.Spatial = harvest.Spatial(p.Text("spatial", "coverage")); d.Spatial == "" {
		d.Spatial = harvest.Box(o.Object("geometry")["coordinates"])
	}
	d.Origins = slices.DeleteFunc(others, func(s string) bool { return s == id })
	d.Frequency = harvest.Frequency(p.Text("updateFrequency", "accrualPeriodicity", "frequency"))
	d.Distributions = links(o, p)
	return d, false, nil
}

// elsewhere are the identifiers that a record has beside its own.
func elsewhere(p harvest.Object) []string {
	return harvest.Lines(harvest.Texts(append(p.List("externalIds"), p.List("externalId")...), 20, "value", "id"))
}

// licence is what a record states, else the link that it gives for it.
func licence(o, p harvest.Object) dataset.Licence {
	for _, v := range []any{p["license"], p["licence"], p["rights"], p["accessConstraints"]} {
		if l := harvest.LicenceOf(v); l != (dataset.Licence{}) && !strings.EqualFold(l.Title, "other") && !strings.EqualFold(l.Title, "various") && !strings.EqualFold(l.Title, "proprietary") {
			return l
		}
	}
	for _, v := range append(o.List("links"), p.List("links")...) {
		if m, ok := v.(map[string]any); ok && harvest.Object(m).Text("rel") == "license" {
			return harvest.Licence("", harvest.Object(m).Text("title"), harvest.Object(m).Text("href"))
		}
	}
	return dataset.Licence{}
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
			name := harvest.Line(c.Text("organization", "organisation", "name"))
			roles := strings.Join(harvest.Texts(append(c.List("roles"), c.List("role")...), 10, "name"), " ")
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
			out = append(out, harvest.Texts(harvest.Object(m).List("concepts"), harvest.MaxKeywords, "title", "name", "label", "id")...)
			continue
		}
		out = append(out, harvest.Text(v))
	}
	return harvest.Themes(out)
}

// navigation are the relations of links that lead to other records or pages.
var navigation = map[string]bool{"self": true, "alternate": true, "collection": true, "root": true, "parent": true, "canonical": true, "license": true, "prev": true, "next": true, "thumbnail": true, "preview": true, "icon": true}

func links(o, p harvest.Object) []dataset.Distribution {
	var out harvest.Files
	for _, list := range [][]any{o.List("links"), p.List("links"), o.List("associations"), p.List("associations")} {
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
	for _, assets := range []harvest.Object{o.Object("assets"), p.Object("assets")} { // as STAC has files
		for _, key := range slices.Sorted(maps.Keys(assets)) {
			m, ok := assets[key].(map[string]any)
			if !ok || !harvest.IsWeb(harvest.Object(m).Text("href")) {
				continue
			}
			a := harvest.Object(m)
			out.Add(Online{URL: a.Text("href"), Name: key, Description: a.Text("title"), MediaType: a.Text("type")}.Distribution())
		}
	}
	return out.All()
}
