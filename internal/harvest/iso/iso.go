// Package iso reads geographic metadata: ISO 19139 (gmd:MD_Metadata) and its
// successor ISO 19115-3 (mdb:MD_Metadata), as INSPIRE and GeoNetwork use them.
package iso

import (
	"encoding/json"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest"
	"cigogne/internal/harvest/ogc"
	"cigogne/internal/harvest/xmltree"
)

// records are MD_Metadata elements (MI_Metadata where imagery is described),
// whichever their prefix. A record that is no XML must not cost those around it,
// so they are cut out before they are read.
var records = regexp.MustCompile(`(?s)<(?:[\w.-]+:)?M[DI]_Metadata[\s>].*?</(?:[\w.-]+:)?M[DI]_Metadata\s*>`)

// Is tells whether a record is one of ISO's.
func Is(record []byte) bool { return xmltree.Has(record, "MD_Metadata", "MI_Metadata") }

// Records cuts a document into the records that it holds.
func Records(b []byte) []json.RawMessage {
	var out []json.RawMessage
	for _, r := range records.FindAll(xmltree.UTF8(b), -1) {
		out = append(out, r)
	}
	return out
}

var (
	errNoID    = errors.New("record has no identifier")
	errNoTitle = errors.New("record has no title")
)

// Decoder reads the records of a catalogue whose home is base. page gives the
// address at which a person reads a record, "" where there is none.
func Decoder(base string, page func(id string) string) harvest.Decoder {
	return func(raw []byte) (dataset.Dataset, bool, error) {
		n, err := xmltree.Parse(raw)
		if err != nil {
			return dataset.Dataset{}, false, err
		}
		d, hidden, err := decode(n)
		d.Portal = base
		if d.URL == "" && page != nil {
			d.URL = page(d.ID)
		}
		return d, hidden, err
	}
}

// code is the value of a code list's element: its attribute, else its text; of an
// address, what comes last.
func code(n *xmltree.Node) string {
	s := n.Attr("codeListValue")
	if s == "" {
		s = n.Text()
	}
	return s[strings.LastIndexAny(s, "/#")+1:]
}

// record is MD_Metadata with the part that describes the data.
type record struct {
	*xmltree.Node
	info   *xmltree.Node // MD_DataIdentification, SV_ServiceIdentification or their kin
	locale string        // of French translations, "#FR"
}

func decode(n *xmltree.Node) (d dataset.Dataset, hidden bool, err error) {
	r := record{Node: n, locale: french(n)}
	for _, i := range n.Children("identificationInfo") { // of several, the first that is of data
		if len(i.Nodes) > 0 && (r.info == nil || r.info.Name != "MD_DataIdentification" && i.Nodes[0].Name == "MD_DataIdentification") {
			r.info = i.Nodes[0]
		}
	}
	citation := r.info.At("citation", "CI_Citation")
	d = dataset.Dataset{
		ID:          harvest.Line(r.id(citation)),
		Title:       harvest.Line(r.text(citation.Child("title"))),
		Description: harvest.Plain(r.text(r.info.Child("abstract"))),
		Publisher:   harvest.Line(r.publisher()),
		Licence:     r.licence(),
		Keywords:    r.keywords(),
		Themes:      r.themes(),
		Frequency:   r.frequency(),
		Period:      r.period(),
		Spatial:     r.spatial(),
	}
	d.Name = d.ID
	d.Created, d.Modified = r.dates(citation)
	d.Distributions = r.distributions()
	if u := r.text(n.At("dataSetURI")); harvest.IsWeb(u) {
		d.Origins = append(d.Origins, u)
	}
	for _, i := range citation.All("MD_Identifier") {
		if code := harvest.Line(r.text(i.Child("code"))); code != "" && code != d.ID {
			d.Origins = append(d.Origins, code)
		}
	}
	switch {
	case d.ID == "":
		return d, false, errNoID
	case d.Title == "":
		return d, false, errNoTitle
	}
	return d, r.hidden(), nil
}

