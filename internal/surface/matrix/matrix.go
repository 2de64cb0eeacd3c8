// Package matrix answers in Matrix rooms, those of eXo Platform and of Tchap
// among them: mentions, direct rooms, threads; reactions under an answer say
// that it is right or wrong, draw it or choose. It stores nothing of its own:
// how far it has read stands in the account's data on the homeserver, and an
// answer's message carries the ID of the answer.
package matrix

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
	"cigogne/internal/surface"
	"cigogne/internal/surface/pace"
	"cigogne/internal/texts"
)

// Settings are what the operator chose.
type Settings struct {
	Server    string               // base URL of the homeserver
	Token     string               // access token of the bot's account
	Rooms     []string             // IDs or aliases where questions are answered; empty: wherever it is invited
	Users     []string             // who may invite it and ask: "@name:server", or ":server" for all of one; empty: everybody
	Unkept    []string             // IDs or aliases of rooms of which nothing is written down
	Languages map[string]lang.Lang // of rooms by ID or alias; others answer in the question's
	PerUser   int                  // questions a minute; 0: as many as they like
	PerRoom   int
}

// Parts are what the bot is made of.
type Parts struct {
	Settings
	Asker     surface.Asker
	Answers   surface.Answers
	Questions func(l lang.Lang) []string           // good ones to start with
	Chart     func(*answer.Answer) ([]byte, error) // PNG, an error where there is nothing to draw; nil: no charts
	Follows   surface.Follows                      // nil: nothing can be followed
	Days      int                                  // how long answers are kept; 0: for good
	Base      string                               // public address of the site; "": answers have no page
	Log       *slog.Logger
}

// Bot is an account on a homeserver.
type Bot struct {
	Parts
	client  *mautrix.Client
	name    string // as rooms show it; "" where it has none
	users   *pace.Pace[id.UserID]
	rooms   *pace.Pace[id.RoomID]
	seen    *lru.Cache[id.EventID, struct{}]
	members *lru.Cache[id.RoomID, int]       // how many are in a room
	last    *lru.Cache[string, string]       // ID of each conversation's last answer
	aliases map[id.RoomID]id.RoomAlias       // of the rooms that the settings name by alias
	slow    time.Duration                    // after which a question's work is said to be under way
	wait    func(failures int) time.Duration // before the next attempt
	failed  int                              // syncs in a row

	shift surface.Shift
}

// ErrRefused is wrapped by what Run returns where the homeserver does not know
// the token, or not any more. Trying again changes nothing.
var ErrRefused = errors.New("the homeserver refuses the token")

const (
	answerTime = 2 * time.Minute
	drainTime  = 20 * time.Second
	slowAnswer = 1500 * time.Millisecond
	callTime   = 90 * time.Second // of one request: a sync waits for 30 s
	retries    = 4                // of a request that is refused for now
	mostWait   = time.Minute      // between two attempts
	remembered = 20_000           // events that were seen
	knownRooms = 5_000
	leastBurst = 3                 // questions that one may ask at once, however low the pace
	syncData   = "fr.cigogne.sync" // account data that holds how far was read
)

// New returns a bot that is not yet connected.
func New(p Parts) (*Bot, error) {
	client, err := mautrix.NewClient(p.Server, "", p.Token)
	if err != nil {
		return nil, fmt.Errorf("matrix: %w", err)
	}
	client.Client = &http.Client{Timeout: callTime, Transport: patient{http.DefaultTransport}}
	client.DefaultHTTPRetries, client.MaxHTTPBackoff = retries, mostWait
	client.UserAgent = "Cigogne"
	b := &Bot{Parts: p, client: client, slow: slowAnswer, wait: growing, aliases: map[id.RoomID]id.RoomAlias{},
		users: pace.New[id.UserID](p.PerUser, leastBurst), rooms: pace.New[id.RoomID](p.PerRoom, leastBurst),
		shift: surface.Shift{Log: p.Log, Each: answerTime, Last: drainTime}}
	var errs [3]error
	b.seen, errs[0] = lru.New[id.EventID, struct{}](remembered)
	b.members, errs[1] = lru.New[id.RoomID, int](knownRooms)
	b.last, errs[2] = lru.New[string, string](knownRooms)
	client.Syncer, client.Store = (*syncer)(b), mautrix.NewAccountDataStore(syncData, client)
	return b, errors.Join(errs[:]...)
}

