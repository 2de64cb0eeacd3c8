package discord

import (
	"context"
	"time"

	"github.com/bwmarrin/discordgo"

	"cigogne/internal/lang"
	"cigogne/internal/surface/plain"
)

// keystrokes are completions for each question that someone may ask.
const keystrokes = 20

// autocomplete proposes names of datasets.
func (b *Bot) autocomplete(ctx context.Context, i *discordgo.Interaction) {
	typed := ""
	for _, o := range i.ApplicationCommandData().Options {
		if o.Focused && o.Type == discordgo.ApplicationCommandOptionString {
			typed = o.StringValue()
		}
	}
	choices := []*discordgo.ApplicationCommandOptionChoice{}
	for _, n := range b.names(ctx, i, typed) {
		if length(n) <= maxOption && plain.Line(n) != "" {
			choices = append(choices, &discordgo.ApplicationCommandOptionChoice{Name: plain.Line(n), Value: n})
		}
	}
	b.respond(ctx, i, &discordgo.InteractionResponse{Type: discordgo.InteractionApplicationCommandAutocompleteResult, Data: &discordgo.InteractionResponseData{Choices: choices}})
}

// names that begin so, for those who may ask: a completion can say no word to
// the others.
func (b *Bot) names(ctx context.Context, i *discordgo.Interaction, typed string) []string {
	user, roles := sender(i)
	if b.barred(i.GuildID, i.ChannelID, roles, lang.French) != "" || b.typing.Wait(user, time.Now()) > 0 {
		return nil
	}
	names, _, err := b.Guide.Names(ctx, typed, maxOptions)
	if err != nil {
		b.Log.ErrorContext(ctx, "names not read", "error", err)
	}
	return names
}
