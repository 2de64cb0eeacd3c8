package ckan

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest"
)

var errNoName = errors.New("record has neither id nor name")

// Decoder reads the records of the portal at base.
func Decoder(base string) harvest.Decoder {
	return func(raw []byte) (dataset.Dataset, bool, error) { return Decode(raw, base) }
}

// Decode turns a record of package_search into a dataset. base is the portal's
// home. hidden tells that the record is no published dataset. The error says
// why nothing can be made of it.
func Decode(raw []byte, base string) (d dataset.Dataset, hidden bool, err error) {
	o, err := harvest.ParseObject(raw)
	if err != nil {
		return d, false, fmt.Errorf("read record: %w", err)
	}
	r := record{o, extras(o)}
	d = dataset.Dataset{
		ID:          harvest.Line(o.Text("id", "name")),
		Name:        harvest.Line(o.Text("name", "id")),
		Description: harvest.Plain(o.Text("notes", "notes_translated", "description", "description_translated")),
		Publisher:   r.publisher(),
		Portal:      base,
		Keywords:    r.keywords(),
		Themes:      r.themes(),
		Licence:     r.licence(),
		Frequency:   harvest.Frequency(r.text("frequency", "frequency-of-update", "accrual_periodicity", "update_frequency", "accrualPeriodicity", "frequency_of_update", "update-frequency", "updateFrequency", "maintenance_and_update_frequency", "periodicity", "frequence")),
		Period:      r.period(),
		Spatial:     r.spatial(),
		Created:     harvest.Time(r.text("metadata_created", "dataset_publication_date", "issued", "created")),
		Modified:    harvest.Time(r.text("metadata_modified", "dataset_modification_date", "modified")),
	}
	if d.ID == "" {
		return d, false, errNoName
	}
	d.Title = harvest.Line(harvest.Plain(o.Text("title", "title_translated")))
	if d.Title == "" {
		d.Title = d.Name
	}
	d.URL = r.page(base, d.Name)
	d.Origins = r.origins()
	d.Distributions = r.distributions(base)
	return d, r.hidden(), nil
}

// record is a package with its custom fields, which stand in a list of extras
// or flat beside the others.
type record struct {
	harvest.Object
	extras harvest.Object
}

func extras(o harvest.Object) harvest.Object {
	all := harvest.Object{}
	list := o.List("extras")
	if flat := o.Object("extras"); flat != nil && len(list) == 1 { // {"frequency": "annual"}
		list = []any{map[string]any(flat)}
	}
	for _, e := range list {
		pair, ok := e.(map[string]any)
		if !ok {
			continue
		}
		if key, ok := pair["key"].(string); ok {
			all[key] = pair["value"]
			continue
		}
		for k, v := range pair { // {"frequency": "annual"}, as very old portals have it
			all[k] = v
		}
	}
	return all
}

// value is the field of the name, flat or among the extras.
func (r record) value(key string) any {
	if v := r.Object[key]; v != nil && v != "" {
		return v
	}
	return r.extras[key]
}

// text returns the first of the fields that holds a text, flat or among the extras.
func (r record) text(keys ...string) string {
	for _, k := range keys {
		if s := r.Text(k); s != "" {
			return s
		}
		if s := r.extras.Text(k); s != "" {
			return s
		}
	}
	return ""
}

func (r record) publisher() string {
	if org := r.Object.Object("organization"); org != nil {
		if s := org.Text("title", "display_name", "name"); s != "" {
			return harvest.Line(s)
		}
	}
	for _, key := range []string{"organization", "publisher"} { // of lists in a text, the first
		for _, v := range append(r.List(key), r.extras.List(key)...) {
			if s := harvest.Line(harvest.Text(v)); s != "" && !harvest.IsWeb(s) {
				return s
			}
		}
	}
	return harvest.Line(r.text("publisher_name", "producer", "source_creator", "creator", "author", "maintainer", "contact_name"))
}

func (r record) keywords() []string {
	tags := r.List("tags")
	for _, key := range []string{"keywords", "keyword", "tag_string"} {
		if len(tags) == 0 {
			tags = append(r.List(key), r.extras.List(key)...)
		}
	}
	return harvest.Keywords(harvest.Texts(tags, harvest.MaxKeywords, "display_name", "name", "title", "keyword"))
}

func (r record) themes() []string {
	var all []any
	all = append(all, r.List("groups")...)
	for _, o := range []harvest.Object{r.extras, r.Object} {
		for _, key := range []string{"label_theme", "themes", "theme"} {
			all = append(all, o.List(key)...)
		}
	}
	return harvest.Themes(harvest.Texts(all, harvest.MaxKeywords, "title", "display_name", "label", "name", "theme"))
}

