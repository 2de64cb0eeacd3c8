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
	if _, err := (serving{base: base}).client(p.lang()); err != nil {
		return err
	}
	settings, err := p.settings()
	if err != nil {
		return err
	}
	if settings.Discord.Token == "" {
		return told{p.say("cli.no_token_put_bots_in_discord")}
	}
	c, err := openCurrent(ctx, p)
	if err != nil {
		return err
	}
	defer c.Close()
	bot, err := c.bot(settings.Discord, newLine(c), c.answers(), base)
	if err != nil {
		return err
	}
	tell := posters(settings, false)
	tell[placeDiscord] = bot
	c.tells(tell, base)
	go c.watch(ctx, renewal)
	go c.forget(ctx, settings.Ledger.KeepDays)
	return botFault(bot.Run(ctx), p.lang())
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
