package web

import (
	"net/url"
	"slices"
	"strings"

	"cigogne/internal/assistant"
	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

func (s *site) facet(x assistant.FoundFacet, q url.Values, l lang.Lang, to func(url.Values) string) facet {
	f := facet{Name: facetName(x.Field, l)}
	for _, v := range x.Values {
		text, chosen := v.Value, strings.EqualFold(q.Get(x.Field), v.Value)
		switch x.Field {
		case "format":
			text = strings.ToUpper(text)
		case "portal":
			text = portalName(text, l)
		case "theme":
			text = themeName(text, l)
		case "askable":
			text = texts.Say(l, "web.can_be_asked")
		}
		value := v.Value
		if chosen {
			value = ""
		}
		f.Values = append(f.Values, facetValue{text, v.Datasets, chosen, to(with(q, x.Field, value))})
	}
	return f
}

// withChosen adds the value that was chosen where it is among the rarer ones, which
// are not listed: it can still be lifted.
func withChosen(x assistant.FoundFacet, q url.Values, total int) assistant.FoundFacet {
	chosen := q.Get(x.Field)
	if chosen != "" && !slices.ContainsFunc(x.Values, func(c assistant.FoundCount) bool { return strings.EqualFold(c.Value, chosen) }) {
		x.Values = append(x.Values, assistant.FoundCount{Value: chosen, Datasets: total})
	}
	return x
}

// narrowing are the fields of an address that narrow the catalogue.
var narrowing = []string{"like", "theme", "askable", "year", "territory", "publisher", "portal", "format"}

func facetName(field string, l lang.Lang) string {
	switch field {
	case "theme":
		return texts.Say(l, "web.theme")
	case "askable":
		return texts.Say(l, "web.figures")
	case "year":
		return texts.Say(l, "web.year_of_data")
	case "territory":
		return texts.Say(l, "web.territory")
	case "publisher":
		return texts.Say(l, "web.publisher")
	case "portal":
		return texts.Say(l, "web.portal")
	}
	return texts.Say(l, "web.format")
}
