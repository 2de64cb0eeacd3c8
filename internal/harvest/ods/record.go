package ods

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"slices"
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
	m, dcat := metas.Object("default"), profile(metas)
	if m == nil {
		m = metas
	}
	id := harvest.Line(o.Text("dataset_id", "datasetid"))
	d = dataset.Dataset{
		ID:          id,
		Name:        id,
		Title:       harvest.Line(m.Text("title")),
		Description: harvest.Plain(m.Text("description")),
		Publisher:   harvest.Line(firstOf(m.Text("publisher"), dcat.Text("creator", "publisher", "contributor", "contact_name"), m.Text("attributions"))),
		Portal:      base,
		URL:         base + "/explore/dataset/" + url.PathEscape(id) + "/",
		Keywords:    harvest.Keywords(harvest.Texts(m.List("keyword"), harvest.MaxKeywords)),
		Themes:      harvest.Keywords(harvest.Texts(m.List("theme"), harvest.MaxKeywords)),
		Licence:     licence(m, dcat),
		Frequency:   harvest.Frequency(firstOf(dcat.Text("accrualperiodicity", "accrual_periodicity"), m.Text("update_frequency"))),
		Spatial:     harvest.Spatial(firstOf(dcat.Text("spatial"), strings.Join(harvest.Texts(m.List("territory"), 5), ", "))),
		Created:     harvest.Time(dcat.Text("created", "issued")),
		Modified:    harvest.Time(firstOf(m.Text("modified"), dcat.Text("modified"), m.Text("data_processed", "metadata_processed"))),
	}
	if id == "" {
		return d, false, errNoID
	}
	if d.Title == "" {
		d.Title = id
	}
	d.Period = dataset.Period{Start: harvest.Day(dcat.Text("temporal_coverage_start", "temporal_start_date")), End: harvest.Day(dcat.Text("temporal_coverage_end", "temporal_end_date"))}
	if d.Period == (dataset.Period{}) {
		d.Period = harvest.PeriodOf(dcat["temporal"])
	}
	if d.Spatial == "" {
		d.Spatial = harvest.Box(shape(m.Object("bbox")))
	}
	d.Origins = origins(m, id)
	d.Distributions = files(o, base, id)
	return d, o["data_visible"] == false || o.Text("visibility") == "restricted", nil
}

// profile is what the metadata say beside the portal's own: DCAT's, DCAT-AP's and
// other templates, the first that says a thing.
func profile(metas harvest.Object) harvest.Object {
	out := harvest.Object{}
	names := []string{"dcat", "dcat_ap"}
	for name := range metas {
		if strings.HasPrefix(name, "dcat") && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names[2:])
	for _, name := range names {
		for k, v := range metas.Object(name) {
			if out[k] == nil || out[k] == "" {
				out[k] = v
			}
		}
	}
	return out
}

func licence(m, dcat harvest.Object) dataset.Licence {
	if l := harvest.Licence("", m.Text("license"), m.Text("license_url")); l != (dataset.Licence{}) {
		return l
	}
	for _, key := range []string{"license", "licence", "rights", "access_rights"} {
		if l := harvest.LicenceOf(dcat[key]); l != (dataset.Licence{}) {
			return l
		}
	}
	return dataset.Licence{}
}

// shape are the coordinates of a GeoJSON object, a feature or a geometry.
func shape(o harvest.Object) any {
	if g := o.Object("geometry"); g != nil {
		o = g
	}
	return o["coordinates"]
}

func firstOf(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
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
			Fields:   fields(o),
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

// maxFields bounds what is kept of a schema.
const maxFields = 500

// fields are what the schema says of columns beyond their names: labels, and the
// unit that an annotation gives, as {"unit": "km"}, {"unit": ["km"]} or, in older
// versions, [{"name": "unit", "args": ["km"]}].
func fields(o harvest.Object) []dataset.Field {
	var out []dataset.Field
	for _, v := range o.List("fields") {
		m, ok := v.(map[string]any)
		if !ok || len(out) == maxFields {
			continue
		}
		f := harvest.Object(m)
		x := dataset.Field{Name: harvest.Line(f.Text("name")), Label: harvest.Line(f.Text("label"))}
		if list, ok := f["annotations"].([]any); ok {
			for _, a := range list {
				if a, ok := a.(map[string]any); ok && harvest.Object(a).Text("name") == "unit" {
					x.Unit = harvest.Line(harvest.Text(a["args"]))
				}
			}
		} else {
			x.Unit = harvest.Line(f.Object("annotations").Text("unit"))
		}
		if x.Label == x.Name {
			x.Label = ""
		}
		if x.Name != "" && (x.Label != "" || x.Unit != "") {
			out = append(out, x)
		}
	}
	return out
}
