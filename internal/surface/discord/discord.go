// Package discord answers in Discord: slash commands, mentions and direct
// messages; buttons under each answer; a thread for what follows. It stores
// nothing of its own: buttons carry the ID of the answer that the ledger keeps,
// and who asks is known only while the rate of asking is counted.
package discord

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
	lru "github.com/hashicorp/golang-lru/v2"

	"cigogne/internal/answer"
	"cigogne/internal/brief"
	"cigogne/internal/discover"
	"cigogne/internal/kit"
	"cigogne/internal/lang"
	"cigogne/internal/surface"
	"cigogne/internal/surface/pace"
	"cigogne/internal/texts"
)

// Settings are what the operator chose.
type Settings struct {
	Token      string
	Guild      string               // commands are registered for it alone, at once; "": everywhere
	Channels   []string             // IDs where questions are answered; empty: all
	Roles      []string             // IDs of roles that may ask; empty: everybody
	Unkept     []string             // IDs of channels of which nothing is written down
	Languages  map[string]lang.Lang // of channels by ID; others answer in the question's
	PerUser    int                  // questions a minute; 0: as many as they like
	PerChannel int
	Shard      int  // of the bot's guilds, those that this process has: one in Shards, the Shard-th from 0
	Shards     int  // 0 or 1: it has all
	Content    bool // the privileged intent to read messages that mention nobody: follow-ups in threads need no mention then
}

// Parts are what the bot is made of.
type Parts struct {
	Settings
	Asker     surface.Asker
	Answers   surface.Answers
	Guide     surface.Guide
	Questions func(l lang.Lang) []string                                       // good ones to start with
	Readings  func(*answer.Answer) []string                                    // questions that go on from an answer; nil: none are offered
	Chart     func(*answer.Answer) ([]byte, error)                             // PNG, an error where there is nothing to draw; nil: no charts
	Kits      func() []*kit.Kit                                                // themes; nil: none
	Brief     func(context.Context, *kit.Kit, lang.Lang) (*brief.Brief, error) // a theme's figures of today; nil: themes have none
	Discover  *discover.Path                                                   // a way into the data; nil: none
	Follows   surface.Follows                                                  // nil: nothing can be followed
	Days      int                                                              // how long answers are kept; 0: for good
	Base      string                                                           // public address of the site; "": answers have no page
	Log       *slog.Logger
}

// Bot is a connection to Discord.
type Bot struct {
	Parts
	session *discordgo.Session
	users   *pace.Pace[string]
	rooms   *pace.Pace[string]
	typing  *pace.Pace[string] // of names that are completed, by user
	lost    chan struct{}      // the connection is gone
	seen    *seen
	last    *lru.Cache[string, string] // ID of each room's last answer
	shift   surface.Shift
}

// ErrRefused is wrapped by what Run returns where Discord will not have us:
// a wrong token, an intent that was not granted. Trying again changes nothing.
var ErrRefused = errors.New("discord refuses the bot")

// How long an answer may take: the token of an interaction lives for 15 minutes.
const (
	answerTime = 2 * time.Minute
	drainTime  = 20 * time.Second
)

// New returns a bot that is not yet connected.
func New(p Parts) (*Bot, error) {
	s, err := discordgo.New("Bot " + p.Token)
	if err != nil {
		return nil, fmt.Errorf("discord: %w", err)
	}
	s.ShardID, s.ShardCount = p.Shard, max(1, p.Shards)
	s.Identify.Intents = discordgo.IntentsGuilds | discordgo.IntentsGuildMessages | discordgo.IntentsDirectMessages
	if p.Content {
		s.Identify.Intents |= discordgo.IntentMessageContent
	}
	s.ShouldRetryOnRateLimit, s.MaxRestRetries = true, 3
	s.ShouldReconnectOnError = false // it would try for ever with a token that was revoked; Run does it
	s.LogLevel = discordgo.LogError - 1
	p.Log = slog.New(discreet{p.Log.Handler()})
	b := &Bot{Parts: p, session: s, users: pace.New[string](p.PerUser, leastBurst), rooms: pace.New[string](p.PerChannel, leastBurst), typing: pace.New[string](keystrokes*p.PerUser, leastBurst), seen: newSeen(), last: newLatest(), lost: make(chan struct{}, 1),
		shift: surface.Shift{Log: p.Log, Each: answerTime, Last: drainTime}}
	s.AddHandler(func(*discordgo.Session, *discordgo.Disconnect) {
		select {
		case b.lost <- struct{}{}:
		default:
		}
	})
	s.AddHandler(func(_ *discordgo.Session, e *discordgo.InteractionCreate) {
		b.do(e.ID, func(ctx context.Context) { b.interaction(ctx, e.Interaction) }, func(ctx context.Context) { b.failed(ctx, e.Interaction) })
	})
	s.AddHandler(func(_ *discordgo.Session, e *discordgo.MessageCreate) {
		b.do(e.ID, func(ctx context.Context) { b.message(ctx, e.Message) }, func(ctx context.Context) { b.stumbled(ctx, e.Message) })
	})
	return b, nil
}

