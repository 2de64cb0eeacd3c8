package discord

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/lang"
	"cigogne/internal/surface"
	"cigogne/internal/surface/plain"
	"cigogne/internal/texts"
)

// interaction answers a command, a button, a menu, a form or the beginning of a
// name.
func (b *Bot) interaction(ctx context.Context, i *discordgo.Interaction) {
	switch i.Type {
	case discordgo.InteractionApplicationCommandAutocomplete:
		b.autocomplete(ctx, i)
	case discordgo.InteractionApplicationCommand:
		if b.admits(ctx, i, true) {
			b.command(ctx, i)
		}
	case discordgo.InteractionMessageComponent:
		p, ok := parse(i.MessageComponentData().CustomID)
		if b.admits(ctx, i, !ok || p.do != doWrong) { // what its form sends counts
			b.pressed(ctx, i)
		}
	case discordgo.InteractionModalSubmit:
		if b.admits(ctx, i, true) {
			b.judged(ctx, i)
		}
	}
}

// admits tells whether someone may ask here, and now where that counts as a
// question; else it says why not.
func (b *Bot) admits(ctx context.Context, i *discordgo.Interaction, counts bool) bool {
	l := spoken(i)
	user, roles := sender(i)
	why := b.barred(i.GuildID, i.ChannelID, roles, l)
	if why == "" && counts {
		why = b.paced(user, i.ChannelID, l)
	}
	if why == "" {
		return true
	}
	if err := b.session.InteractionRespond(i, private(why)); err != nil {
		b.Log.WarnContext(ctx, "refusal not told", "error", err)
	}
	return false
}

// barred says why someone with these roles may not ask in a channel; "" where
// they may.
func (b *Bot) barred(guild, channel string, roles []string, l lang.Lang) string {
	switch {
	case guild == "":
	case !b.room(channel):
		return texts.Say(l, "discord.cigogne_does_not_answer_in_this")
	case len(b.Roles) > 0 && !slices.ContainsFunc(roles, func(r string) bool { return slices.Contains(b.Roles, r) }):
		return texts.Say(l, "discord.asking_cigogne_here_takes_role_that")
	}
	return ""
}

// room tells whether a channel, or the channel that a thread is in, is open.
func (b *Bot) room(id string) bool {
	if len(b.Channels) == 0 || slices.Contains(b.Channels, id) {
		return true
	}
	c, err := b.session.State.Channel(id)
	return err == nil && (c.Type == discordgo.ChannelTypeDM || c.IsThread() && slices.Contains(b.Channels, c.ParentID))
}

// paced counts a question and says when to ask again where it is one too many.
func (b *Bot) paced(user, room string, l lang.Lang) string {
	now := time.Now()
	wait := b.users.Wait(user, now)
	if wait == 0 {
		wait = b.rooms.Wait(room, now)
	}
	if wait == 0 {
		return ""
	}
	return texts.Say(l, "discord.too_many_questions_in_short_time", "n", int(wait.Seconds())+1)
}

func sender(i *discordgo.Interaction) (user string, roles []string) {
	switch {
	case i.Member != nil && i.Member.User != nil:
		return i.Member.User.ID, i.Member.Roles
	case i.User != nil:
		return i.User.ID, nil
	}
	return "", nil
}

// language of what is asked in a channel; "" to tell from the question.
func (b *Bot) language(channel string) lang.Lang {
	if l, ok := b.Languages[channel]; ok {
		return l
	}
	if c, err := b.session.State.Channel(channel); err == nil && c.ParentID != "" {
		return b.Languages[c.ParentID]
	}
	return ""
}

// command carries out what someone ordered.
func (b *Bot) command(ctx context.Context, i *discordgo.Interaction) {
	data := i.ApplicationCommandData()
	c := called{Interaction: i, l: cmp.Or(b.language(i.ChannelID), spoken(i)), options: map[string]*discordgo.ApplicationCommandInteractionDataOption{}}
	for _, o := range data.Options {
		c.options[o.Name] = o
	}
	if data.Name == cmdHelp {
		b.respond(ctx, i, private(b.help(c.l)))
		return
	}
	c.hidden = c.flag(optPrivate)
	if c.room = b.deferred(ctx, i, c.hidden); c.room == "" {
		return
	}
	all := orders()
	if at := slices.IndexFunc(all, func(d does) bool { return d.name == data.Name }); at >= 0 {
		all[at].run(b, ctx, c)
		return
	}
	b.edit(ctx, i, message{content: texts.Say(c.l, "discord.unknown_command_help_lists_them")})
}

