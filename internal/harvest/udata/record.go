package udata

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest"
	"cigogne/internal/territory"
)

var errNoRecord = errors.New("record has neither id nor slug")

// Decoder reads the records of the portal at base.
func Decoder(base string) harvest.Decoder {
	return func(raw []byte) (dataset.Dataset, bool, error) { return decode(raw, base) }
}

func decode(raw []byte, base string) (d dataset.Dataset, hidden bool, err error) {
	o, err := harvest.ParseObject(raw)
	if err != nil {
		return d, false, fmt.Errorf("read record: %w", err)
	}
	if inner := o.Object("dataset"); inner != nil && o.Text("id") == "" { // as udata's own fixtures have it
		for _, k := range []string{"resources", "organization"} {
			if _, ok := inner[k]; !ok {
				inner[k] = o[k]
			}
		}
		o = inner
	}
	d = dataset.Dataset{
		ID:          harvest.Line(o.Text("id", "slug")),
		Name:        harvest.Line(o.Text("slug", "id")),
		Title:       harvest.Line(o.Text("title")),
		Description: harvest.Plain(o.Text("description", "description_short")),
		Publisher:   harvest.Line(harvest.Text(o["organization"])),
		Portal:      base,
		Keywords:    harvest.Keywords(harvest.Texts(o.List("tags"), harvest.MaxKeywords, "name")),
		Frequency:   harvest.Frequency(named(o, "frequency", "id", "label")),
		Licence:     harvest.LicenceOf(o["license"]),
		Spatial:     spatial(o.Object("spatial")),
		Created:     when(o, "created_at", "created_at_internal"),
		Modified:    when(o, "last_update", "last_modified", "last_modified_internal"),
		URL:         o.Text("page", "self_web_url"),
	}
	if d.ID == "" {
		return d, false, errNoRecord
	}
	if d.Title == "" {
		d.Title = d.Name
	}
	if d.Publisher == "" {
		owner := o.Object("owner")
		d.Publisher = harvest.Line(owner.Text("first_name") + " " + owner.Text("last_name"))
		if d.Publisher == "" {
			d.Publisher = harvest.Line(harvest.Text(o["owner"]))
		}
	}
	if !harvest.IsWeb(d.URL) {
		d.URL = base + "/datasets/" + d.Name + "/"
	}
	d.Period = harvest.PeriodOf(o["temporal_coverage"])
	if from := o.Object("harvest"); from != nil {
		for _, k := range []string{"remote_url", "uri", "dct_identifier", "remote_id"} {
			if s := harvest.Line(from.Text(k)); s != "" {
				d.Origins = append(d.Origins, s)
			}
		}
	}
	d.Distributions = files(o, base)
	return d, hides(o), nil
}

// named is a value that stands as a text or as an object that has one.
func named(o harvest.Object, key string, keys ...string) string {
	if inner, ok := o[key].(map[string]any); ok {
		return harvest.Object(inner).Text(keys...)
	}
	return o.Text(key)
}

// hides tells whether a record is private, deleted or put away.
func hides(o harvest.Object) bool {
	if o["private"] == true || o.Text("private") == "true" {
		return true
	}
	for _, k := range []string{"deleted", "deleted_at", "archived", "archived_at"} { // the date of it
		if o[k] == true || !harvest.Time(o.Text(k)).IsZero() {
			return true
		}
	}
	return false
}

// spatial names the zones that a record covers, the country and the regions and
// departments by name: "country:fr", "fr:region:44", "fr:departement:67".
func spatial(o harvest.Object) string {
	var names []string
	for _, z := range o.List("zones") {
		id := harvest.Text(z)
		if m, ok := z.(map[string]any); ok {
			id = harvest.Object(m).Text("name", "id")
		}
		names = append(names, zone(id))
	}
	if names = harvest.Lines(names); len(names) > 0 {
		return strings.Join(names[:min(len(names), 10)], ", ")
	}
	if geom := o.Object("geom"); geom != nil {
		return harvest.Box(geom["coordinates"])
	}
	return ""
}

func zone(id string) string {
	if id == "country:fr" {
		return "France"
	}
	parts := strings.Split(id, ":")
	if len(parts) < 3 || parts[0] != "fr" {
		return id
	}
	if p, ok := territory.France().Coded(levels[parts[1]], parts[2]); ok {
		return p.Name
	}
	return id
}

var levels = map[string]string{"region": "region", "departement": "department", "commune": "commune"}

// when is the first of the dates that is there.
func when(o harvest.Object, keys ...string) time.Time {
	for _, k := range keys {
		if t := harvest.Time(o.Text(k)); !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

// hash is a checksum's value, which may stand alone with its algorithm: "sha1:…".
func hash(v any) string {
	s := harvest.Line(harvest.Text(v))
	return s[strings.LastIndexByte(s, ':')+1:]
}

func files(o harvest.Object, base string) []dataset.Distribution {
	var out harvest.Files
	for _, v := range o.List("resources") {
		m, ok := v.(map[string]any)
		if !ok {
			continue
		}
		r := harvest.Object(m)
		extras := r.Object("extras")
		x := dataset.Distribution{
			ID:        harvest.Line(r.Text("id")),
			Title:     harvest.Line(r.Text("title")),
			URL:       harvest.Absolute(base, r.Text("url", "latest", "preview_url")),
			MediaType: harvest.MediaType(r.Text("mime", "mime_type")),
			Size:      harvest.Int(r["filesize"]),
			Hash:      hash(r["checksum"]),
			Modified:  harvest.Time(r.Text("last_modified", "published", "modified", "created_at")),
			Schema:    harvest.SchemaOf(r),
			Dead:      extras["check:available"] == false || strings.EqualFold(extras.Text("check:available"), "false"),
		}
		if u := extras.Text("analysis:parsing:parquet_url"); harvest.IsWeb(u) { // what the Tabular API reads
			x.Parsed = u
		}
		if x.Size == 0 {
			x.Size = harvest.Int(extras["analysis:content-length"])
		}
		x.Format = harvest.Format(r.Text("format"), x.MediaType, x.URL)
		out.Add(x)
	}
	return out.All()
}
