package harvest

import (
	"cmp"
	"regexp"
	"strings"

	"cigogne/internal/dataset"
)

// known licences of public data: how data.gouv.fr numbers them, and what texts
// and addresses give them away, most particular first.
var known = []struct {
	licence dataset.Licence
	form    *regexp.Regexp
}{
	{dataset.Licence{ID: "lov2", Title: "Licence Ouverte / Open Licence version 2.0", URL: "https://www.etalab.gouv.fr/licence-ouverte-open-licence"}, regexp.MustCompile(`(?i)\blov2\b|licence ouverte.{0,30}(v|version|\b)\s*2|open[- ]?licen[cs]e.{0,20}2\.0|licence-ouverte-v2|2018/11/open-licence|etalab-2\.0|etalab.{0,12}2\.0|etalab\.gouv\.fr/licence-ouverte-open-licence`)},
	{dataset.Licence{ID: "fr-lo", Title: "Licence Ouverte / Open Licence", URL: "https://www.etalab.gouv.fr/wp-content/uploads/2014/05/Licence_Ouverte.pdf"}, regexp.MustCompile(`(?i)\bfr-lo\b|licence[- _]ouverte|\betalab\b`)},
	{dataset.Licence{ID: "odc-odbl", Title: "Open Data Commons Open Database License (ODbL)", URL: "https://opendatacommons.org/licenses/odbl/"}, regexp.MustCompile(`(?i)\bodbl\b|open (data )?(commons )?(open )?database licen[cs]e|opendatacommons\.org/licenses/odbl`)},
	{dataset.Licence{ID: "odc-by", Title: "Open Data Commons Attribution License", URL: "https://opendatacommons.org/licenses/by/"}, regexp.MustCompile(`(?i)\bodc-by\b|opendatacommons\.org/licenses/by`)},
	{dataset.Licence{ID: "odc-pddl", Title: "Open Data Commons Public Domain Dedication and Licence (PDDL)", URL: "https://opendatacommons.org/licenses/pddl/"}, regexp.MustCompile(`(?i)\bpddl\b`)},
	{dataset.Licence{ID: "cc-by-nc-sa", Title: "Creative Commons Attribution Non-Commercial Share-Alike", URL: ""}, regexp.MustCompile(`(?i)\bcc[- ]by[- ]nc[- ]sa\b|creativecommons\.org/licenses/by-nc-sa/`)},
	{dataset.Licence{ID: "cc-by-nc-nd", Title: "Creative Commons Attribution Non-Commercial No-Derivatives", URL: ""}, regexp.MustCompile(`(?i)\bcc[- ]by[- ]nc[- ]nd\b|creativecommons\.org/licenses/by-nc-nd/`)},
	{dataset.Licence{ID: "cc-by-nc", Title: "Creative Commons Attribution Non-Commercial", URL: ""}, regexp.MustCompile(`(?i)\bcc[- ]by[- ]nc\b|creativecommons\.org/licenses/by-nc/`)},
	{dataset.Licence{ID: "cc-by-nd", Title: "Creative Commons Attribution No-Derivatives", URL: ""}, regexp.MustCompile(`(?i)\bcc[- ]by[- ]nd\b|creativecommons\.org/licenses/by-nd/`)},
	{dataset.Licence{ID: "cc-by-sa", Title: "Creative Commons Attribution Share-Alike", URL: ""}, regexp.MustCompile(`(?i)\bcc[- ]by[- ]sa\b|creativecommons\.org/licenses/by-sa/|creative commons.{0,40}(share-?alike|partage)`)},
	{dataset.Licence{ID: "cc-zero", Title: "Creative Commons CCZero", URL: "https://creativecommons.org/publicdomain/zero/1.0/"}, regexp.MustCompile(`(?i)\bcc[- ]?(zero|0)\b|creativecommons\.org/publicdomain/zero`)},
	{dataset.Licence{ID: "cc-by", Title: "Creative Commons Attribution", URL: ""}, regexp.MustCompile(`(?i)\bcc[- ]by\b( |$|-?\d)|creativecommons\.org/licenses/by/|/cc-by-\d|creative commons.{0,40}attribution`)},
	{dataset.Licence{ID: "other-pd", Title: "Other (Public Domain)", URL: ""}, regexp.MustCompile(`(?i)public domain|domaine public`)},
}

