package matrix

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// invited joins a room that is open to us, asked by somebody who may, and
// declines every other.
func (b *Bot) invited(ctx context.Context, e *event.Event) {
	if !b.open(e.RoomID) || !b.trusted(e.Sender) {
		b.Log.InfoContext(ctx, "invitation declined", "room", e.RoomID)
		if _, err := b.client.LeaveRoom(ctx, e.RoomID); err != nil {
			b.Log.WarnContext(ctx, "invitation not declined", "room", e.RoomID, "error", err)
		}
		return
	}
	if _, err := b.client.JoinRoomByID(ctx, e.RoomID); err != nil {
		b.Log.WarnContext(ctx, "room not joined", "room", e.RoomID, "error", err)
		return
	}
	var encryption event.EncryptionEventContent
	if err := b.client.StateEvent(ctx, e.RoomID, event.StateEncryption, "", &encryption); err == nil && encryption.Algorithm != "" {
		b.locked(ctx, e.RoomID)
		return
	}
	b.say(ctx, place{room: e.RoomID}, b.help(b.spoken(e.RoomID, "")))
}

// open tells whether questions are answered in a room.
func (b *Bot) open(room id.RoomID) bool {
	return len(b.Rooms) == 0 || b.named(b.Rooms, room)
}

// named tells whether a list holds a room, by its ID or by its alias.
func (b *Bot) named(list []string, room id.RoomID) bool {
	alias, has := b.aliases[room]
	return slices.Contains(list, room.String()) || has && slices.Contains(list, alias.String())
}

// trusted tells whether somebody may invite and ask.
func (b *Bot) trusted(user id.UserID) bool {
	return len(b.Users) == 0 || slices.ContainsFunc(b.Users, func(u string) bool {
		return u == user.String() || strings.HasPrefix(u, ":") && u[1:] == user.Homeserver()
	})
}

// barred says why somebody may not ask in a room, or not now; "" where they may.
func (b *Bot) barred(e *event.Event, l lang.Lang) string {
	switch {
	case !b.open(e.RoomID):
		return texts.Say(l, "matrix.closed_room")
	case !b.trusted(e.Sender):
		return texts.Say(l, "matrix.closed_to_you")
	}
	now := time.Now()
	wait := b.users.Wait(e.Sender, now)
	if wait == 0 {
		wait = b.rooms.Wait(e.RoomID, now)
	}
	if wait == 0 {
		return ""
	}
	return texts.Say(l, "matrix.too_many", "n", int(wait.Seconds())+1)
}

// toldLocked is the room's account data that says that it was told.
const toldLocked = "fr.cigogne.locked"

// locked says, once in a room, that what is encrypted cannot be read.
func (b *Bot) locked(ctx context.Context, room id.RoomID) {
	if !b.open(room) {
		return
	}
	var told struct {
		Told bool `json:"told"`
	}
	if err := b.client.GetRoomAccountData(ctx, room, toldLocked, &told); err != nil && !errors.Is(err, mautrix.MNotFound) {
		b.Log.WarnContext(ctx, "room data not read", "room", room, "error", err)
		return
	}
	if told.Told {
		return
	}
	told.Told = true
	if err := b.client.SetRoomAccountData(ctx, room, toldLocked, told); err != nil {
		b.Log.WarnContext(ctx, "room data not written", "room", room, "error", err)
		return // better silent than over and over
	}
	b.say(ctx, place{room: room}, texts.Say(b.spoken(room, ""), "matrix.encrypted"))
}

// direct tells whether a room holds nobody but somebody and us.
func (b *Bot) direct(ctx context.Context, room id.RoomID) bool {
	n, known := b.members.Get(room)
	if !known {
		m, err := b.client.JoinedMembers(ctx, room)
		if err != nil {
			b.Log.WarnContext(ctx, "members not read", "room", room, "error", err)
			return false
		}
		n = len(m.Joined)
		b.members.Add(room, n)
	}
	return n <= 2
}

// help says what can be asked.
func (b *Bot) help(l lang.Lang) string {
	out := texts.Say(l, "matrix.help", "name", b.called()) + "\n"
	if b.Questions != nil {
		for _, q := range b.Questions(l) {
			out += "\n- " + escape(q)
		}
	}
	return out + "\n\n" + texts.Say(l, "matrix.reactions")
}

// called is what we are called in rooms.
func (b *Bot) called() string {
	if b.name != "" {
		return b.name
	}
	return b.client.UserID.Localpart()
}
