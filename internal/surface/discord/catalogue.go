package discord

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/bwmarrin/discordgo"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/lang"
	"cigogne/internal/surface/plain"
)

// foundShown is how many datasets a message lists.
const foundShown = 8

// found lists datasets for some words, or the ones changed last.
func (b *Bot) found(ctx context.Context, typed string, l lang.Lang) message {
	f, err := b.Guide.Find(ctx, assistant.Browse{Text: typed, Limit: foundShown}, l)
	if err != nil {
		b.Log.ErrorContext(ctx, "catalogue not read", "error", err)
		return message{content: l.Pick("Le catalogue n'a pas pu être lu ; réessayez dans un instant.", "The catalogue could not be read; try again in a moment.")}
	}
	if len(f.Datasets) == 0 {
		return message{content: l.Pick("Aucun jeu de données ne correspond. Essayez d'autres mots, ou data.gouv.fr pour toute la France.", "No dataset fits. Try other words, or data.gouv.fr for all of France.")}
	}
	e := &discordgo.MessageEmbed{Color: blue, Title: cut(l.Pick("Jeux de données : ", "Datasets: ")+text(typed), maxTitle)}
	if typed == "" {
		e.Title = l.Pick("Changés en dernier", "Changed last")
	}
	for _, d := range f.Datasets {
		e.Fields = append(e.Fields, &discordgo.MessageEmbedField{Name: cut(text(d.Title), maxFieldName), Value: cut(b.line(d, l), maxField)})
	}
	if rest := f.Total - len(f.Datasets); rest > 0 {
		e.Footer = &discordgo.MessageEmbedFooter{Text: fmt.Sprintf(l.Pick("et %s autres", "and %s more"), lang.FormatNumber(float64(rest), 0, l))}
	}
	return message{embed: e}
}

func (b *Bot) line(d assistant.FoundItem, l lang.Lang) string {
	var parts []string
	if d.Publisher != "" {
		parts = append(parts, text(d.Publisher))
	}
	if d.Modified != "" {
		parts = append(parts, l.Pick("changé le ", "changed ")+answer.Day(d.Modified, l))
	}
	if len(d.Formats) > 0 {
		parts = append(parts, text(strings.Join(d.Formats, ", ")))
	}
	if d.Table {
		parts = append(parts, l.Pick("**interrogeable**", "**can be asked**"))
	}
	out := strings.Join(parts, " · ")
	if d.Name != "" {
		out += "\n`" + strings.ReplaceAll(plain.Line(d.Name), "`", "") + "`"
	}
	if out == "" {
		out = "–"
	}
	return out
}

// described says what a dataset is.
func (b *Bot) described(ctx context.Context, name string, l lang.Lang) message {
	d, err := b.Guide.Describe(ctx, name, l)
	switch {
	case errors.Is(err, assistant.ErrUnknownDataset):
		return message{content: l.Pick("Aucun jeu de données ne s'appelle ainsi : /jeux les cherche par leurs mots.", "No dataset is called so: /datasets finds them by their words.")}
	case err != nil:
		b.Log.ErrorContext(ctx, "dataset not read", "error", err)
		return message{content: l.Pick("Ce jeu de données n'a pas pu être lu ; réessayez dans un instant.", "This dataset could not be read; try again in a moment.")}
	}
	ds := d.Dataset
	e := &discordgo.MessageEmbed{Color: blue, Title: cut(text(ds.Title), maxTitle), Description: cut(text(ds.Description), 1200)}
	if u, err := url.Parse(ds.URL); err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") && len(u.String()) <= maxURL {
		e.URL = u.String()
	}
	add := func(name, value string) {
		if strings.TrimSpace(value) != "" {
			e.Fields = append(e.Fields, &discordgo.MessageEmbedField{Name: name, Value: cut(value, maxField), Inline: length(value) < 60})
		}
	}
	add(l.Pick("Producteur", "Publisher"), text(ds.Publisher))
	licence := ds.Licence.Title
	if licence == "" {
		licence = ds.Licence.ID
	}
	add(l.Pick("Licence", "Licence"), text(licence))
	if !ds.Modified.IsZero() {
		add(l.Pick("Changé le", "Changed"), answer.Day(ds.Modified.UTC().Format("2006-01-02"), l))
	}
	add(l.Pick("Qualité", "Quality"), fmt.Sprintf(l.Pick("%.0f\u00a0%% des critères", "%.0f%% of the criteria"), 100*d.Quality.Score))
	const shown = 8
	for k, t := range d.Tables {
		if k == shown {
			add(l.Pick("Et d'autres tables", "And other tables"), lang.FormatNumber(float64(len(d.Tables)-shown), 0, l))
			break
		}
		var names []string
		for _, c := range t.Columns {
			names = append(names, text(c.Name))
		}
		add(fmt.Sprintf(l.Pick("%s lignes", "%s rows"), lang.FormatNumber(float64(t.Rows), 0, l)), strings.Join(names, ", "))
	}
	if len(d.Ask) > 0 {
		var lines []string
		for _, q := range d.Ask[:min(5, len(d.Ask))] {
			lines = append(lines, "• "+text(q))
		}
		add(l.Pick("Ce qu'on peut lui demander", "What one can ask of it"), strings.Join(lines, "\n"))
	}
	return message{embed: e}
}

// help says what there is to do.
func (b *Bot) help(l lang.Lang) string {
	out := l.Pick("**Cigogne** répond aux questions sur les données ouvertes : le chiffre, sa source, sa requête. Ce qu'elle ne sait pas, elle le dit.\n/demander · /jeux · /jeu · /graphique · /expliquer · /nouveautes — ou mentionnez-moi, ou écrivez-moi en privé.\nPar exemple :",
		"**Cigogne** answers questions about open data: the figure, its source, its query. What it does not know, it says.\n/ask · /datasets · /dataset · /chart · /explain · /whatsnew, or mention me, or write to me.\nFor example:")
	if b.Questions != nil {
		for _, q := range b.Questions(l) {
			out += "\n• " + text(q)
		}
	}
	return cut(out, maxContent)
}
