package discord

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/bwmarrin/discordgo"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
	"cigogne/internal/surface/plain"
	"cigogne/internal/texts"
)

// pressed does what a button or a menu stands for.
func (b *Bot) pressed(ctx context.Context, i *discordgo.Interaction) {
	data := i.MessageComponentData()
	l := spoken(i)
	p, ok := parse(data.CustomID)
	if !ok {
		b.respond(ctx, i, private(texts.Say(l, "discord.this_button_is_no_longer_in")))
		return
	}
	switch p.do {
	case doWrong: // a form must be the first response: nothing is looked up before it
		b.respond(ctx, i, form(p.id, l))
	case doMore:
		if len(data.Values) != 1 || length(data.Values[0]) > maxOption {
			b.respond(ctx, i, private(texts.Say(l, "discord.this_choice_is_no_longer_in")))
			return
		}
		b.more(ctx, i, p, data.Values[0])
	case doChoose:
		if len(data.Values) == 1 {
			if _, err := fmt.Sscan(data.Values[0], &p.at); err != nil {
				p.at = -1
			}
		}
		b.chosen(ctx, i, p)
	default:
		b.shown(ctx, i, p, l)
	}
}

// shown says to who pressed alone what they want of an answer.
func (b *Bot) shown(ctx context.Context, i *discordgo.Interaction, p press, l lang.Lang) {
	if !b.respond(ctx, i, &discordgo.InteractionResponse{Type: discordgo.InteractionResponseDeferredChannelMessageWithSource, Data: &discordgo.InteractionResponseData{Flags: discordgo.MessageFlagsEphemeral}}) {
		return
	}
	a, why := b.kept(ctx, p.id, l)
	if a == nil {
		b.edit(ctx, i, message{content: why})
		return
	}
	switch p.do {
	case doSQL:
		b.edit(ctx, i, query(a, l))
	case doChart:
		b.edit(ctx, i, b.drawn(a, l))
	case doTable:
		b.edit(ctx, i, b.tabled(ctx, a, l))
	case doRight:
		b.edit(ctx, i, message{content: b.judge(ctx, p.id, true, "", l)})
	}
}

// query shows an answer's SQL, in a file where it is too long for a message.
func query(a *answer.Answer, l lang.Lang) message {
	m := message{content: "```sql\n" + code(a.SQL) + "\n```"}
	if length(m.content) > maxContent {
		m = message{content: texts.Say(l, "discord.query_is_long_here_it_is"), files: []*discordgo.File{{Name: "cigogne.sql", ContentType: "text/plain", Reader: strings.NewReader(plain.Text(a.SQL))}}}
	}
	return m
}

// tabled gives every row of an answer, in files.
func (b *Bot) tabled(ctx context.Context, a *answer.Answer, l lang.Lang) message {
	files, err := sheets(a)
	switch {
	case errors.Is(err, errTooLarge):
		return message{content: texts.Say(l, "discord.table_is_larger_than_message_may")}
	case err != nil:
		b.Log.ErrorContext(ctx, "sheet not written", "error", err)
		return message{content: texts.Say(l, "discord.table_could_not_be_written")}
	}
	return message{content: texts.Say(l, "discord.every_row_answer"), files: files}
}

func (b *Bot) drawn(a *answer.Answer, l lang.Lang) message {
	if b.Chart != nil {
		if png, err := b.Chart(a); err == nil && len(png) <= maxFile {
			return message{files: []*discordgo.File{{Name: "graphique.png", ContentType: "image/png", Reader: bytes.NewReader(png)}}}
		}
	}
	return message{content: texts.Say(l, "discord.no_chart_these_figures_read_better")}
}

// chosen goes on with one of the readings that were asked about. Pressed twice,
// it is answered twice alike.
func (b *Bot) chosen(ctx context.Context, i *discordgo.Interaction, p press) {
	l := spoken(i)
	if !b.respond(ctx, i, &discordgo.InteractionResponse{Type: discordgo.InteractionResponseDeferredChannelMessageWithSource, Data: &discordgo.InteractionResponseData{Flags: hiddenAs(i)}}) {
		return
	}
	a, why := b.kept(ctx, p.id, l)
	if a != nil && (p.at < 0 || p.at >= len(a.Choices)) {
		a, why = nil, texts.Say(l, "discord.this_choice_is_no_longer_in")
	}
	if a == nil {
		b.edit(ctx, i, message{content: why})
		return
	}
	room := p.room
	if room == "" {
		room = i.ChannelID
	}
	_, m := b.answer(ctx, a.Choices[p.at], room, b.language(i.ChannelID), l)
	b.edit(ctx, i, m)
}

// hiddenAs keeps private what goes on from a private message.
func hiddenAs(i *discordgo.Interaction) discordgo.MessageFlags {
	if i.Message != nil {
		return i.Message.Flags & discordgo.MessageFlagsEphemeral
	}
	return 0
}

// kept finds the answer that a button is of.
func (b *Bot) kept(ctx context.Context, id string, l lang.Lang) (*answer.Answer, string) {
	a, err := b.Answers.Answer(ctx, id)
	switch {
	case err == nil:
		return a, ""
	case errors.Is(err, answer.ErrUnknown):
		return nil, texts.Say(l, "discord.this_answer_is_no_longer_kept")
	}
	b.Log.ErrorContext(ctx, "answer not read", "error", err)
	return nil, texts.Say(l, "discord.this_answer_could_not_be_read")
}

// form asks what is wrong.
func form(id string, l lang.Lang) *discordgo.InteractionResponse {
	return &discordgo.InteractionResponse{Type: discordgo.InteractionResponseModal, Data: &discordgo.InteractionResponseData{
		CustomID: press{do: doWhy, id: id}.String(), Title: cut(texts.Say(l, "discord.this_answer_is_wrong"), maxModal),
		Components: []discordgo.MessageComponent{discordgo.ActionsRow{Components: []discordgo.MessageComponent{discordgo.TextInput{
			CustomID: "why", Label: cut(texts.Say(l, "discord.what_is_wrong_optional"), maxInput), Style: discordgo.TextInputParagraph, MaxLength: 1000,
		}}}},
	}}
}

// judged keeps what a form said.
func (b *Bot) judged(ctx context.Context, i *discordgo.Interaction) {
	l := spoken(i)
	data := i.ModalSubmitData()
	p, ok := parse(data.CustomID)
	if !ok || p.do != doWhy {
		b.respond(ctx, i, private(texts.Say(l, "discord.this_form_is_no_longer_in")))
		return
	}
	why := ""
	for _, row := range data.Components {
		if r, ok := row.(*discordgo.ActionsRow); ok {
			for _, c := range r.Components {
				if t, ok := c.(*discordgo.TextInput); ok {
					why = plain.Text(t.Value)
				}
			}
		}
	}
	b.respond(ctx, i, private(b.judge(ctx, p.id, false, cut(why, 1000), l)))
}

func (b *Bot) judge(ctx context.Context, id string, right bool, why string, l lang.Lang) string {
	err := b.Answers.Judge(ctx, id, right, why)
	switch {
	case errors.Is(err, answer.ErrUnknown):
		return texts.Say(l, "discord.this_answer_is_no_longer_kept_2")
	case err != nil:
		b.Log.ErrorContext(ctx, "judgement not kept", "error", err)
		return texts.Say(l, "discord.feedback_could_not_be_kept_try")
	case right:
		return texts.Say(l, "discord.thank_you_noted_as_right")
	}
	return texts.Say(l, "discord.thank_you_noted_as_wrong_with")
}