// frequency is that of the code list, else a duration of the record's own.
func (r record) frequency() string {
	if f := harvest.Frequency(code(r.info.First("MD_MaintenanceFrequencyCode"))); f != "" {
		return f
	}
	return harvest.Frequency(r.info.First("userDefinedMaintenanceFrequency").Text())
}

func (r record) id(citation *xmltree.Node) string {
	for _, n := range []*xmltree.Node{r.Child("fileIdentifier"), r.At("metadataIdentifier", "MD_Identifier", "code"), citation.First("code")} {
		if s := r.text(n); s != "" {
			return s
		}
	}
	return ""
}

// hidden tells whether the record is of something that holds no data: a
// catalogue of attributes, a piece of software, a withdrawn dataset.
func (r record) hidden() bool {
	for _, c := range r.info.All("MD_ProgressCode") {
		switch code(c) {
		case "obsolete", "retired", "withdrawn", "deleted", "planned", "proposed":
			return true
		}
	}
	level := code(r.At("hierarchyLevel", "MD_ScopeCode"))
	if level == "" {
		level = code(r.First("MD_ScopeCode"))
	}
	switch level {
	case "featureType", "attribute", "attributeType", "software", "document", "catalogue", "sensor", "collectionHardware", "dimensionGroup", "map", "application":
		return true
	}
	return false
}

// french is the reference of the French translations of a record in another language.
func french(n *xmltree.Node) string {
	for _, l := range n.All("PT_Locale") {
		switch code(l.First("LanguageCode")) {
		case "fre", "fra", "fr":
			return "#" + l.Attr("id")
		}
	}
	return "#FR"
}

// frenchLocales are how records refer to French without saying so before.
var frenchLocales = []string{"#fr", "#fre", "#fra", "#locale-fr", "#locale-fre", "fr", "fre", "fra"}

// text is what an element says, in French where it says it so: a character
// string, an anchor, or translations.
func (r record) text(n *xmltree.Node) string {
	if n == nil {
		return ""
	}
	for _, l := range n.All("LocalisedCharacterString") {
		if at := l.Attr("locale"); l.Text() != "" && (strings.EqualFold(at, r.locale) || slices.Contains(frenchLocales, strings.ToLower(at))) {
			return l.Text()
		}
	}
	for _, c := range n.Nodes {
		if c.Name == "CharacterString" || c.Name == "Anchor" || c.Name == "URL" {
			if t := c.Text(); t != "" {
				return t
			}
		}
	}
	if len(n.Nodes) == 0 {
		return n.Text()
	}
	if l := n.First("LocalisedCharacterString"); l != nil {
		return l.Text()
	}
	return ""
}

// roles of contacts, the publisher's first.
var roles = []string{"publisher", "owner", "custodian", "resourceProvider", "pointOfContact", "originator", "author", "distributor"}

func (r record) publisher() string {
	best, name := len(roles)+1, ""
	look := func(n *xmltree.Node) {
		for _, party := range append(n.All("CI_ResponsibleParty"), n.All("CI_Responsibility")...) {
			org := r.text(party.Child("organisationName"))
			if org == "" {
				org = r.text(party.First("CI_Organisation").Child("name"))
			}
			rank := slices.Index(roles, code(party.First("CI_RoleCode")))
			if rank < 0 {
				rank = len(roles)
			}
			if org != "" && rank < best {
				best, name = rank, org
			}
		}
	}
	for _, n := range r.info.Children("pointOfContact") {
		look(n)
	}
	if name == "" {
		look(r.info.Child("citation"))
	}
	for _, n := range r.Children("contact") {
		if name == "" {
			look(n)
		}
	}
	return name
}

