package dcat

import (
	"errors"
	"net/url"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest"
)

var errNoTitle = errors.New("dataset without a title")

// datasets are the nodes that are datasets: by their class, or because the
// catalogue lists them. A node of which nothing is said but that it is one
// stands on another page, or is served by a service.
func (g *graph) datasets() []*node {
	listed := map[string]bool{}
	for _, n := range g.order {
		if n.is("Catalog") || len(n.props["type"]) == 0 {
			for _, t := range n.props["dataset"] {
				listed[t.value] = true
			}
		}
	}
	var out []*node
	for _, n := range g.order {
		if !(n.is("Dataset") || n.is("DatasetSeries") || listed[n.id]) || n.is("Catalog") {
			continue
		}
		if len(n.props["title"]) == 0 && len(n.props["name"]) == 0 && len(n.props["description"]) == 0 && len(n.props["distribution"]) == 0 {
			continue
		}
		out = append(out, n)
	}
	return out
}

// text is the value of the first of the predicates that has one: in French, in
// no language, in English, in any. Of a node it is its label.
func (g *graph) text(n *node, predicates ...string) string {
	if n == nil {
		return ""
	}
	for _, p := range predicates {
		for _, wanted := range []func(term) bool{
			func(t term) bool { return strings.HasPrefix(strings.ToLower(t.lang), "fr") },
			func(t term) bool { return t.lang == "" },
			func(t term) bool { return strings.HasPrefix(strings.ToLower(t.lang), "en") },
			func(term) bool { return true },
		} {
			for _, t := range n.props[p] {
				if s := g.label(t); s != "" && wanted(t) {
					return s
				}
			}
		}
	}
	return ""
}

var labels = []string{"prefLabel", "label", "name", "title", "fn", "organization-name", "hasOrganizationName", "value", "notation", "identifier"}

// label is what a person reads of a term: of a node its label, else its address.
func (g *graph) label(t term) string {
	n := g.byID[t.value]
	if n == nil || !t.node && (!t.maybe || len(n.props) == 0) {
		if strings.HasPrefix(t.value, "_:") && t.node {
			return ""
		}
		return harvest.Clean(t.value)
	}
	for _, l := range labels {
		var other string
		for _, v := range n.props[l] {
			if v.value == t.value || strings.HasPrefix(v.value, "_:") {
				continue
			}
			if v.lang == "" || strings.HasPrefix(strings.ToLower(v.lang), "fr") {
				return harvest.Clean(v.value)
			}
			other = harvest.Clean(v.value)
		}
		if other != "" {
			return other
		}
	}
	if strings.HasPrefix(n.id, "_:") {
		return ""
	}
	return n.id
}

// address is the first address that the predicates give: that of a file may also
// name the node that describes it.
func (g *graph) address(n *node, predicates ...string) string {
	for _, p := range predicates {
		for _, t := range n.props[p] {
			if s := harvest.Clean(t.value); s != "" && !strings.HasPrefix(s, "_:") {
				return s
			}
			if s := g.label(t); s != "" {
				return s
			}
		}
	}
	return ""
}

// node is the first node that the predicates lead to; nil where there is none.
func (g *graph) node(n *node, predicates ...string) *node {
	for _, p := range predicates {
		for _, t := range n.props[p] {
			if m := g.byID[t.value]; m != nil && len(m.props) > 0 {
				return m
			}
		}
	}
	return nil
}

func (g *graph) texts(n *node, predicate string) []string {
	var out []string
	for _, t := range n.props[predicate] {
		out = append(out, g.label(t))
	}
	return out
}

func (g *graph) dataset(n *node, address string) (dataset.Dataset, error) {
	id := g.identifier(n)
	d := dataset.Dataset{
		ID:          id,
		Name:        id,
		Title:       harvest.Line(harvest.Plain(g.text(n, "title", "name"))), // schema.org's words stand second
		Description: harvest.Plain(g.text(n, "description", "abstract", "comment")),
		Publisher:   g.publisher(n),
		Portal:      address,
		Keywords:    harvest.Keywords(append(g.texts(n, "keyword"), g.texts(n, "keywords")...)),
		Themes:      harvest.Themes(append(g.texts(n, "theme"), g.texts(n, "subject")...)),
		Frequency:   harvest.Frequency(g.text(n, "accrualPeriodicity", "frequency")),
		Period:      g.period(n),
		Spatial:     g.spatial(n),
		Created:     harvest.Time(g.text(n, "issued", "created", "datePublished", "dateCreated")),
		Modified:    harvest.Time(g.text(n, "modified", "updated", "dateModified", "issued", "datePublished")),
		Licence:     g.licence(n),
	}
	if d.Title == "" {
		return d, errNoTitle
	}
	g.sheetDates(n, &d)
	for _, s := range []string{g.address(n, "landingPage"), g.address(n, "page", "homepage"), n.id, id} {
		if harvest.IsWeb(s) && d.URL == "" {
			d.URL = s
		}
	}
	for _, s := range []string{n.id, d.URL} {
		if harvest.IsWeb(s) && s != d.ID {
			d.Origins = append(d.Origins, s)
		}
	}
	d.Distributions = g.distributions(n, address)
	if d.Licence == (dataset.Licence{}) {
		d.Licence = g.licenceOfFiles(n)
	}
	return d, nil
}

// identifier is what a node says it is, else its address, else its title.
func (g *graph) identifier(n *node) string {
	id := n.id
	for _, t := range n.props["identifier"] {
		if s := harvest.Line(t.value); s != "" && !strings.HasPrefix(s, "_:") {
			id = s
			break
		}
	}
	if id == "" || strings.HasPrefix(id, "_:·") {
		id = harvest.Line(g.text(n, "title", "name"))
	}
	return id
}

