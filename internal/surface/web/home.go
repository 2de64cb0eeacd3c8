package web

import (
	"context"
	"strconv"
	"strings"

	"cigogne/internal/assistant"
	"cigogne/internal/kit"
	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// home is what the first page shows before any question.
type home struct {
	Scope    string // what is here: territory, datasets, years, how fresh
	Examples []example
	Themes   []theme
	Discover string // address of the way into the data; "" where there is none
}

// example is a question by what its answer shows.
type example struct {
	Shows    kit.Shows
	Label    string
	Question string
}

// home says what is here, as far as it is known: a catalogue that cannot be read
// leaves a page to ask on.
func (s *site) home(ctx context.Context, p page) home {
	h := home{Scope: s.scope(ctx, p.Lang), Examples: examples(s.kits(), p.Lang)}
	if len(h.Examples) == 0 {
		for _, q := range s.Questions(p.Lang) {
			h.Examples = append(h.Examples, example{kit.ShowsFigure, shows(kit.ShowsFigure, p.Lang), q})
		}
	}
	for _, k := range s.kits() {
		h.Themes = append(h.Themes, theme{k.Title.In(p.Lang), k.Lead.In(p.Lang), p.Link("/themes/" + k.Name)})
	}
	if s.Discover != nil {
		h.Discover = p.Link("/decouvrir")
	}
	return h
}

// theme is the way to a theme's page.
type theme struct{ Title, Lead, Path string }

func (s *site) kits() []*kit.Kit {
	if s.Kits == nil {
		return nil
	}
	return s.Kits()
}

// scope is the catalogue in a sentence; "" where it says nothing.
func (s *site) scope(ctx context.Context, l lang.Lang) string {
	if s.Overview == nil {
		return ""
	}
	o, err := s.Overview(ctx)
	if err != nil {
		s.Log.ErrorContext(ctx, "overview", "error", err)
		return ""
	}
	if o.Askable == 0 {
		return ""
	}
	out := texts.Say(l, "web.scope_datasets", "n", o.Askable)
	if o.To > 0 {
		out += texts.Say(l, "web.scope_years", "to", strconv.Itoa(o.To))
	}
	if o.Modified != "" {
		out += texts.Say(l, "web.scope_fresh", "day", day(o.Modified, l))
	}
	if o.Territory != "" && len(o.Themes) > 0 {
		var themes []string
		for _, t := range o.Themes {
			themes = append(themes, l.Common(themeName(t, l)))
		}
		out = texts.Say(l, "web.scope_of", "territory", o.Territory, "themes", strings.Join(themes, ", ")) + " " + out
	}
	return out + "."
}

// examples are one question of each kind, from theme after theme, so that they
// show what answers look like and what they may be about.
func examples(kits []*kit.Kit, l lang.Lang) (out []example) {
	for i, what := range kit.Shown[:len(kit.Shown)-1] { // a figure alone shows least
		for n := range kits {
			if q := tried(kits[(i+n)%len(kits)], what, l); q != "" {
				out = append(out, example{what, shows(what, l), q})
				break
			}
		}
	}
	return out
}

// tried is a kit's first question of a kind; "" where it has none.
func tried(k *kit.Kit, what kit.Shows, l lang.Lang) string {
	for _, t := range k.Try {
		if t.Shows == what {
			return t.Question.In(l)
		}
	}
	return ""
}

// shows says what an answer shows.
func shows(what kit.Shows, l lang.Lang) string {
	switch what {
	case kit.ShowsEvolution:
		return texts.Say(l, "web.shows_evolution")
	case kit.ShowsComparison:
		return texts.Say(l, "web.shows_comparison")
	case kit.ShowsRanking:
		return texts.Say(l, "web.shows_ranking")
	case kit.ShowsMap:
		return texts.Say(l, "web.shows_map")
	case kit.ShowsFigure:
	}
	return texts.Say(l, "web.shows_figure")
}

// overview is what tells the catalogue in a line; see assistant.Guide.
type overview = func(context.Context) (assistant.Overview, error)
