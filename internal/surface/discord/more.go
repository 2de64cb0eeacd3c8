package discord

import (
	"context"

	"github.com/bwmarrin/discordgo"
	lru "github.com/hashicorp/golang-lru/v2"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/surface/plain"
	"cigogne/internal/texts"
)

// maxReadings is how many other readings an answer offers.
const maxReadings = 5

// readings are the menu of questions that go on from an answer. Each choice is
// the question itself, so that it can be asked after a restart.
func (b *Bot) readings(a *answer.Answer, room string) []discordgo.MessageComponent {
	if b.Readings == nil || a.AnswerID == "" {
		return nil
	}
	menu := discordgo.SelectMenu{MenuType: discordgo.StringSelectMenu, CustomID: press{do: doMore, id: a.AnswerID, room: room}.String(), Placeholder: texts.Say(a.Lang, "discord.other_readings")}
	from := cut(texts.Say(a.Lang, "discord.after")+" "+plain.Line(a.Question), maxOption)
	seen := map[string]bool{}
	for _, q := range b.Readings(a) {
		q = plain.Line(q)
		if q == "" || length(q) > maxOption || seen[q] || len(menu.Options) == maxReadings {
			continue
		}
		seen[q] = true
		menu.Options = append(menu.Options, discordgo.SelectMenuOption{Label: q, Value: q, Description: from})
	}
	if len(menu.Options) == 0 {
		return nil
	}
	return []discordgo.MessageComponent{discordgo.ActionsRow{Components: []discordgo.MessageComponent{menu}}}
}

// more asks what goes on from an answer, in its conversation and, where that has
// a thread, there.
func (b *Bot) more(ctx context.Context, i *discordgo.Interaction, p press, question string) {
	l := spoken(i)
	room := p.room
	if room == "" {
		room = i.ChannelID
	}
	elsewhere := room != i.ChannelID && hiddenAs(i) == 0 && b.thread(room)
	flags := hiddenAs(i)
	if elsewhere {
		flags = discordgo.MessageFlagsEphemeral
	}
	if !b.respond(ctx, i, &discordgo.InteractionResponse{Type: discordgo.InteractionResponseDeferredChannelMessageWithSource, Data: &discordgo.InteractionResponseData{Flags: flags}}) {
		return
	}
	a, why := b.kept(ctx, p.id, l)
	if a == nil {
		b.edit(ctx, i, message{content: why})
		return
	}
	if !b.resume(ctx, a, room, i.ChannelID) {
		b.edit(ctx, i, message{content: texts.Say(l, "discord.conversation_this_answer_is_no_longer")})
		return
	}
	_, m := b.answer(ctx, question, room, b.language(i.ChannelID), l)
	if !elsewhere {
		b.edit(ctx, i, m)
		return
	}
	w := &discordgo.MessageSend{Content: cut(m.content, maxContent), Components: m.components, Files: m.files, AllowedMentions: nobody()}
	if m.embed != nil {
		fit(m.embed)
		w.Embeds = []*discordgo.MessageEmbed{m.embed}
	}
	if _, err := b.session.ChannelMessageSendComplex(room, w, discordgo.WithContext(context.WithoutCancel(ctx))); err != nil {
		b.Log.ErrorContext(ctx, "answer not sent to its thread", "error", err)
		b.edit(ctx, i, message{content: texts.Say(l, "discord.thread_did_not_take_answer_ask")})
		return
	}
	b.edit(ctx, i, message{content: texts.Say(l, "discord.answer_is_in_thread") + room + ">"})
}

// resume makes an answer the last of its conversation again, after a restart or
// where others came since, and tells whether it is: a question that says nothing
// by itself cannot be asked anew.
func (b *Bot) resume(ctx context.Context, a *answer.Answer, room, channel string) bool {
	if b.latest(room) == a.AnswerID {
		return true
	}
	again, err := b.Asker.Ask(ctx, assistant.Question{Text: a.Question, Conversation: conversation(room), Lang: b.language(channel)})
	return err == nil && again != nil && again.Answered() && again.SQL == a.SQL
}

// conversation is the name of a room's to the assistant.
func conversation(room string) string { return "discord:" + room }

const rememberedRooms = 1000

// newLatest remembers the last answer's ID of the latest rooms.
func newLatest() *lru.Cache[string, string] {
	ids, err := lru.New[string, string](rememberedRooms)
	if err != nil { // only of a size below 1
		return nil
	}
	return ids
}

// latest is the ID of a room's last answer; "" where none is remembered.
func (b *Bot) latest(room string) string {
	id, _ := b.last.Get(room)
	return id
}