// sheetDates takes what the catalogue says of its own sheet, where nothing is
// said of the data.
func (g *graph) sheetDates(n *node, d *dataset.Dataset) {
	r := g.record(n)
	if r == nil {
		return
	}
	if d.Created.IsZero() {
		d.Created = harvest.Time(g.text(r, "issued", "created"))
	}
	if d.Modified.IsZero() {
		d.Modified = harvest.Time(g.text(r, "modified", "issued"))
	}
}

// licenceOfFiles is the first that a distribution states, as DCAT-AP wants it.
func (g *graph) licenceOfFiles(n *node) dataset.Licence {
	for _, t := range append(n.props["distribution"], n.props["distributions"]...) {
		if x := g.byID[t.value]; x != nil {
			if l := g.licence(x); l != (dataset.Licence{}) {
				return l
			}
		}
	}
	return dataset.Licence{}
}

// record is the catalogue's sheet on a dataset, nil where there is none.
func (g *graph) record(n *node) *node {
	if r := g.node(n, "isPrimaryTopicOf"); r != nil {
		return r
	}
	if g.records == nil {
		g.records = map[string]*node{}
		for _, r := range g.order {
			for _, t := range r.props["primaryTopic"] {
				g.records[t.value] = r
			}
		}
	}
	return g.records[n.id]
}

// publisher is a name; of an address without one, what it says of a name.
func (g *graph) publisher(n *node) string {
	address := ""
	for _, p := range []string{"publisher", "creator", "rightsHolder", "contactPoint"} {
		s := harvest.Line(g.text(n, p))
		if s != "" && !harvest.IsWeb(s) {
			return s
		}
		if address == "" {
			address = s
		}
	}
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	if name := u.Path[strings.LastIndexByte(u.Path, '/')+1:] + u.Fragment; strings.Contains(name, " ") {
		return harvest.Line(name[strings.LastIndexByte(name, '/')+1:])
	}
	return u.Hostname()
}

func (g *graph) licence(n *node) dataset.Licence {
	var texts, addresses []string
	for _, p := range []string{"license", "licence", "rights", "accessRights"} {
		for _, t := range n.props[p] {
			label, address := g.label(t), ""
			if harvest.IsWeb(t.value) && !strings.ContainsAny(t.value, " <") {
				address = t.value
			} else if m := g.byID[t.value]; m != nil && t.node {
				address = g.address(m, "url", "homepage", "page", "seeAlso", "sameAs", "exactMatch", "href")
				if label == "" {
					label = g.text(m, "description", "comment")
				}
			}
			if strings.Contains(t.value, "/access-right/") || strings.Contains(t.value, "LimitationsOnPublicAccess") {
				continue
			}
			texts, addresses = append(texts, label), append(addresses, address)
		}
	}
	return harvest.BestLicence(texts, addresses)
}

func (g *graph) period(n *node) dataset.Period {
	if t := g.node(n, "temporal", "temporalCoverage"); t != nil {
		p := dataset.Period{Start: harvest.Day(g.date(t, "startDate", "hasBeginning", "start", "beginning")), End: harvest.Day(g.date(t, "endDate", "hasEnd", "end"))}
		if p != (dataset.Period{}) {
			return p
		}
	}
	return harvest.Period(g.text(n, "temporal", "temporalCoverage"))
}

// date is a date that stands alone, or as OWL-Time's instant.
func (g *graph) date(n *node, predicates ...string) string {
	if inner := g.node(n, predicates...); inner != nil {
		return g.text(inner, "inXSDDate", "inXSDDateTime", "inXSDDateTimeStamp", "inXSDgYear", "inXSDgYearMonth", "inDateTime", "value")
	}
	return g.text(n, predicates...)
}

func (g *graph) spatial(n *node) string {
	var out []string
	for _, t := range append(n.props["spatial"], n.props["spatialCoverage"]...) {
		s := g.label(t)
		if m := g.byID[t.value]; m != nil && (s == "" || s == m.id) {
			if box := g.text(m, "bbox", "geometry", "centroid"); box != "" {
				s = box
			}
		}
		if harvest.IsWeb(s) {
			s = local(s)
		}
		out = append(out, harvest.Spatial(s))
	}
	out = harvest.Lines(out)
	return strings.Join(out[:min(len(out), 5)], ", ")
}

func (g *graph) distributions(n *node, address string) []dataset.Distribution {
	var out harvest.Files
	for _, t := range append(n.props["distribution"], n.props["distributions"]...) {
		m := g.byID[t.value]
		if m == nil {
			continue
		}
		x := dataset.Distribution{
			Title:     harvest.Line(harvest.Plain(g.text(m, "title", "name", "description"))),
			URL:       resolve(address, g.address(m, "downloadURL", "accessURL", "contentUrl", "url")),
			MediaType: harvest.MediaType(g.text(m, "mediaType", "encodingFormat")),
			Size:      harvest.Int(g.text(m, "byteSize", "contentSize")),
			Modified:  harvest.Time(g.text(m, "modified", "issued", "dateModified", "datePublished")),
			Schema:    g.address(m, "conformsTo"),
		}
		if sum := g.node(m, "checksum"); sum != nil {
			x.Hash = harvest.Line(g.text(sum, "checksumValue"))
		}
		if service := g.node(m, "accessService"); x.URL == "" && service != nil {
			x.URL = resolve(address, g.address(service, "endpointURL"))
		}
		if !strings.HasPrefix(m.id, "_:") {
			x.ID = m.id
		}
		x.Format = harvest.Format(g.text(m, "format", "encodingFormat"), x.MediaType, x.URL)
		if x.URL == "" {
			continue
		}
		out.Add(x)
	}
	return out.All()
}
