package discord

import (
	"context"
	"strings"

	"github.com/bwmarrin/discordgo"

	"cigogne/internal/lang"
	"cigogne/internal/surface"
	"cigogne/internal/texts"
)

// localized is a text in every language that Discord is read in; those it lacks are
// shown the English one.
func localized(say func(lang.Lang) string) map[discordgo.Locale]string {
	return map[discordgo.Locale]string{
		discordgo.French:    say(lang.French),
		discordgo.German:    say(lang.German),
		discordgo.EnglishUS: say(lang.English),
		discordgo.EnglishGB: say(lang.English),
	}
}

// Names of commands and options, as programs see them: the English ones.
const (
	cmdAsk      = "ask"
	cmdDatasets = "datasets"
	cmdDataset  = "dataset"
	cmdChart    = "chart"
	cmdExplain  = "explain"
	cmdNew      = "whatsnew"
	cmdFollow   = "follow"
	cmdUnfollow = "unfollow"
	cmdPrivacy  = "privacy"
	cmdHelp     = "help"
	cmdDiscover = "discover"
	cmdBrief    = "brief"
	cmdKit      = "kit"

	optQuestion = "question"
	optPrivate  = "private"
	optWords    = "words"
	optName     = "name"
	optCommune  = "commune"
	optTheme    = "theme"
)

// called is a command that someone gave, with what it needs to be carried out.
type called struct {
	*discordgo.Interaction
	options map[string]*discordgo.ApplicationCommandInteractionDataOption
	l       lang.Lang
	room    string // the conversation it is part of
	hidden  bool   // only who asks sees the answer
}

// text is what was written for an option, "" nothing.
func (c called) text(name string) string {
	if o := c.options[name]; o != nil && o.Type == discordgo.ApplicationCommandOptionString {
		return o.StringValue()
	}
	return ""
}

// flag tells whether an option was switched on.
func (c called) flag(name string) bool {
	o := c.options[name]
	return o != nil && o.Type == discordgo.ApplicationCommandOptionBoolean && o.BoolValue()
}

// does is a command with what it does: it edits the response that was deferred.
type does struct {
	name    string
	options []*discordgo.ApplicationCommandOption
	run     func(b *Bot, ctx context.Context, c called)
}

// says makes a command's work of what it writes.
func says(write func(b *Bot, ctx context.Context, c called) message) func(b *Bot, ctx context.Context, c called) {
	return func(b *Bot, ctx context.Context, c called) { b.edit(ctx, c.Interaction, write(b, ctx, c)) }
}

// asks makes a command's work of the question it stands for.
func asks(question func(c called) string) func(b *Bot, ctx context.Context, c called) {
	return func(b *Bot, ctx context.Context, c called) { b.ask(ctx, c.Interaction, question(c), c.room, c.hidden) }
}

// orders are all commands, in the order that Discord shows them.
func orders() []does {
	private := option(discordgo.ApplicationCommandOptionBoolean, optPrivate, false, 0)
	question := func(required bool) *discordgo.ApplicationCommandOption {
		return option(discordgo.ApplicationCommandOptionString, optQuestion, required, 2000)
	}
	wanted := option(discordgo.ApplicationCommandOptionString, optWords, true, 2000)
	name := option(discordgo.ApplicationCommandOptionString, optName, true, 200)
	name.Autocomplete = true
	theme := option(discordgo.ApplicationCommandOptionString, optTheme, true, 100)
	commune := option(discordgo.ApplicationCommandOptionString, optCommune, false, 100)
	with := func(o ...*discordgo.ApplicationCommandOption) []*discordgo.ApplicationCommandOption { return o }
	return []does{
		{cmdAsk, with(question(true), private), asks(func(c called) string { return c.text(optQuestion) })},
		{cmdDatasets, with(wanted, private), says(func(b *Bot, ctx context.Context, c called) message { return b.found(ctx, c.text(optWords), c.l) })},
		{cmdDataset, with(name, private), says(func(b *Bot, ctx context.Context, c called) message { return b.described(ctx, c.text(optName), c.l) })},
		{cmdChart, with(question(false), private), asks(func(c called) string {
			return strings.TrimSpace(strings.TrimSpace(c.text(optQuestion)) + " " + texts.Say(c.l, "discord.as_chart"))
		})},
		{cmdExplain, with(private), asks(func(c called) string { return texts.Say(c.l, "discord.explain") })},
		{cmdNew, with(private), says(func(b *Bot, ctx context.Context, c called) message { return b.found(ctx, "", c.l) })},
		{cmdFollow, nil, follows(true)},
		{cmdUnfollow, nil, follows(false)},
		{cmdPrivacy, nil, says(func(b *Bot, _ context.Context, c called) message {
			return message{content: cut(surface.Privacy(c.l, b.Days), maxContent)}
		})},
		{cmdDiscover, with(commune, private), says(func(b *Bot, ctx context.Context, c called) message {
			return b.discovered(ctx, strings.TrimSpace(c.text(optCommune)), c.l)
		})},
		{cmdBrief, with(theme, private), says(func(b *Bot, ctx context.Context, c called) message { return b.briefed(ctx, c.text(optTheme), c.l) })},
		{cmdKit, with(theme), says(func(b *Bot, _ context.Context, c called) message { return b.packed(c.text(optTheme), c.l) })},
		{cmdHelp, nil, nil}, // answered at once: command does it
	}
}

func follows(on bool) func(b *Bot, ctx context.Context, c called) {
	return says(func(b *Bot, ctx context.Context, c called) message {
		return message{content: b.follow(ctx, on, c.room, c.ChannelID, c.l)}
	})
}

func option(kind discordgo.ApplicationCommandOptionType, name string, required bool, most int) *discordgo.ApplicationCommandOption {
	names := localized(func(l lang.Lang) string { return texts.Say(l, "discord.option_"+name) })
	says := localized(func(l lang.Lang) string { return texts.Say(l, "discord.option_says_"+name) })
	return &discordgo.ApplicationCommandOption{Type: kind, Name: name, NameLocalizations: names, Description: says[discordgo.EnglishUS], DescriptionLocalizations: says, Required: required, MaxLength: most}
}

// commands are registered as a whole: what is no longer here disappears.
func commands() []*discordgo.ApplicationCommand {
	var out []*discordgo.ApplicationCommand
	for _, o := range orders() {
		names := localized(func(l lang.Lang) string { return texts.Say(l, "discord.command_"+o.name) })
		says := localized(func(l lang.Lang) string { return texts.Say(l, "discord.command_says_"+o.name) })
		out = append(out, &discordgo.ApplicationCommand{Type: discordgo.ChatApplicationCommand, Name: o.name, NameLocalizations: &names, Description: says[discordgo.EnglishUS], DescriptionLocalizations: &says, Options: o.options})
	}
	return out
}
