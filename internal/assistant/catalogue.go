package assistant

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
	"cigogne/internal/search"
	"cigogne/internal/texts"
)

const listed = 10 // datasets named in an answer

// catalogue answers a question about the catalogue itself, and tells whether it
// was one.
func (as *Assistant) catalogue(ctx context.Context, text string, a *answer.Answer) (done bool, err error) {
	x, err := as.library.Index(ctx)
	if err != nil || x == nil {
		return false, err
	}
	if _, ok := catalogueQuestion(text, said().Overdue); ok {
		as.overdue(x, a)
		return true, nil
	}
	if topic, ok := catalogueQuestion(text, said().Novelties); ok && topic == "" {
		as.novelties(x, a)
		return true, nil
	}
	if topic, ok := catalogueQuestion(text, said().Publishing); ok {
		return true, as.publishers(ctx, x, topic, a)
	}
	if topic, ok := catalogueQuestion(text, said().Counting); ok {
		return true, as.counted(ctx, x, topic, a)
	}
	if topic, ok := catalogueQuestion(text, said().Publishes); ok && as.published(x, topic, a) {
		return true, nil
	}
	if topic, ok := catalogueQuestion(text, said().Openings); ok && topic != "" {
		if as.covering(x, topic, a) {
			return true, nil
		}
		return true, as.datasets(ctx, x, topic, a)
	}
	return false, nil
}

// counted says how many datasets there are: in all, of a publisher or a place, of a
// subject.
func (as *Assistant) counted(ctx context.Context, x *search.Index, topic string, a *answer.Answer) error {
	if topic == "" {
		a.Kind = answer.KindText
		a.Text = texts.Say(a.Lang, "assistant.catalogue_holds", "sets", sets(len(as.list(x, search.Filter{})), a.Lang))
		return nil
	}
	if as.published(x, topic, a) || as.covering(x, topic, a) {
		return nil
	}
	return as.datasets(ctx, x, topic, a)
}

// sought lists the datasets of a subject that no table answers, where it is data
// that is looked for: "où trouver les horaires de bus", "pistes cyclables données".
func (as *Assistant) sought(ctx context.Context, text string, given bool, a *answer.Answer) (done bool, err error) {
	words := strings.Fields(lang.Fold(text))
	found := false
	for _, p := range longestFirst(said().Seeking) {
		for at, n := longest(words, []string{strings.Join(p, " ")}); n > 0; at, n = longest(words, []string{strings.Join(p, " ")}) {
			words, found = slices.Delete(words, at, at+n), true
		}
	}
	topic := strings.Join(slices.DeleteFunc(slices.Clone(words), func(w string) bool { return slices.Contains(said().Connectors, w) }), " ")
	if given || !found || topic == "" {
		return false, nil
	}
	x, err := as.library.Index(ctx)
	if err != nil || x == nil {
		return false, err
	}
	return true, as.datasets(ctx, x, strings.Join(words, " "), a)
}

func number(n int, l lang.Lang) string { return lang.FormatNumber(float64(n), 0, l) }

// sets is a number of datasets in words.
func sets(n int, l lang.Lang) string {
	if n == 1 || n == 0 && l == lang.French {
		return number(n, l) + " " + texts.Say(l, "assistant.dataset")
	}
	return number(n, l) + " " + texts.Say(l, "assistant.datasets")
}

// list is what a filter admits, without the datasets that others replace, and
// once where a portal was harvested through two of its interfaces.
func (as *Assistant) list(x *search.Index, f search.Filter) []search.Listing {
	type publication struct{ name, title, publisher string }
	portals := map[publication]string{}
	return slices.DeleteFunc(x.List(f), func(d search.Listing) bool {
		if as.library.Replaced(d.ID) {
			return true
		}
		p := publication{d.Name, d.Title, d.Publisher}
		first, seen := portals[p]
		if !seen {
			portals[p] = d.Portal
		}
		return seen && d.Name != "" && first != d.Portal
	})
}

// show names the first of a list of datasets after a sentence; note, where not
// nil, is what each line says besides.
func show(a *answer.Answer, sentence string, list []search.Listing, note func(search.Listing) string) {
	a.Kind, a.Text, a.Sentence = answer.KindDatasets, sentence, sentence
	for _, d := range list[:min(listed, len(list))] {
		found := answer.Dataset{ID: d.ID, Name: d.Name, Title: d.Title, Publisher: d.Publisher, URL: d.URL}
		a.Datasets = append(a.Datasets, found)
		a.Text += answer.Links([]answer.Dataset{found}, a.Lang)
		if note != nil {
			a.Text += " · " + note(d)
		}
	}
	if n := len(list) - listed; n > 0 {
		a.Text += "\n\n" + texts.Say(a.Lang, "assistant.and_more", "n", number(n, a.Lang))
	}
}

func dated(t time.Time, l lang.Lang) string {
	return lang.Day(t, l)
}

// overdue lists the datasets that are late by the frequency they declare, the
// longest first.
func (as *Assistant) overdue(x *search.Index, a *answer.Answer) {
	list := as.list(x, search.Filter{StaleAt: as.now()})
	if len(list) == 0 {
		a.Kind, a.Text = answer.KindText, texts.Say(a.Lang, "assistant.no_dataset_is_overdue_by_frequency")
		return
	}
	slices.SortStableFunc(list, func(a, b search.Listing) int { return a.Due.Compare(b.Due) })
	sentence := texts.Say(a.Lang, "assistant.overdue", "sets", sets(len(list), a.Lang))
	if len(list) > 1 {
		sentence = texts.Say(a.Lang, "assistant.overdue_all", "sets", sets(len(list), a.Lang))
	}
	show(a, sentence, list, func(d search.Listing) string {
		return texts.Say(a.Lang, "assistant.declared_changed_on", "frequency", frequency(d.Frequency, a.Lang), "dated", dated(d.Modified, a.Lang))
	})
}