// deferred says at once that an answer is on its way, as the platform wants it
// within 3 seconds, and returns the conversation: the thread that we are in, a
// direct message's channel, else the message that will hold the answer, whose ID
// is that of the thread that starts from it.
func (b *Bot) deferred(ctx context.Context, i *discordgo.Interaction, hidden bool) (room string) {
	r := &discordgo.InteractionResponse{Type: discordgo.InteractionResponseDeferredChannelMessageWithSource, Data: &discordgo.InteractionResponseData{}}
	if hidden {
		r.Data.Flags = discordgo.MessageFlagsEphemeral
	}
	if !b.respond(ctx, i, r) {
		return ""
	}
	if i.GuildID == "" || b.thread(i.ChannelID) {
		return i.ChannelID
	}
	m, err := b.session.InteractionResponse(i)
	if err != nil {
		b.Log.WarnContext(ctx, "response not read back", "error", err)
		return i.ID
	}
	return m.ID
}

func (b *Bot) thread(channel string) bool {
	c, err := b.session.State.Channel(channel)
	return err == nil && c.IsThread()
}

func (b *Bot) respond(ctx context.Context, i *discordgo.Interaction, r *discordgo.InteractionResponse) bool {
	if err := b.session.InteractionRespond(i, r); err != nil {
		b.Log.ErrorContext(ctx, "interaction not answered", "error", err)
		return false
	}
	return true
}

// ask answers a question into a response that was deferred, and opens the
// thread that goes on from it.
func (b *Bot) ask(ctx context.Context, i *discordgo.Interaction, question, room string, hidden bool) {
	a, m := b.answer(ctx, question, room, b.language(i.ChannelID), spoken(i))
	sent := b.edit(ctx, i, m)
	if sent == nil || a == nil || hidden || i.GuildID == "" || b.thread(i.ChannelID) || !a.Answered() && len(a.Choices) == 0 {
		return
	}
	b.open(ctx, sent.ChannelID, sent.ID, a)
}

// answer asks, and writes what came of it.
func (b *Bot) answer(ctx context.Context, question, room string, set, spoken lang.Lang) (*answer.Answer, message) {
	a, err := b.Asker.Ask(ctx, assistant.Question{Text: question, Conversation: conversation(room), Lang: set, Unkept: b.unkept(room)})
	if a == nil {
		code := surface.CodeOf(err)
		if code != surface.Busy {
			b.Log.ErrorContext(ctx, "question failed", "error", err)
		}
		return nil, message{content: code.Sentence(spoken)}
	}
	if err := b.Answers.Keep(ctx, a); err != nil {
		b.Log.ErrorContext(ctx, "answer not kept", "error", err)
	}
	if a.Answered() {
		b.last.Add(room, a.AnswerID)
	}
	m := b.answered(a, room)
	if a.Chart && b.Chart != nil {
		if png, err := b.Chart(a); err == nil && len(png) <= maxFile {
			m.files = append(m.files, &discordgo.File{Name: "graphique.png", ContentType: "image/png", Reader: bytes.NewReader(png)})
			m.embed.Image = &discordgo.MessageEmbedImage{URL: "attachment://graphique.png"}
		}
	}
	return a, m
}

// open starts the thread of an answer. Where that is not allowed, commands in
// the channel go on all the same.
func (b *Bot) open(ctx context.Context, channel, message string, a *answer.Answer) {
	name := cut(plain.Line(a.Question), maxThread)
	if name == "" {
		name = "Cigogne"
	}
	t, err := b.session.MessageThreadStartComplex(channel, message, &discordgo.ThreadStart{Name: name, AutoArchiveDuration: 1440}, discordgo.WithContext(ctx))
	if err != nil {
		b.Log.WarnContext(ctx, "no thread", "error", err)
		return
	}
	hint := texts.Say(a.Lang, "discord.go_on_here_with_ask_or")
	if b.Content {
		hint = texts.Say(a.Lang, "discord.go_on_here_and_in_2019")
	}
	if _, err := b.session.ChannelMessageSendComplex(t.ID, &discordgo.MessageSend{Content: hint, AllowedMentions: nobody()}, discordgo.WithContext(ctx)); err != nil {
		b.Log.WarnContext(ctx, "thread without a hint", "error", err)
	}
}

