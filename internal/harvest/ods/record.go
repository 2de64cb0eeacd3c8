package ods

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest"
)

var errNoID = errors.New("record has no dataset_id")

// Decoder reads the records of the portal at base.
func Decoder(base string) harvest.Decoder {
	return func(raw []byte) (dataset.Dataset, bool, error) { return decode(raw, base) }
}

func decode(raw []byte, base string) (d dataset.Dataset, hidden bool, err error) {
	o, err := harvest.ParseObject(raw)
	if err != nil {
		return d, false, fmt.Errorf("read record: %w", err)
	}
	if inner := o.Object("dataset"); inner != nil { // version 2.0 wraps it
		o = inner
	}
	metas := o.Object("metas")
	m, dcat := metas.Object("default"), metas.Object("dcat")
	if m == nil {
		m = metas
	}
	id := harvest.Line(o.Text("dataset_id", "datasetid"))
	d = dataset.Dataset{
		ID:          id,
		Name:        id,
		Title:       harvest.Line(m.Text("title")),
		Description: harvest.Plain(m.Text("description")),
		Publisher:   harvest.Line(firstOf(m.Text("publisher"), dcat.Text("creator", "publisher"), m.Text("attributions"))),
		Portal:      base,
		URL:         base + "/explore/dataset/" + url.PathEscape(id) + "/",
		Keywords:    words(m.List("keyword")),
		Themes:      words(m.List("theme")),
		Licence:     harvest.Licence("", m.Text("license"), m.Text("license_url")),
		Frequency:   harvest.Frequency(firstOf(dcat.Text("accrualperiodicity"), m.Text("update_frequency"))),
		Spatial:     harvest.Spatial(firstOf(dcat.Text("spatial"), strings.Join(harvest.Texts(m.List("territory"), 5), ", "))),
		Created:     harvest.Time(dcat.Text("created", "issued")),
		Modified:    harvest.Time(m.Text("modified", "data_processed", "metadata_processed")),
	}
	if id == "" {
		return d, false, errNoID
	}
	if d.Title == "" {
		d.Title = id
	}
	if d.Created.IsZero() {
		d.Created = harvest.Time(metas.Object("dcat_ap").Text("created", "issued"))
	}
	d.Period = dataset.Period{Start: harvest.Day(dcat.Text("temporal_coverage_start")), End: harvest.Day(dcat.Text("temporal_coverage_end"))}
	if d.Period == (dataset.Period{}) {
		d.Period = harvest.Period(dcat.Text("temporal"))
	}
	d.Origins = origins(m, id)
	d.Distributions = files(o, base, id)
	return d, o["data_visible"] == false || o.Text("visibility") == "restricted", nil
}

func firstOf(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}

// words reads a list of keywords; older portals have one text with commas.
func words(list []any) []string {
	texts := harvest.Texts(list, harvest.MaxKeywords)
	if len(texts) == 1 && strings.Contains(texts[0], ",") {
		texts = strings.Split(texts[0], ",")
	}
	return harvest.Lines(texts)
}

// origins are where a copy comes from.
func origins(m harvest.Object, id string) []string {
	var out []string
	for _, s := range harvest.Texts(m.List("references"), 10) {
		if harvest.IsWeb(s) {
			out = append(out, s)
		}
	}
	if domain := m.Text("source_domain_address"); domain != "" {
		source := firstOf(m.Text("source_dataset"), id)
		out = append(out, "https://"+strings.TrimPrefix(domain, "https://")+"/explore/dataset/"+url.PathEscape(source)+"/")
	}
	return out
}

// files are the export of the records, which no list names, then what is
// attached.
func files(o harvest.Object, base, id string) []dataset.Distribution {
	var out harvest.Files
	at := base + api + "/catalog/datasets/" + url.PathEscape(id)
	if o["has_records"] != false {
		m := o.Object("metas").Object("default")
		out.Add(dataset.Distribution{
			ID: "export-csv", Title: harvest.Line(m.Text("title")), Format: "csv", MediaType: "text/csv",
			URL:      at + "/exports/csv?delimiter=%3B&use_labels=true",
			Parsed:   at + "/exports/parquet", // columns by their technical names: where the CSV cannot be had
			Modified: harvest.Time(m.Text("data_processed", "modified")),
		})
	}
	for _, key := range []string{"attachments", "alternative_exports"} {
		for _, v := range o.List(key) {
			m, ok := v.(map[string]any)
			if !ok {
				continue
			}
			a := harvest.Object(m)
			name := a.Text("id", "name", "filename")
			link := a.Text("url", "href", "link")
			if !harvest.IsWeb(link) { // "odsfile://…": an address of the portal's own
				if name == "" {
					continue
				}
				link = at + "/" + key + "/" + url.PathEscape(name)
			}
			x := dataset.Distribution{
				ID: key + "-" + name, Title: harvest.Line(firstOf(a.Text("title", "filename"), path.Base(name))), URL: strings.ReplaceAll(link, " ", "%20"),
				MediaType: harvest.MediaType(a.Text("mimetype", "mime_type")), Size: harvest.Int(a["size"]),
			}
			x.Format = harvest.Format("", x.MediaType, firstOf(a.Text("filename"), a.Text("url"), link, a.Text("title")))
			out.Add(x)
		}
	}
	return out.All()
}