func (r record) licence() dataset.Licence {
	if l := harvest.Licence(r.text("license_id"), r.text("license_title"), r.text("license_url")); l != (dataset.Licence{}) {
		return l
	}
	for _, key := range []string{"license", "licence", "rights", "access_rights"} {
		if l := harvest.LicenceOf(r.value(key)); l != (dataset.Licence{}) {
			return l
		}
	}
	for _, v := range r.List("resources") { // as DCAT-AP has it
		if m, ok := v.(map[string]any); ok {
			if l := harvest.Licence(harvest.Object(m).Text("license_id"), harvest.Object(m).Text("license", "rights"), harvest.Object(m).Text("license_url")); l != (dataset.Licence{}) {
				return l
			}
		}
	}
	return dataset.Licence{}
}

func (r record) period() dataset.Period {
	for _, keys := range [][2]string{
		{"temporal_start", "temporal_end"}, {"temporal_coverage_from", "temporal_coverage_to"}, {"temporal_coverage_start", "temporal_coverage_end"},
		{"temporal-extent-begin", "temporal-extent-end"}, {"temporal_coverage-from", "temporal_coverage-to"},
	} {
		if p := (dataset.Period{Start: harvest.Day(r.text(keys[0])), End: harvest.Day(r.text(keys[1]))}); p != (dataset.Period{}) {
			return p
		}
	}
	for _, key := range []string{"temporal_coverage", "temporal", "time_period", "period"} {
		if p := harvest.PeriodOf(r.value(key)); p != (dataset.Period{}) {
			return p
		}
	}
	return dataset.Period{}
}

// page is the address of the dataset's page. The field url names a source: the
// dataset's own page there is better than ours, the source's home page is not.
func (r record) page(base, name string) string {
	if s := r.Text("url"); harvest.IsWeb(s) {
		if u, err := url.Parse(s); err == nil && strings.Trim(u.Path, "/") != "" {
			return s
		}
	}
	return base + "/dataset/" + url.PathEscape(name)
}

// origins are where a record was harvested from.
func (r record) origins() []string {
	var out []string
	for _, key := range []string{"guid", "identifier", "uri", "harvest_url", "metadata_uri", "LinkedDataSet"} {
		if s := harvest.Line(r.extras.Text(key)); s != "" {
			out = append(out, s)
		}
	}
	if s := r.Text("url"); harvest.IsWeb(s) {
		out = append(out, s)
	}
	return harvest.Lines(out)
}

// hidden tells whether the record is private, deleted, or no dataset at all.
func (r record) hidden() bool {
	switch strings.ToLower(r.Text("state")) {
	case "deleted", "draft":
		return true
	}
	switch strings.ToLower(r.Text("type")) {
	case "harvest", "showcase", "application", "group", "organization":
		return true
	}
	return truth(r.Object["private"]) || truth(r.extras["dataset_not_visible"])
}

func truth(v any) bool {
	switch v := v.(type) {
	case bool:
		return v
	case string:
		return strings.EqualFold(v, "true") || v == "1"
	}
	return false
}

func (r record) distributions(base string) []dataset.Distribution {
	var files harvest.Files
	for _, v := range r.List("resources") {
		m, ok := v.(map[string]any)
		if !ok {
			continue
		}
		switch strings.ToLower(harvest.Object(m).Text("state")) {
		case "deleted", "draft":
			continue
		}
		files.Add(distribution(harvest.Object(m), base))
	}
	return files.All()
}

func distribution(o harvest.Object, base string) dataset.Distribution {
	x := dataset.Distribution{
		ID:        harvest.Line(o.Text("id")),
		Title:     harvest.Line(o.Text("name", "name_translated", "title", "title_translated", "description")),
		URL:       harvest.Absolute(base, o.Text("url", "download_url", "access_url")),
		MediaType: harvest.MediaType(o.Text("mimetype", "mimetype_inner", "media_type")),
		Size:      max(harvest.Int(o["size"]), harvest.Int(o["byte_size"])),
		Schema:    harvest.SchemaOf(o),
		Hash:      harvest.Line(o.Text("hash")),
		Modified:  harvest.Time(o.Text("last_modified", "metadata_modified", "created")),
	}
	if x.URL == "" && x.ID != "" && truth(o["datastore_active"]) { // a table of the portal's own
		x.URL, x.Format = base+"/datastore/dump/"+url.PathEscape(x.ID), "csv"
		return x
	}
	x.Format = harvest.Format(o.Text("format"), x.MediaType, x.URL)
	return x
}
