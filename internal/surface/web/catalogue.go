package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/surface"
	"cigogne/internal/surface/httpd"
	"cigogne/internal/texts"
)

// results is what the catalogue page shows.
type results struct {
	Text     string
	Total    int
	Items    []found
	Themes   facet // always in sight
	Facets   []facet
	Narrowed bool
	Clear    string // address without narrowing
	Previous string // addresses of the pages around; "" where there is none
	Next     string
	From, To int
	Hidden   [][2]string // fields that a new search keeps

	Elsewhere string // address of the national portal's search, where nothing fits
}

type found struct {
	assistant.FoundItem
	Modified string
	Years    string   // "2016–2020"; "" where they are not said
	Path     string   // of our own page about it
	Reasons  []string // what speaks for it beside the words asked
	Alike    string   // address of its series
}

type facet struct {
	Name   string
	Values []facetValue
}

type facetValue struct {
	Text   string
	Count  int
	Chosen bool
	Path   string // narrows to it, or lifts it
}

const (
	pageSize = 20
	maxPages = 500
	maxField = 300 // bytes of a search field
)

// browsed is what a request looks for: its fields, and the page that it wants.
func browsed(r *http.Request) (q url.Values, b assistant.Browse, page int) {
	q = url.Values{}
	for _, k := range append([]string{"q"}, narrowing...) {
		if v := strings.ToValidUTF8(strings.TrimSpace(r.FormValue(k)), ""); v != "" && len(v) <= maxField {
			q.Set(k, v)
		}
	}
	page, err := strconv.Atoi(r.FormValue("page"))
	if err != nil || page < 1 || page > maxPages {
		page = 1
	}
	b = assistant.Browse{
		Text: q.Get("q"), Like: q.Get("like"), Theme: q.Get("theme"), Askable: q.Get("askable") == assistant.Askable, Territory: q.Get("territory"),
		Publisher: q.Get("publisher"), Portal: q.Get("portal"), Format: q.Get("format"), Offset: (page - 1) * pageSize, Limit: pageSize,
	}
	if b.Year, err = strconv.Atoi(q.Get("year")); err != nil || b.Year < 0 {
		b.Year = 0
		q.Del("year")
	}
	return q, b, page
}

// search shows the catalogue: all of it, or what fits the words and fields.
func (s *site) search(w http.ResponseWriter, r *http.Request) {
	l := httpd.Language(r)
	q, b, n := browsed(r)
	f, err := s.Guide.Find(r.Context(), b, l)
	if err != nil {
		s.Log.ErrorContext(r.Context(), "catalogue", "error", err)
		s.sorry(w, r, http.StatusInternalServerError, texts.Say(l, "web.catalogue_unavailable"), texts.Say(l, "web.catalogue_could_not_be_read_try"))
		return
	}
	p := s.page(r)
	to := func(q url.Values) string { return p.Link(strings.TrimSuffix("/search?"+q.Encode(), "?")) }
	out := results{Text: b.Text, Total: f.Total, Narrowed: len(q) > 1 || len(q) == 1 && b.Text == "", Clear: to(with(url.Values{}, "q", b.Text)), From: b.Offset + 1, To: b.Offset + len(f.Datasets), Elsewhere: f.Elsewhere}
	for _, x := range f.Datasets {
		x.URL = httpAddress(x.URL)
		out.Items = append(out.Items, found{x, day(x.Modified, l), yearsOf(x), p.Link(datasetPath(x.ID)), reasons(x.Why), to(url.Values{"like": {x.ID}})})
	}
	for _, x := range f.Facets {
		x = withChosen(x, q, f.Total)
		switch v := s.facet(x, q, l, to); {
		case len(v.Values) < 2 && q.Get(x.Field) == "": // nothing to choose between
		case x.Field == "theme":
			out.Themes = v
		default:
			out.Facets = append(out.Facets, v)
		}
	}
	if n > 1 {
		out.Previous = to(with(q, "page", strconv.Itoa(n-1)))
	}
	if out.To < f.Total && n < maxPages {
		out.Next = to(with(q, "page", strconv.Itoa(n+1)))
	}
	for k := range q {
		if k != "q" {
			out.Hidden = append(out.Hidden, [2]string{k, q.Get(k)})
		}
	}
	p.Here, p.Data = "catalogue", out
	p.Title = texts.Say(l, "web.catalogue")
	if b.Text != "" {
		p.Title = texts.Say(l, "web.in_catalogue", "text", lang.Cut(b.Text, 80))
	}
	p.Path = "/search"
	p.Query = q
	w.Header().Set("Cache-Control", "private, max-age=60")
	s.show(w, r, http.StatusOK, "search", p)
}

