package discord

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"strings"

	"github.com/bwmarrin/discordgo"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/lang"
	"cigogne/internal/surface/plain"
	"cigogne/internal/texts"
)

// foundShown is how many datasets a message lists.
const foundShown = 8

// found lists datasets for some words, or the ones changed last.
func (b *Bot) found(ctx context.Context, typed string, l lang.Lang) message {
	f, err := b.Guide.Find(ctx, assistant.Browse{Text: typed, Limit: foundShown}, l)
	if err != nil {
		b.Log.ErrorContext(ctx, "catalogue not read", "error", err)
		return message{content: texts.Say(l, "discord.catalogue_could_not_be_read_try")}
	}
	if len(f.Datasets) == 0 {
		return message{content: texts.Say(l, "discord.no_dataset_fits_try_other_words", "url", cmp.Or(f.Elsewhere, "https://www.data.gouv.fr"))}
	}
	e := &discordgo.MessageEmbed{Color: blue, Title: cut(texts.Say(l, "discord.datasets")+" "+text(typed), maxTitle)}
	if typed == "" {
		e.Title = texts.Say(l, "discord.changed_last")
	}
	for _, d := range f.Datasets {
		e.Fields = append(e.Fields, &discordgo.MessageEmbedField{Name: cut(text(d.Title), maxFieldName), Value: cut(b.line(d, l), maxField)})
	}
	if rest := f.Total - len(f.Datasets); rest > 0 {
		e.Footer = &discordgo.MessageEmbedFooter{Text: texts.Say(l, "discord.and_more", "rest", lang.FormatNumber(float64(rest), 0, l))}
	}
	return message{embed: e}
}

func (b *Bot) line(d assistant.FoundItem, l lang.Lang) string {
	var parts []string
	if d.Publisher != "" {
		parts = append(parts, text(d.Publisher))
	}
	if d.Modified != "" {
		parts = append(parts, texts.Say(l, "discord.changed")+" "+answer.Day(d.Modified, l))
	}
	if len(d.Formats) > 0 {
		parts = append(parts, text(strings.Join(d.Formats, ", ")))
	}
	if d.Table {
		parts = append(parts, texts.Say(l, "discord.can_be_asked"))
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
		return message{content: texts.Say(l, "discord.no_dataset_is_called_so_datasets")}
	case err != nil:
		b.Log.ErrorContext(ctx, "dataset not read", "error", err)
		return message{content: texts.Say(l, "discord.this_dataset_could_not_be_read")}
	}
	ds := d.Dataset
	e := &discordgo.MessageEmbed{Color: blue, Title: cut(text(ds.Title), maxTitle), Description: cut(text(ds.Description), 1200), URL: linkable(ds.URL)}
	add := func(name, value string) {
		if strings.TrimSpace(value) != "" {
			e.Fields = append(e.Fields, &discordgo.MessageEmbedField{Name: name, Value: cut(value, maxField), Inline: length(value) < 60})
		}
	}
	add(texts.Say(l, "discord.publisher"), text(ds.Publisher))
	add(texts.Say(l, "discord.licence"), text(cmp.Or(ds.Licence.Title, ds.Licence.ID)))
	if !ds.Modified.IsZero() {
		add(texts.Say(l, "discord.changed_2"), answer.Day(ds.Modified.UTC().Format("2006-01-02"), l))
	}
	add(texts.Say(l, "discord.quality"), texts.Say(l, "discord.criteria", "value", lang.FormatNumber(float64(100*d.Quality.Score), 0, l)))
	for _, t := range d.Tables[:min(tablesShown, len(d.Tables))] {
		var names []string
		for _, c := range t.Columns {
			names = append(names, text(c.Name))
		}
		add(texts.Say(l, "discord.rows", "n", t.Rows), strings.Join(names, ", "))
	}
	if more := len(d.Tables) - tablesShown; more > 0 {
		add(texts.Say(l, "discord.and_other_tables"), lang.FormatNumber(float64(more), 0, l))
	}
	var lines []string
	for _, q := range d.Ask[:min(5, len(d.Ask))] {
		lines = append(lines, "• "+text(q))
	}
	add(texts.Say(l, "discord.what_one_can_ask_it"), strings.Join(lines, "\n"))
	return message{embed: e}
}

const tablesShown = 8 // of a dataset, each with its columns

// linkable is an address that a title may lead to, else "".
func linkable(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || len(u.String()) > maxURL {
		return ""
	}
	return u.String()
}

// help says what there is to do.
func (b *Bot) help(l lang.Lang) string {
	out := texts.Say(l, "discord.cigogne_answers_questions_about")
	if b.Questions != nil {
		for _, q := range b.Questions(l) {
			out += "\n• " + text(q)
		}
	}
	return cut(out, maxContent)
}