// growing doubles the wait with each failure.
func growing(failures int) time.Duration {
	return min(mostWait, time.Second<<min(max(0, failures-1), 6))
}

// Check asks a homeserver who a token is of. The error wraps ErrRefused where it
// is nobody's.
func Check(ctx context.Context, server, token string) (user string, err error) {
	client, err := mautrix.NewClient(server, "", token)
	if err != nil {
		return "", fmt.Errorf("matrix: %w", err)
	}
	client.Client = &http.Client{Timeout: callTime}
	who, err := client.Whoami(ctx)
	if err != nil {
		return "", refusal(err)
	}
	return who.UserID.String(), nil
}

// refusal marks the errors that no other attempt changes.
func refusal(err error) error {
	if errors.Is(err, mautrix.MUnknownToken) || errors.Is(err, mautrix.MMissingToken) || errors.Is(err, mautrix.MUserDeactivated) {
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return err
}

// Run connects and answers until ctx ends; answers under way are waited for.
func (b *Bot) Run(ctx context.Context) error {
	b.shift.Open(ctx)
	defer b.shift.Close()
	if err := b.again(ctx, "not connected", b.arrive); err != nil || ctx.Err() != nil {
		return err
	}
	b.Log.InfoContext(ctx, "matrix connected", "account", b.client.UserID)
	return b.again(ctx, "not synchronised", b.client.SyncWithContext)
}

// arrive finds out who we are, and which rooms the settings name.
func (b *Bot) arrive(ctx context.Context) error {
	who, err := b.client.Whoami(ctx)
	if err != nil {
		return err
	}
	b.client.UserID, b.client.DeviceID = who.UserID, who.DeviceID
	if name, err := b.client.GetOwnDisplayName(ctx); err == nil {
		b.name = name.DisplayName
	}
	named := append(append([]string(nil), b.Rooms...), b.Unkept...)
	for room := range b.Languages {
		named = append(named, room)
	}
	for _, room := range named {
		if !strings.HasPrefix(room, "#") {
			continue
		}
		r, err := b.client.ResolveAlias(ctx, id.RoomAlias(room))
		switch {
		case errors.Is(err, mautrix.MNotFound):
			b.Log.WarnContext(ctx, "no room has this alias", "alias", room)
		case err != nil:
			return err
		default:
			b.aliases[r.RoomID] = id.RoomAlias(room)
		}
	}
	return nil
}

// again tries until something succeeds, ctx ends or the homeserver refuses it
// for good: a network that is down for a while costs a while.
func (b *Bot) again(ctx context.Context, what string, try func(context.Context) error) error {
	for failures := 1; ctx.Err() == nil; failures++ {
		err := refusal(try(ctx))
		if err == nil || errors.Is(err, ErrRefused) {
			return err
		}
		wait := b.wait(failures)
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

// do runs the work that an event asks for, beside whatever else is asked.
func (b *Bot) do(e *event.Event, work func(context.Context)) {
	b.shift.Go(e.ID, work, func(ctx context.Context) {
		b.say(ctx, b.placeOf(e), texts.Say(b.spoken(e.RoomID, ""), "matrix.stumbled"))
	})
}

// spoken is the language of a room, or of a text where none was chosen for it.
func (b *Bot) spoken(room id.RoomID, text string) lang.Lang {
	if l := b.language(room); l != "" {
		return l
	}
	if text == "" {
		return lang.French
	}
	return lang.Detect(text)
}

// language is what the settings chose for a room; "" to tell from the question.
func (b *Bot) language(room id.RoomID) lang.Lang {
	if l, ok := b.Languages[room.String()]; ok {
		return l
	}
	return b.Languages[b.aliases[room].String()]
}