// notLicence are texts that stand where a licence does and name none.
var notLicence = regexp.MustCompile(`(?i)^(other-at|unknown|none|aucune|no limitations?( on public access| to public access| apply)?|pas de restriction d.acc[eè]s( public| au public)?( selon inspire)?|pas de restriction|no limitations apply)\.?$`)

// unspecified is what portals write where nobody chose a licence.
var unspecified = regexp.MustCompile(`(?i)^(?:(?:licen[cs]e )?(?:not[ -]?specified|non[ -]sp[eé]cifi[eé]e?|non renseign[eé]e?|unknown|inconnue?|unbekannt)|no licen[cs]e|aucune licence|aucune|none|null|n/?a|-+)\.?$`)

// noConditions says that there are none: a licence of a kind, where no other is named.
var noConditions = regexp.MustCompile(`(?i)^(no conditions apply|aucune condition)`)

// Licence reads what a portal says of terms of use: an ID, a name, an address
// or a phrase, any of them. A licence that is known gets the title and address
// it lacks.
func Licence(id, title, address string) dataset.Licence {
	l := stated(id, title, address)
	if unspecified.MatchString(l.ID) || l.ID == "" && l.URL == "" && unspecified.MatchString(l.Title) {
		return dataset.Licence{}
	}
	said := strings.NewReplacer("_", "-").Replace // the EU authority's CC_BY_4_0
	for _, k := range known {
		if k.form.MatchString(said(l.ID)) || l.ID == "" && (k.form.MatchString(said(title)) || k.form.MatchString(said(l.URL))) {
			l.ID = cmp.Or(l.ID, k.licence.ID)
			l.Title = cmp.Or(l.Title, k.licence.Title)
			l.URL = cmp.Or(l.URL, k.licence.URL)
			break
		}
	}
	return l
}

// stated is what a portal says, each part in its place: an address may stand in
// any of them.
func stated(id, title, address string) dataset.Licence {
	l := dataset.Licence{ID: Line(id), Title: cut(Line(Plain(title)), maxLine), URL: strings.TrimSpace(address)}
	if IsWeb(l.Title) && !strings.Contains(l.Title, " ") {
		l.URL = cmp.Or(l.URL, l.Title)
		l.Title = ""
	}
	if !IsWeb(l.URL) {
		l.URL = ""
	}
	if IsWeb(l.ID) {
		l.URL = cmp.Or(l.URL, l.ID)
		l.ID = ""
	}
	return l
}

// LicenceOf reads terms of use in whichever form JSON has them: a text (an ID, a
// name or an address), an object of such, or a list, of which the best.
func LicenceOf(v any) dataset.Licence {
	switch v := v.(type) {
	case map[string]any:
		o := Object(v)
		if l := Licence(o.Text("id", "identifier", "license_id", "code"), o.Text("title", "name", "label", "prefLabel", "default", "langfre", "license_title"), o.Text("url", "href", "link", "uri", "@id", "license_url")); l != (dataset.Licence{}) {
			return l
		}
		return Licence("", Text(v), "")
	case []any:
		var names, links []string
		for _, e := range v {
			l := LicenceOf(e)
			names, links = append(names, cmp.Or(l.Title, l.ID)), append(links, l.URL)
		}
		return BestLicence(names, links)
	case string:
		var inner any
		if strings.HasPrefix(strings.TrimSpace(v), "{") && Decode([]byte(v), &inner) == nil {
			return LicenceOf(inner)
		}
	}
	s := Text(v)
	for _, k := range known {
		if strings.EqualFold(k.licence.ID, s) {
			return Licence(s, "", "")
		}
	}
	return Licence("", s, "")
}

// BestLicence picks, of several texts on terms of use (with their addresses,
// "" where there is none), the one that is a licence: a known one, else the
// first that says anything.
func BestLicence(texts, addresses []string) dataset.Licence {
	at := func(i int) string {
		if i < len(addresses) {
			return addresses[i]
		}
		return ""
	}
	var first dataset.Licence
	for i, text := range texts {
		if notLicence.MatchString(Line(text)) || Line(text) == "" && at(i) == "" || strings.Contains(at(i), "noLimitations") {
			continue
		}
		l := Licence("", text, at(i))
		if l == (dataset.Licence{}) {
			continue
		}
		if l.ID != "" {
			return l
		}
		if first == (dataset.Licence{}) || noConditions.MatchString(first.Title) {
			first = l
		}
	}
	return first
}