// novelties lists what is new or was changed within a month.
func (as *Assistant) novelties(x *search.Index, a *answer.Answer) {
	since := as.now().AddDate(0, -1, 0)
	list := as.list(x, search.Filter{Modified: since})
	if len(list) == 0 {
		a.Kind, a.Text = answer.KindText, texts.Say(a.Lang, "assistant.no_dataset_is_new_or_changed", "dated", dated(since, a.Lang))
		return
	}
	fresh := 0
	for _, d := range list {
		if d.Created.After(since) {
			fresh++
		}
	}
	show(a, texts.Say(a.Lang, "assistant.published_or_changed_since_which", "dated", dated(since, a.Lang), "sets", sets(len(list), a.Lang), "fresh", number(fresh, a.Lang)), list,
		func(d search.Listing) string {
			if d.Created.After(since) {
				return texts.Say(a.Lang, "assistant.new", "dated", dated(d.Created, a.Lang))
			}
			return texts.Say(a.Lang, "assistant.changed_on", "dated", dated(d.Modified, a.Lang))
		})
}

// publishers says who publishes, on a subject or at all, and how much.
func (as *Assistant) publishers(ctx context.Context, x *search.Index, topic string, a *answer.Answer) error {
	var names []string
	counts := map[string]int{}
	add := func(publisher string) {
		if publisher == "" {
			return
		}
		if counts[publisher]++; counts[publisher] == 1 {
			names = append(names, publisher)
		}
	}
	if topic == "" {
		for _, d := range as.list(x, search.Filter{}) {
			add(d.Publisher)
		}
	} else {
		found, err := as.library.Search(ctx, search.Query{Text: topic, Limit: 50}, a.Lang)
		if err != nil {
			return fmt.Errorf("search: %w", err)
		}
		for _, d := range found {
			if d.Score < found[0].Score/2 {
				break // what is found so far down speaks of other things
			}
			add(d.Publisher)
		}
	}
	if len(names) == 0 {
		a.Kind = answer.KindRefusal
		a.Text = texts.Say(a.Lang, "assistant.i_find_no_publisher_on_this")
		return nil
	}
	slices.SortStableFunc(names, func(a, b string) int { return counts[b] - counts[a] })
	a.Kind = answer.KindText
	a.Text = texts.Say(a.Lang, "assistant.publishers_on_this")
	if topic == "" {
		a.Text = texts.Say(a.Lang, "assistant.publishers_catalogue_in_all", "n", number(len(names), a.Lang))
	}
	for _, n := range names[:min(listed, len(names))] {
		a.Text += fmt.Sprintf("\n- %s (%s)", answer.Escape(n), number(counts[n], a.Lang))
	}
	if n := len(names) - listed; n > 0 {
		a.Text += "\n\n" + texts.Say(a.Lang, "assistant.and_more", "n", number(n, a.Lang))
	}
	return nil
}

// published lists what a publisher publishes, where the words name one.
func (as *Assistant) published(x *search.Index, words string, a *answer.Answer) bool {
	wanted := lang.Fold(words)
	for _, end := range []string{" publish", " publie", " publient"} {
		wanted = strings.TrimSuffix(wanted, end)
	}
	for _, p := range x.Publishers(search.Filter{}) {
		if p.Value == "" || wanted == "" || lang.Fold(p.Value) != wanted && !slices.Contains([]string{"la " + wanted, "le " + wanted, "l " + wanted}, lang.Fold(p.Value)) {
			continue
		}
		list := as.list(x, search.Filter{Publisher: p.Value})
		if len(list) == 0 {
			return false
		}
		show(a, texts.Say(a.Lang, "assistant.publishes", "escape", answer.Escape(p.Value), "sets", sets(len(list), a.Lang)), list, nil)
		return true
	}
	return false
}

// datasets finds what there is on a subject.
func (as *Assistant) datasets(ctx context.Context, x *search.Index, topic string, a *answer.Answer) error {
	found, err := as.library.Search(ctx, search.Query{Text: topic, Limit: listed, Fold: true}, a.Lang)
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	if len(found) == 0 {
		a.Kind = answer.KindRefusal
		a.Text = texts.Say(a.Lang, "assistant.i_find_no_dataset_on_this", "url", search.Elsewhere(topic))
		return nil
	}
	for i := range found { // what comes after speaks of a word or two of it
		if found[i].Score < found[0].Score/2 {
			found = found[:i]
			break
		}
	}
	a.Kind, a.Datasets = answer.KindDatasets, found
	a.Text = texts.Say(a.Lang, "assistant.nearest_datasets")
	if places := x.Places(topic); len(places) > 0 {
		a.Text = texts.Say(a.Lang, "assistant.nearest_datasets_first_those_this", "places", strings.Join(places, ", "))
	}
	a.Sentence = a.Text
	a.Text += answer.Links(found, a.Lang)
	return nil
}

// catalogueQuestion tells whether a question asks which datasets there are, and
// gives its subject.
func catalogueQuestion(text string, openings []string) (topic string, ok bool) {
	words, connectors := lang.Words(text), said().Connectors
	var folds []string
	for _, w := range words {
		folds = append(folds, w.Fold)
	}
	joined := strings.Join(folds, " ") + " "
	for _, o := range openings {
		if !strings.HasPrefix(joined, o+" ") {
			continue
		}
		i := len(strings.Fields(o))
		for i < len(words) && slices.Contains(connectors, words[i].Fold) {
			i++
		}
		if i == len(words) {
			return "", true
		}
		return strings.TrimSpace(strings.TrimRight(text[words[i].Start:], " ?!.")), true
	}
	return "", false
}
