package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/bwmarrin/discordgo"

	"cigogne/internal/lang"
	"cigogne/internal/post"
	"cigogne/internal/texts"
)

// placeName is what a channel is to those who tell it of changes.
const placeName = "discord"

// follow has a channel told of what changes in the last figure of a room, or of
// nothing any more.
func (b *Bot) follow(ctx context.Context, begin bool, room, channel string, l lang.Lang) string {
	if b.Follows == nil {
		return texts.Say(l, "discord.not_followed")
	}
	if !begin {
		switch ended, err := b.Follows.Unfollow(ctx, "", placeName, channel); {
		case err != nil:
			b.Log.ErrorContext(ctx, "watch not ended", "error", err)
			return texts.Say(l, "discord.not_followed")
		case !ended:
			return texts.Say(l, "discord.was_not_followed")
		}
		return texts.Say(l, "discord.unfollowed")
	}
	id := b.latest(room)
	if id == "" || b.Answers.Passing(id) {
		return texts.Say(l, "discord.no_figure_to_follow")
	}
	if _, err := b.Follows.Follow(ctx, id, placeName, channel, l); err != nil {
		b.Log.WarnContext(ctx, "watch not begun", "error", err)
		return texts.Say(l, "discord.not_followed")
	}
	return texts.Say(l, "discord.followed")
}

// Post implements post.Poster: it tells a channel.
func (b *Bot) Post(ctx context.Context, channel string, n post.Note) error {
	_, err := b.session.ChannelMessageSendComplex(channel, &discordgo.MessageSend{Content: cut(n.Plain(), maxContent), AllowedMentions: nobody()}, discordgo.WithContext(ctx))
	var rest *discordgo.RESTError
	if errors.As(err, &rest) && rest.Response != nil && (rest.Response.StatusCode == http.StatusNotFound || rest.Response.StatusCode == http.StatusForbidden) {
		return fmt.Errorf("%w: %w", post.ErrGone, err)
	}
	return err
}

// unkept tells whether nothing of what is asked in a room is written down: a
// channel that the settings name, or a thread of one.
func (b *Bot) unkept(room string) bool {
	if slices.Contains(b.Unkept, room) {
		return true
	}
	c, err := b.session.State.Channel(room)
	return err == nil && slices.Contains(b.Unkept, c.ParentID)
}