// edit puts a message where a response was deferred. Where the platform refuses
// it, that is said in plain words.
func (b *Bot) edit(ctx context.Context, i *discordgo.Interaction, m message) *discordgo.Message {
	content := cut(m.content, maxContent)
	w := &discordgo.WebhookEdit{Content: &content, Files: m.files, AllowedMentions: nobody()}
	if m.embed != nil {
		fit(m.embed)
		w.Embeds = &[]*discordgo.MessageEmbed{m.embed}
	}
	if len(m.components) > 0 {
		w.Components = &m.components
	}
	sent, err := b.session.InteractionResponseEdit(i, w)
	if err == nil {
		return sent
	}
	b.Log.ErrorContext(ctx, "answer not sent", "error", err)
	text := refused(m, spoken(i))
	if _, err := b.session.InteractionResponseEdit(i, &discordgo.WebhookEdit{Content: &text, AllowedMentions: nobody()}); err != nil {
		b.Log.ErrorContext(ctx, "failure not told", "error", err)
	}
	return nil
}

// refused says that Discord took no message, and where what it held can be read.
func refused(m message, l lang.Lang) string {
	if m.embed != nil && m.embed.URL != "" {
		return texts.Say(l, "discord.discord_did_not_take_answer_it") + " " + m.embed.URL
	}
	return texts.Say(l, "discord.discord_did_not_take_answer_try")
}

// message answers a direct message, a mention, and what goes on in a thread of ours.
func (b *Bot) message(ctx context.Context, m *discordgo.Message) {
	if !b.toUs(m) {
		return
	}
	self, direct := b.session.State.User.ID, m.GuildID == ""
	question := strings.TrimSpace(strings.NewReplacer("<@"+self+">", " ", "<@!"+self+">", " ").Replace(m.Content))
	l := cmp.Or(b.language(m.ChannelID), lang.Detect(question))
	if why := b.unasked(m, question, l); why != "" {
		b.send(ctx, m.ChannelID, m, message{content: why})
		return
	}
	if err := b.session.ChannelTyping(m.ChannelID, discordgo.WithContext(ctx)); err != nil {
		b.Log.DebugContext(ctx, "no typing", "error", err)
	}
	room := m.ChannelID
	begins := !direct && !b.thread(m.ChannelID)
	if begins {
		room = m.ID // of the thread that starts from it
	}
	a, out := b.answer(ctx, question, room, b.language(m.ChannelID), l)
	sent := b.send(ctx, m.ChannelID, m, out)
	if sent != nil && a != nil && begins && (a.Answered() || len(a.Choices) > 0) {
		b.open(ctx, m.ChannelID, m.ID, a)
	}
}

// toUs tells whether a person's message is one to answer.
func (b *Bot) toUs(m *discordgo.Message) bool {
	self := b.session.State.User
	written := m.Type == discordgo.MessageTypeDefault || m.Type == discordgo.MessageTypeReply
	if self == nil || !written || m.Author == nil || m.Author.Bot || m.WebhookID != "" {
		return false
	}
	mentioned := slices.ContainsFunc(m.Mentions, func(u *discordgo.User) bool { return u.ID == self.ID })
	return m.GuildID == "" || mentioned || b.Content && b.ours(m.ChannelID)
}

// unasked is what is said to a message that no question is asked for: who may not
// ask, who says nothing, who asks too often; "" where one is.
func (b *Bot) unasked(m *discordgo.Message, question string, l lang.Lang) string {
	var roles []string
	if m.Member != nil {
		roles = m.Member.Roles
	}
	if why := b.barred(m.GuildID, m.ChannelID, roles, l); why != "" {
		return why
	}
	if question == "" {
		return b.help(l)
	}
	return b.paced(m.Author.ID, m.ChannelID, l)
}

// ours tells whether a thread was opened by us.
func (b *Bot) ours(channel string) bool {
	c, err := b.session.State.Channel(channel)
	return err == nil && c.IsThread() && b.session.State.User != nil && c.OwnerID == b.session.State.User.ID
}

// send replies to a message.
func (b *Bot) send(ctx context.Context, channel string, to *discordgo.Message, m message) *discordgo.Message {
	ctx = context.WithoutCancel(ctx) // what came of a question that ran out of time is said all the same
	d := &discordgo.MessageSend{Content: cut(m.content, maxContent), Components: m.components, Files: m.files, AllowedMentions: nobody(), Reference: to.Reference()}
	if m.embed != nil {
		fit(m.embed)
		d.Embeds = []*discordgo.MessageEmbed{m.embed}
	}
	sent, err := b.session.ChannelMessageSendComplex(channel, d, discordgo.WithContext(ctx))
	if err == nil {
		return sent
	}
	b.Log.ErrorContext(ctx, "answer not sent", "error", err)
	text := refused(m, lang.Detect(to.Content))
	if _, err := b.session.ChannelMessageSendComplex(channel, &discordgo.MessageSend{Content: text, AllowedMentions: nobody()}, discordgo.WithContext(ctx)); err != nil {
		b.Log.ErrorContext(ctx, "failure not told", "error", err)
	}
	return nil
}
