package discord

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/bwmarrin/discordgo"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/brief"
	"cigogne/internal/discover"
	"cigogne/internal/kit"
	"cigogne/internal/lang"
	"cigogne/internal/surface/plain"
	"cigogne/internal/texts"
)

// discovered is the path of discovery on a commune; without one, the steps of
// those who decide.
func (b *Bot) discovered(ctx context.Context, name string, l lang.Lang) message {
	if b.Discover == nil {
		return message{content: texts.Say(l, "discord.no_themes_here")}
	}
	var stops []discover.Stop
	var err error
	title := texts.Say(l, "page.six_steps")
	if name == "" {
		stops, err = b.Discover.Decide(ctx, l, b.alone)
	} else {
		found := discover.Find(name)
		switch {
		case len(found) == 0:
			return message{content: texts.Say(l, "web.no_such_commune", "name", text(name))}
		case len(found) > 1:
			var names []string
			for _, c := range found {
				names = append(names, text(c.Name))
			}
			return message{content: texts.Say(l, "page.several_communes") + "\n- " + strings.Join(names, "\n- ")}
		}
		title = found[0].Name
		stops, err = b.Discover.Commune(ctx, found[0], l, b.alone)
	}
	if err != nil {
		b.Log.ErrorContext(ctx, "discovery", "error", err)
		return message{content: texts.Say(l, "discord.stumbled")}
	}
	e := &discordgo.MessageEmbed{Color: blue, Title: cut(text(title), maxTitle)}
	for _, s := range stops {
		e.Fields = append(e.Fields, &discordgo.MessageEmbedField{Name: cut(text(s.Title), maxFieldName), Value: cut(b.says(s.Answer)+"\n→ "+text(s.Learnt), maxField)})
	}
	return message{embed: e}
}

// says is an answer in its sentence, or its figure, with where it lasts.
func (b *Bot) says(a *answer.Answer) string {
	said := "**" + text(answer.FirstFigure(a)) + "**"
	if a.Spoken() {
		said = markdown(a.Sentence)
	}
	if b.lasts(a) {
		said += " [↗](" + b.Base + "/a/" + a.AnswerID + ")"
	}
	return said
}

// alone asks a question that stands alone, and keeps its answer.
func (b *Bot) alone(ctx context.Context, question string, l lang.Lang) (*answer.Answer, error) {
	a, err := b.Asker.Ask(ctx, assistant.Question{Text: question, Lang: l})
	if a == nil {
		return nil, errors.Join(err, ctx.Err())
	}
	return a, b.Answers.Keep(ctx, a)
}

// theme is the kit of that name or title; nil where there is none.
func (b *Bot) theme(name string, l lang.Lang) *kit.Kit {
	if b.Kits == nil {
		return nil
	}
	all := b.Kits()
	at := slices.IndexFunc(all, func(k *kit.Kit) bool {
		return k.Name == name || lang.Fold(k.Title.In(l)) == lang.Fold(name)
	})
	if at < 0 {
		return nil
	}
	return all[at]
}

// noTheme says which themes there are.
func (b *Bot) noTheme(l lang.Lang) message {
	var names []string
	if b.Kits != nil {
		for _, k := range b.Kits() {
			names = append(names, text(k.Name))
		}
	}
	if len(names) == 0 {
		return message{content: texts.Say(l, "discord.no_themes_here")}
	}
	return message{content: texts.Say(l, "discord.themes_are", "names", strings.Join(names, ", "))}
}

// briefed is a theme for a meeting: key figures in the message, all of it in a file.
func (b *Bot) briefed(ctx context.Context, name string, l lang.Lang) message {
	k := b.theme(name, l)
	if k == nil || b.Brief == nil {
		return b.noTheme(l)
	}
	made, err := b.Brief(ctx, k, l)
	if err != nil {
		b.Log.ErrorContext(ctx, "brief", "theme", k.Name, "error", err)
		return message{content: texts.Say(l, "discord.stumbled")}
	}
	e := &discordgo.MessageEmbed{Color: blue, Title: cut(text(k.Title.In(l)), maxTitle), Description: text(k.Lead.In(l))}
	if b.Base != "" {
		e.URL = b.Base + "/themes/" + k.Name + "/brief"
	}
	for _, f := range made.Figures {
		e.Fields = append(e.Fields, &discordgo.MessageEmbedField{Name: cut(text(f.Says), maxFieldName), Value: cut(figureLine(f, l), maxField)})
	}
	e.Fields = append(e.Fields, listed(texts.Say(l, "brief.limits"), made.Limits())...)
	return message{embed: e, files: []*discordgo.File{{Name: k.Name + ".md", ContentType: "text/markdown", Reader: strings.NewReader(plain.Text(made.Markdown()))}}}
}

func figureLine(f brief.Figure, l lang.Lang) string {
	line := "**" + text(f.Value()) + "**"
	if c := f.Change(l); c != "" {
		line += " · " + text(c)
	}
	return line
}

// packed is what a theme gives a channel: its welcome and questions to try.
func (b *Bot) packed(name string, l lang.Lang) message {
	k := b.theme(name, l)
	if k == nil {
		return b.noTheme(l)
	}
	e := &discordgo.MessageEmbed{Color: blue, Title: cut(text(k.Title.In(l)), maxTitle), Description: markdown(k.Welcome.In(l))}
	if b.Base != "" {
		e.URL = b.Base + "/themes/" + k.Name
	}
	var questions []string
	for _, q := range k.Try {
		if text := q.Question.In(l); text != "" {
			questions = append(questions, text)
		}
	}
	e.Fields = append(e.Fields, listed(texts.Say(l, "page.questions_to_try"), questions)...)
	return message{embed: e}
}
