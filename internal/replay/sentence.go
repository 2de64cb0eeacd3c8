package replay

import (
	"strings"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// Sentence says to a person what came of it.
func (r Report) Sentence(l lang.Lang) string {
	var parts []string
	switch r.State {
	case Same:
		parts = append(parts, texts.Say(l, "replay.same_figures_on_files")+" "+lang.Day(r.At, l))
	case Differs:
		parts = append(parts, texts.Say(l, "replay.other_figures_on_same_files")+" "+list(r.Changes, l))
	case Gone:
		parts = append(parts, texts.Say(l, "replay.file_it_was_made_is_gone"))
	case Altered:
		parts = append(parts, texts.Say(l, "replay.file_it_was_made_was_altered"))
	case Nothing:
		parts = append(parts, texts.Say(l, "replay.nothing_to_compute"))
	}
	switch n := r.Newer; {
	case n == nil:
	case n.Failed:
		parts = append(parts, texts.Say(l, "replay.todays_data_do_not_allow_this"))
	case n.Same:
		parts = append(parts, texts.Say(l, "replay.newer_data_give_same"))
	default:
		parts = append(parts, texts.Say(l, "replay.newer_data_give")+" "+list(n.Changes, l))
	}
	if r.Newer != nil {
		for _, n := range r.Newer.Renamed {
			parts = append(parts, texts.Say(l, "replay.renamed", "was", n.Was, "now", n.Now))
		}
	}
	return strings.Join(parts, texts.Say(l, "replay.mark")+" ")
}

// list writes changes: "Metz : 120 874 → 121 695".
func list(changes []Change, l lang.Lang) string { return strings.Join(Lines(changes, l), ", ") }

// Lines writes each change on its own.
func Lines(changes []Change, l lang.Lang) []string {
	var out []string
	for _, c := range changes {
		switch { // rows of a list, without a number
		case c.Was == nil && c.Now == true:
			out = append(out, c.What+" "+texts.Say(l, "replay.added"))
			continue
		case c.Now == nil && c.Was == true:
			out = append(out, c.What+" "+texts.Say(l, "replay.removed"))
			continue
		}
		s := ""
		if c.What != "" {
			s = c.What + texts.Say(l, "replay.mark_2") + " "
		}
		out = append(out, s+figure(c.Was, c.Unit, l)+" → "+figure(c.Now, c.Unit, l))
	}
	return out
}

// figure writes a number; of what has no row, that it has none.
func figure(v any, unit string, l lang.Lang) string {
	if v == nil {
		return texts.Say(l, "replay.no_row")
	}
	return answer.Cell(v, unit, false, l)
}