// Run connects, registers the commands and answers until ctx ends; answers under
// way are waited for.
func (b *Bot) Run(ctx context.Context) error {
	b.shift.Open(ctx)
	if err := b.again(ctx, "not connected", b.connect); err != nil {
		b.shift.Close()
		return err
	}
	defer b.session.Close()
	defer b.shift.Close()
	if ctx.Err() != nil {
		return nil
	}
	b.Log.InfoContext(ctx, "discord connected", "bot", b.session.State.User.Username)
	err := b.again(ctx, "commands not registered", func() error {
		if b.Shard > 0 {
			return nil // they are the account's: the first one registers them
		}
		_, err := b.session.ApplicationCommandBulkOverwrite(b.session.State.User.ID, b.Guild, commands(), discordgo.WithContext(ctx))
		return err
	})
	if err != nil {
		return fmt.Errorf("register commands: %w", err)
	}
	return b.stay(ctx)
}

// stay connects again whenever the connection is lost, until ctx ends or Discord
// will not have us any more.
func (b *Bot) stay(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-b.lost:
		}
		b.Log.WarnContext(ctx, "discord connection lost")
		if err := b.again(ctx, "not connected again", b.connect); err != nil {
			return err
		}
	}
}

func (b *Bot) connect() error {
	err := b.session.Open()
	if errors.Is(err, discordgo.ErrWSAlreadyOpen) {
		return nil
	}
	return connecting(err)
}

// again tries until something succeeds, ctx ends or Discord refuses it for good:
// a network that is down for a while costs a while.
func (b *Bot) again(ctx context.Context, what string, try func() error) error {
	for wait := time.Second; ctx.Err() == nil; wait = min(2*wait, time.Minute) {
		err := try()
		var rest *discordgo.RESTError
		if err == nil || errors.Is(err, ErrRefused) || errors.As(err, &rest) && rest.Response != nil && rest.Response.StatusCode < 500 && rest.Response.StatusCode != 429 {
			return err
		}
		if ctx.Err() == nil {
			b.Log.WarnContext(ctx, what, "error", err, "again_in", wait)
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
	return nil
}

// fatal are the gateway's close codes that no other attempt changes: a wrong
// token, wrong shards, a version that is gone, intents that are wrong or not
// granted.
var fatal = []int{4004, 4010, 4011, 4012, 4013, 4014}

// connecting tells what a connection failed of.
func connecting(err error) error {
	var closed *websocket.CloseError
	var rest *discordgo.RESTError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &closed) && slices.Contains(fatal, closed.Code),
		errors.As(err, &rest) && rest.Response != nil && rest.Response.StatusCode == http.StatusUnauthorized:
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return fmt.Errorf("connect to discord: %v", err) // no cause that again would give up for
}

// do runs work that an event asks for, once, whatever the gateway repeats after
// a reconnection.
func (b *Bot) do(id string, work, failed func(context.Context)) {
	if b.seen.first(id) {
		b.shift.Do(id, work, failed)
	}
}

// failed says that something went wrong, by whichever door is still open.
func (b *Bot) failed(ctx context.Context, i *discordgo.Interaction) {
	text := texts.Say(spoken(i), "discord.stumbled")
	if err := b.session.InteractionRespond(i, private(text)); err == nil {
		return
	}
	if _, err := b.session.FollowupMessageCreate(i, true, &discordgo.WebhookParams{Content: text, Flags: discordgo.MessageFlagsEphemeral, AllowedMentions: nobody()}); err != nil {
		b.Log.ErrorContext(ctx, "failure not told", "error", err)
	}
}

// stumbled says the same of a message.
func (b *Bot) stumbled(ctx context.Context, m *discordgo.Message) {
	b.send(context.WithoutCancel(ctx), m.ChannelID, m, message{content: texts.Say(lang.Detect(m.Content), "discord.stumbled")})
}

// nobody is pinged by what we say, whoever the data or a question names.
func nobody() *discordgo.MessageAllowedMentions {
	return &discordgo.MessageAllowedMentions{Parse: []discordgo.AllowedMentionType{}}
}

// spoken is the language in which someone uses Discord; English where we do not
// speak it.
func spoken(i *discordgo.Interaction) lang.Lang {
	if i.Locale == "" {
		return lang.French
	}
	if l, known := lang.Known(string(i.Locale)); known {
		return l
	}
	return lang.English
}
