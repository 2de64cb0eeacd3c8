package csw

import (
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest"
	"cigogne/internal/harvest/iso"
	"cigogne/internal/harvest/ogc"
	"cigogne/internal/harvest/xmltree"
)

// Catalogues that know no ISO 19139 answer with CSW's own records, which are
// Dublin Core: less is said there, and links bear their protocol as "scheme".
var dublin = regexp.MustCompile(`(?s)<(?:[\w.-]+:)?(?:Record|SummaryRecord|BriefRecord)[\s>].*?</(?:[\w.-]+:)?(?:Record|SummaryRecord|BriefRecord)\s*>`)

// Records cuts an answer into its records: ISO's, else Dublin Core.
func Records(b []byte) []json.RawMessage {
	if found := iso.Records(b); len(found) > 0 {
		return found
	}
	var out []json.RawMessage
	for _, r := range dublin.FindAll(xmltree.UTF8(b), -1) {
		out = append(out, r)
	}
	return out
}

// Decoder reads the records of Records. page gives the address at which a person
// reads one; nil: none.
func Decoder(base string, page func(id string) string) harvest.Decoder {
	full := iso.Decoder(base, page)
	return func(raw []byte) (dataset.Dataset, bool, error) {
		if iso.Is(raw) {
			return full(raw)
		}
		d, hidden, err := decodeDublin(raw, base)
		if err == nil && d.URL == "" && page != nil {
			d.URL = page(d.ID)
		}
		return d, hidden, err
	}
}

var (
	errNoID    = errors.New("record has no identifier")
	errNoTitle = errors.New("record has no title")
)

// noData are types of records of something that holds no data.
var noData = []string{"software", "document", "featurecatalog", "application", "map"}

func decodeDublin(raw []byte, base string) (d dataset.Dataset, hidden bool, err error) {
	n, err := xmltree.Parse(raw)
	if err != nil {
		return d, false, err
	}
	id := harvest.Line(said(n, "identifier"))
	d = dataset.Dataset{
		ID: id, Name: id, Portal: base,
		Title:       harvest.Line(said(n, "title")),
		Description: harvest.Plain(said(n, "abstract", "description")),
		Publisher:   harvest.Line(said(n, "publisher", "creator", "contributor")),
		Keywords:    harvest.Keywords(all(n, "subject")),
		Frequency:   harvest.Frequency(said(n, "accrualPeriodicity")),
		Licence:     harvest.BestLicence(all(n, "license", "rights", "accessRights"), nil),
		Period:      harvest.Period(said(n, "temporal")),
		Spatial:     harvest.Spatial(said(n, "spatial")),
		Created:     harvest.Time(said(n, "issued", "created", "date")),
		Modified:    harvest.Time(said(n, "modified", "date", "issued")),
	}
	switch {
	case d.ID == "":
		return d, false, errNoID
	case d.Title == "":
		return d, false, errNoTitle
	}
	var files harvest.Files
	for _, name := range []string{"references", "URI", "source", "relation"} {
		for _, link := range n.Children(name) {
			address := strings.ReplaceAll(link.Text(), " ", "%20")
			if address == "" {
				address = link.Attr("resource")
			}
			if harvest.IsWeb(address) {
				files.Add(ogc.Online{URL: address, Protocol: link.Attr("scheme") + link.Attr("protocol"), Name: link.Attr("name"), Description: link.Attr("description")}.Distribution())
			}
		}
	}
	d.Distributions = files.All()
	return d, slices.Contains(noData, strings.ToLower(said(n, "type"))), nil
}

// said is the text of the first of the elements that has one.
func said(n *xmltree.Node, names ...string) string {
	if texts := all(n, names...); len(texts) > 0 {
		return texts[0]
	}
	return ""
}

func all(n *xmltree.Node, names ...string) []string {
	var out []string
	for _, name := range names {
		for _, c := range n.Children(name) {
			t := c.Text()
			if t == "" {
				t = c.Attr("resource")
			}
			if t != "" {
				out = append(out, t)
			}
		}
	}
	return out
}