// reasons leaves out what a reader sees in the title anyway: that it has the
// very words asked.
func reasons(why []string) []string {
	said := func(s string) bool {
		return strings.HasPrefix(s, "« ") && strings.Count(s, "« ") == 1 || strings.HasPrefix(s, "“") && strings.Count(s, "“") == 1
	}
	var out []string
	for _, w := range why {
		if !said(w) {
			out = append(out, w)
		}
	}
	if len(out) < len(why) && len(out) == 1 && len(why) > 0 { // words, and a sense near to them: nothing to explain
		return nil
	}
	return out
}

// with is a copy of a query with one field set.
func with(q url.Values, key, value string) url.Values {
	out := url.Values{}
	for k := range q {
		if k != key {
			out.Set(k, q.Get(k))
		}
	}
	if value != "" {
		out.Set(key, value)
	}
	return out
}

// themeName is what a theme is called: portals write theirs in French, mostly.
func themeName(theme string, l lang.Lang) string {
	return texts.SayOr(l, "theme."+strings.ReplaceAll(lang.Fold(theme), " ", "_"), theme)
}

// yearsOf writes the years that a dataset's data speak of.
func yearsOf(x assistant.FoundItem) string {
	switch {
	case x.From == 0:
		return ""
	case x.From == x.To:
		return strconv.Itoa(x.From)
	}
	return fmt.Sprintf("%d–%d", x.From, x.To)
}

// portalName is what a portal is called: its host.
func portalName(portal string, l lang.Lang) string {
	if portal == "embedded" {
		return texts.Say(l, "web.cigogne_built_in")
	}
	if u, err := url.Parse(portal); err == nil && u.Host != "" {
		return strings.TrimPrefix(u.Host, "www.")
	}
	return portal
}

func datasetPath(id string) string { return "/dataset/" + url.PathEscape(id) }

// described is what the page of a dataset shows.
type described struct {
	assistant.Description
	Publisher, Licence, LicenceURL string
	PublisherPath                  string // of its page, "" where there is none
	Period, Modified, Frequency    string
	Portal, URL                    string
	Paragraphs                     []string
	Grade                          int // criteria met, of …
	OutOf                          int
	Met, Missing                   []string
	TableViews                     []tableView
	Files                          []file
	MoreFiles                      int
}

type tableView struct {
	ID, Title string
	Rows      int
	Facts     []string // what a row is
	Columns   []columnView
	Head      []column
	Sample    [][]cell
}

type columnView struct {
	Name, Label, Type, Unit, From, To string
	Distinct                          int
	Known                             string // what its cells name, what they may be added up over
}

type file struct{ Title, Format, URL string }

const (
	maxFiles   = 50
	maxColumns = 100
)

// dataset shows what is known of a dataset and what one can ask of it.
func (s *site) dataset(w http.ResponseWriter, r *http.Request) {
	p := s.page(r)
	l := p.Lang
	d, err := s.Guide.Describe(r.Context(), r.PathValue("id"), l)
	switch {
	case errors.Is(err, assistant.ErrUnknownDataset):
		s.sorry(w, r, http.StatusNotFound, texts.Say(l, "web.unknown_dataset"), texts.Say(l, "web.no_dataset_has_this_identifier_look"))
		return
	case err != nil:
		s.Log.ErrorContext(r.Context(), "dataset", "error", err)
		s.sorry(w, r, http.StatusInternalServerError, texts.Say(l, "web.dataset_not_readable"), texts.Say(l, "web.it_could_not_be_read_try"))
		return
	}
	shown := describe(d, l)
	if s.Quality != nil && d.Dataset.Publisher != "" {
		shown.PublisherPath = publisherPath(d.Dataset.Publisher)
	}
	p.Here, p.Title, p.Data = "catalogue", d.Dataset.Title, shown
	p.Path = datasetPath(r.PathValue("id"))
	w.Header().Set("Cache-Control", "private, max-age=60")
	s.show(w, r, http.StatusOK, "dataset", p)
}

