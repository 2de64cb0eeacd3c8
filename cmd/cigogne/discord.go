package main

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"cigogne/internal/config"
	"cigogne/internal/lang"
	"cigogne/internal/surface"
	"cigogne/internal/surface/discord"
	"cigogne/internal/surface/kept"
	"cigogne/internal/texts"
)

// discordCommand answers in Discord until ctx ends.
func discordCommand(p *program) *cobra.Command {
	var base string
	c := p.command("discord", "", nothing, func(ctx context.Context, _ []string) error { return answerInDiscord(ctx, p, base) })
	c.Flags().StringVar(&base, "url", "", p.say("cli.flag_links"))
	return c
}

func answerInDiscord(ctx context.Context, p *program, base string) error {
	return answerIn(ctx, p, inDiscord(), p.say("cli.no_token_put_bots_in_discord"), base)
}

func inDiscord() place {
	return place{
		name:  placeDiscord,
		token: func(s config.Config) string { return s.Discord.Token },
		build: func(c *current, s config.Config, line surface.Asker, answers *kept.Store, base string) (bot, error) {
			return c.bot(s.Discord, line, answers, base)
		},
		fault: botFault,
	}
}

// bot builds the Discord surface over the house in force.
func (c *current) bot(d config.Discord, line surface.Asker, answers *kept.Store, base string) (*discord.Bot, error) {
	path, err := discovery()
	if err != nil {
		return nil, err
	}
	return discord.New(discord.Parts{
		Kits: c.Kits, Brief: newBriefs(c, answers).of, Discover: path,
		Settings: discord.Settings{Token: d.Token, Guild: d.Guild, Channels: d.Channels, Unkept: d.Unkept, Roles: d.Roles, Languages: languages(d.Languages), PerUser: d.PerUser, PerChannel: d.PerChannel, Shard: d.Shard, Shards: d.Shards, Content: d.Content},
		Asker:    line, Answers: answers, Guide: c, Questions: c.Questions, Readings: c.Readings, Chart: c.PNG, Follows: c, Days: c.keepDays(),
		Base: strings.TrimRight(base, "/"), Log: c.log,
	})
}

// botFault puts what ended the bot into a sentence.
func botFault(err error, l lang.Lang) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, discord.ErrRefused):
		return told{texts.Say(l, "cli.discord_refuses_bot_check_token")}
	}
	return told{texts.Say(l, "cli.connection_to_discord_failed") + " " + err.Error()}
}
