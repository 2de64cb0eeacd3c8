package discord

import (
	"context"
	"strings"
	"testing"

	"cigogne/internal/answer"
	"cigogne/internal/brief"
	"cigogne/internal/dataset"
	"cigogne/internal/discover"
	"cigogne/internal/kit"
	"cigogne/internal/lang"
)

func TestWaysIntoTheData(t *testing.T) {
	both := func(s string) dataset.Bilingual { return dataset.Bilingual{FR: s, EN: s} }
	k := &kit.Kit{Name: "eau", Title: both("L'eau"), Lead: both("Ce qui coule."), Welcome: both("**Bienvenue** au bord de l'eau."), Limits: []dataset.Bilingual{both("Rien sur la mer.")}, Try: []kit.Try{{Question: both("Combien de lacs ?")}}}
	d := newDouble(t)
	b := start(t, d, Settings{}, &scripted{})
	b.Kits = func() []*kit.Kit { return []*kit.Kit{k} }
	b.Brief = func(_ context.Context, k *kit.Kit, l lang.Lang) (*brief.Brief, error) {
		a := &answer.Answer{Kind: answer.KindFigure, Lang: l, Figures: []answer.Figure{{Value: 12}}, Headline: answer.Headline{Text: "12"}}
		return &brief.Brief{Kit: k, Lang: l, Figures: []brief.Figure{{Says: "Lacs", Answer: a}}}, nil
	}
	b.Discover = &discover.Path{Stations: []discover.Station{{Title: both("Combien ?"), Ask: []dataset.Bilingual{both("Combien d'habitants {at} ?")}, Learnt: both("Un chiffre a un millésime.")}}}
	for name, c := range map[string]struct {
		command string
		option  [2]string
		want    []string
	}{
		"a commune":         {cmdDiscover, [2]string{optCommune, "Riquewihr"}, []string{"Riquewihr", "Combien ?", "Somme.", "→ Un chiffre a un millésime."}},
		"of several":        {cmdDiscover, [2]string{optCommune, "Saint-Louis"}, []string{"Plusieurs communes"}},
		"elsewhere":         {cmdDiscover, [2]string{optCommune, "Lyon"}, []string{"Aucune commune"}},
		"a theme's brief":   {cmdBrief, [2]string{optTheme, "eau"}, []string{"L'eau", "Lacs", "**12**", "Rien sur la mer."}},
		"by its title":      {cmdBrief, [2]string{optTheme, "l’eau"}, []string{"Ce qui coule."}},
		"a channel's pack":  {cmdKit, [2]string{optTheme, "eau"}, []string{"**Bienvenue**", "Combien de lacs ?"}},
		"no theme":          {cmdKit, [2]string{optTheme, "feu"}, []string{"Ceux qu'il y a : eau."}},
		"no theme to brief": {cmdBrief, [2]string{optTheme, "feu"}, []string{"Ceux qu'il y a : eau."}},
	} {
		t.Run(name, func(t *testing.T) {
			got := text0(d.edited(d.interact(2, slash(c.command, c.option[0], c.option[1]))))
			for _, w := range c.want {
				if !strings.Contains(got, w) {
					t.Errorf("%s lacks %q", got, w)
				}
			}
		})
	}
}