func describe(d *assistant.Description, l lang.Lang) described {
	x := d.Dataset
	src := answer.SourceOf(&x, &dataset.Table{})
	out := described{
		Description: *d, Publisher: x.Publisher, Licence: src.Licence, LicenceURL: httpAddress(x.Licence.URL), Period: period(src.Period), Modified: day(src.Modified, l),
		Frequency: frequency(x.Frequency, l), Portal: portalName(x.Portal, l), URL: httpAddress(x.URL), Grade: len(d.Quality.Met), OutOf: len(d.Quality.Met) + len(d.Quality.Missing),
	}
	if x.Portal == "" {
		out.Portal = ""
	}
	for _, line := range strings.Split(lang.Cut(x.Description, 4000), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out.Paragraphs = append(out.Paragraphs, line)
		}
	}
	for _, c := range d.Quality.Met {
		out.Met = append(out.Met, texts.Say(l, "criterion.has_"+string(c)))
	}
	for _, c := range d.Quality.Missing {
		out.Missing = append(out.Missing, texts.Say(l, "criterion.has_"+string(c)))
	}
	for i, t := range d.Tables {
		out.TableViews = append(out.TableViews, viewTable(t, d.Samples[i], l))
	}
	for i, f := range x.Distributions {
		if i == maxFiles {
			out.MoreFiles = len(x.Distributions) - maxFiles
			break
		}
		title := f.Title
		if title == "" {
			title = texts.Say(l, "web.file")
		}
		out.Files = append(out.Files, file{title, strings.ToUpper(f.Format), httpAddress(f.URL)})
	}
	return out
}

func viewTable(t dataset.Table, s assistant.Sample, l lang.Lang) tableView {
	v := tableView{ID: t.ID, Title: t.Title, Rows: int(t.Rows), Facts: surface.RowFacts(&t, l)}
	for i, c := range t.Columns[:min(maxColumns, len(t.Columns))] {
		cv := columnView{Name: c.Name, Type: columnType(c, l), Unit: c.Unit, Distinct: int(c.Distinct)}
		if i < len(s.Columns) {
			cv.Label, cv.Unit = s.Columns[i].Label, s.Columns[i].Unit
		}
		if c.Type != dataset.Text {
			cv.From, cv.To = lang.Cut(c.Min, 30), lang.Cut(c.Max, 30)
		}
		cv.Known = lang.Cut(strings.Join(surface.Facts(&c, l), " ; "), 300)
		v.Columns = append(v.Columns, cv)
	}
	for _, row := range s.Rows {
		var cells []cell
		for i, x := range row {
			cells = append(cells, newCell(x, answer.Column{Plain: s.Columns[i].Plain}, l))
			cells[i].Text = lang.Cut(cells[i].Text, 80)
		}
		v.Sample = append(v.Sample, cells)
	}
	if len(v.Sample) > 0 {
		for i := range v.Sample[0] {
			v.Head = append(v.Head, column{s.Columns[i].Name, t.Columns[i].Type.Numeric() && t.Columns[i].Role == dataset.Measure})
		}
	}
	return v
}

func columnType(c dataset.Column, l lang.Lang) string {
	switch {
	case c.Role == dataset.Year:
		return texts.Say(l, "web.year")
	case c.Role == dataset.Code:
		return texts.Say(l, "web.code")
	}
	switch c.Type {
	case dataset.Integer, dataset.Number:
		return texts.Say(l, "web.number")
	case dataset.Date, dataset.DateTime:
		return texts.Say(l, "web.date")
	case dataset.Boolean:
		return texts.Say(l, "web.yes_or_no")
	}
	return texts.Say(l, "web.text")
}

func frequency(s string, l lang.Lang) string {
	if s == "unknown" || s == "notPlanned" {
		return ""
	}
	return texts.SayOr(l, "frequency.of_updates_"+strings.ToLower(s), s)
}