func (r record) licence() dataset.Licence {
	var texts, addresses []string
	for _, name := range []string{"otherConstraints", "reference", "useLimitation", "useConstraints"} {
		for _, n := range r.info.All(name) {
			if title := n.At("CI_Citation", "title"); title != nil {
				n = title
			}
			texts = append(texts, r.text(n))
			addresses = append(addresses, address(n))
		}
	}
	return harvest.BestLicence(texts, addresses)
}

// address is the link that stands for a text, or beside it.
func address(n *xmltree.Node) string {
	if s := n.First("Anchor").Attr("href"); s != "" {
		return s
	}
	return n.Attr("href")
}

// keywords are those of every thesaurus but of places and INSPIRE themes.
func (r record) keywords() []string {
	return r.fromKeywords(func(kind, thesaurus string) bool {
		return kind != "place" && !strings.Contains(thesaurus, "inspire theme")
	})
}

func (r record) themes() []string {
	all := r.fromKeywords(func(_, thesaurus string) bool {
		return strings.Contains(thesaurus, "inspire theme") || strings.Contains(thesaurus, "gemet - inspire")
	})
	for _, n := range r.info.All("MD_TopicCategoryCode") {
		all = append(all, n.Text())
	}
	return harvest.Lines(all)
}

func (r record) spatial() string {
	places := r.fromKeywords(func(kind, _ string) bool { return kind == "place" })
	for _, e := range r.info.All("EX_Extent") {
		places = append(places, r.text(e.Child("description")))
	}
	for _, g := range r.info.All("EX_GeographicDescription") {
		places = append(places, r.text(g.First("code")))
	}
	if places = harvest.Lines(places); len(places) > 0 {
		return strings.Join(places[:min(len(places), 5)], ", ")
	}
	if b := r.info.First("EX_GeographicBoundingBox"); b != nil {
		var sides []string
		for _, side := range []string{"westBoundLongitude", "southBoundLatitude", "eastBoundLongitude", "northBoundLatitude"} {
			degrees := strings.Replace(b.Child(side).Text(), ",", ".", 1)
			if _, err := strconv.ParseFloat(degrees, 64); err != nil {
				return ""
			}
			sides = append(sides, degrees)
		}
		return strings.Join(sides, ",")
	}
	return ""
}

func (r record) fromKeywords(wanted func(kind, thesaurus string) bool) []string {
	var out []string
	for _, ks := range r.info.All("MD_Keywords") {
		kind := code(ks.First("MD_KeywordTypeCode"))
		thesaurus := strings.ToLower(r.text(ks.Child("thesaurusName").First("title")))
		if !wanted(kind, thesaurus) {
			continue
		}
		for _, n := range ks.Children("keyword") {
			out = append(out, r.text(n))
		}
	}
	return harvest.Lines(out)
}

func (r record) distributions() []dataset.Distribution {
	var files harvest.Files
	var online []*xmltree.Node
	for _, info := range r.Children("distributionInfo") {
		online = append(online, info.All("CI_OnlineResource")...)
	}
	for _, n := range online {
		files.Add(ogc.Online{
			URL:         r.link(n),
			Protocol:    r.text(n.Child("protocol")),
			Name:        r.text(n.Child("name")),
			Description: r.text(n.Child("description")),
			MediaType:   n.First("MimeFileType").Attr("type"),
		}.Distribution())
	}
	if r.info != nil && r.info.Name == "SV_ServiceIdentification" {
		for _, o := range r.info.All("SV_OperationMetadata") {
			for _, n := range o.All("CI_OnlineResource") {
				files.Add(ogc.Online{URL: r.link(n), Protocol: r.text(n.Child("protocol")), Name: r.text(n.Child("name"))}.Distribution())
			}
		}
	}
	return files.All()
}

func (r record) link(n *xmltree.Node) string {
	s := strings.TrimSpace(r.text(n.Child("linkage")))
	if s == "" {
		s = n.Child("linkage").Text()
	}
	if u, err := url.Parse(s); err != nil || u.Host == "" {
		return ""
	}
	return strings.ReplaceAll(s, " ", "%20")
}
