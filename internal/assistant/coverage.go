package assistant

import (
	"slices"
	"strings"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
	"cigogne/internal/search"
	"cigogne/internal/territory"
	"cigogne/internal/texts"
)

// covering answers which datasets cover a place, where the words are nothing
// but one.
func (as *Assistant) covering(x *search.Index, words string, a *answer.Answer) bool {
	folded := lang.Fold(words)
	if slices.Contains(said().Mine, folded) {
		a.Kind = answer.KindClarify
		a.Text = texts.Say(a.Lang, "assistant.which_one_say_for_instance_which")
		return true
	}
	places := placesNamed(words)
	if len(places) > 1 {
		if served := slices.DeleteFunc(slices.Clone(places), func(p territory.Place) bool { return "region-"+p.Region != x.Home() }); len(served) > 0 {
			places = served
		}
	}
	if len(places) == 0 {
		return false
	}
	if len(places) > 1 && places[0].Level == "commune" {
		a.Kind = answer.KindClarify
		a.Text = texts.Say(a.Lang, "assistant.communes_bear_that_name_which_one", "n", len(places))
		a.Sentence = a.Text
		for _, p := range places {
			c := texts.Say(a.Lang, "assistant.which_datasets_cover", "name", p.Name, "within", p.Within)
			a.Choices = append(a.Choices, c)
			a.Text += "\n- " + c
		}
		return true
	}
	as.cover(x, places[0], a)
	return true
}

// placesNamed lists the places that words name and say nothing else, "Saint-Loup
// (Marne)" and "Saint-Loup dans la Marne" too.
func placesNamed(words string) []territory.Place {
	folded := lang.Fold(words)
	for range 2 {
		for _, l := range said().Leads {
			if rest, ok := strings.CutPrefix(folded, l); ok && len(territory.France().Named(folded)) == 0 {
				folded = rest
			}
		}
	}
	if found := territory.France().Named(folded); len(found) > 0 {
		return found
	}
	ws := strings.Fields(folded)
	for i := len(ws) - 1; i > 0; i-- { // a commune, then its department
		department := strings.Join(ws[i:], " ")
		if len(territory.France().Named(department)) == 0 {
			continue
		}
		name := strings.Join(ws[:i], " ")
		for _, between := range []string{" dans la", " dans le", " dans les", " dans l", " en", " in the", " in"} {
			name = strings.TrimSuffix(name, between)
		}
		found := slices.DeleteFunc(slices.Clone(territory.France().Named(name)), func(p territory.Place) bool {
			return p.Level != "commune" || lang.Fold(p.Within) != department
		})
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

// cover lists what is about a place, then what is about the places that hold it.
func (as *Assistant) cover(x *search.Index, p territory.Place, a *answer.Answer) {
	type level struct {
		filter search.Filter
		about  string // the message that says so, after "cover_"
		name   string
	}
	var levels []level
	switch p.Level {
	case "commune":
		levels = append(levels, level{search.Filter{Naming: p.Name}, "named", p.Name})
		fallthrough
	case "department":
		d := p
		if p.Level == "commune" {
			d = theOne(p.Within, "department")
		}
		levels = append(levels, level{search.Filter{Place: "department-" + d.Code}, "department", d.Name})
		fallthrough
	default:
		r := theRegion(p.Region)
		region := level{search.Filter{Covers: []string{"region-" + p.Region}}, "region", r}
		if p.Level == "region" {
			region.filter = search.Filter{Place: "region-" + p.Region} // its parts too
			region.about = "region_parts"
		}
		levels = append(levels, region)
	}
	var all []search.Listing
	var counts []string
	seen := map[string]bool{}
	for _, l := range levels {
		n := 0
		for _, d := range as.list(x, l.filter) {
			if !seen[d.ID] {
				seen[d.ID] = true
				all = append(all, d)
				n++
			}
		}
		if n > 0 {
			counts = append(counts, texts.Say(a.Lang, "assistant.cover_"+l.about, "sets", number(n, a.Lang), "place", l.name))
		}
	}
	if len(all) == 0 {
		a.Kind = answer.KindRefusal
		a.Text = texts.Say(a.Lang, "assistant.no_dataset_catalogue_says_that_it", "name", p.Name)
		return
	}
	sentence := texts.Say(a.Lang, "assistant.for_those_about_whole_france_are", "name", p.Name, "sets", sets(len(all), a.Lang), "counts", strings.Join(counts, ", "))
	show(a, sentence, all, nil)
}

// theOne is the place of that name and level.
func theOne(name, level string) territory.Place {
	for _, p := range territory.France().Named(name) {
		if p.Level == level {
			return p
		}
	}
	return territory.Place{}
}

// theRegion is the name of the region of that code.
func theRegion(code string) string {
	for _, p := range territory.France().Regions() {
		if p.Code == code {
			return p.Name
		}
	}
	return code
}
