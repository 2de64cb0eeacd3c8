package matrix

import (
	"context"
	"errors"
	"time"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// syncer takes what the homeserver tells of; it is the bot as the library sees it.
type syncer Bot

const (
	batch   = 100              // events of a room at once
	stale   = 10 * time.Minute // age at which nobody waits for an answer any more
	maxBack = 5                // batches read back after a gap
)

// GetFilterJSON asks for what the bot reads, and not for its own account data,
// which each sync writes.
func (s *syncer) GetFilterJSON(id.UserID) *mautrix.Filter {
	none := &mautrix.FilterPart{NotTypes: []event.Type{{Type: "*"}}}
	return &mautrix.Filter{
		AccountData: none, Presence: none,
		Room: &mautrix.RoomFilter{
			AccountData: none, Ephemeral: none,
			State:    &mautrix.FilterPart{LazyLoadMembers: true, Types: []event.Type{event.StateMember, event.StateEncryption}},
			Timeline: &mautrix.FilterPart{LazyLoadMembers: true, Limit: batch},
		},
	}
}

// OnFailedSync waits longer each time, and gives up where the token is refused.
func (s *syncer) OnFailedSync(_ *mautrix.RespSync, err error) (time.Duration, error) {
	b := (*Bot)(s)
	if err = refusal(err); errors.Is(err, ErrRefused) {
		return 0, err
	}
	b.failed++
	wait := b.wait(b.failed)
	b.Log.Warn("matrix not synchronised", "error", err, "again_in", wait)
	return wait, nil
}

// ProcessResponse begins the work that a sync asks for; it waits for none.
func (s *syncer) ProcessResponse(ctx context.Context, res *mautrix.RespSync, since string) error {
	b := (*Bot)(s)
	b.failed = 0
	for room, invite := range res.Rooms.Invite {
		for _, e := range invite.State.Events {
			if e.Type.Type == event.StateMember.Type && e.GetStateKey() == b.client.UserID.String() {
				e.RoomID = room
				b.do(e, func(ctx context.Context) { b.invited(ctx, e) })
			}
		}
	}
	for room, joined := range res.Rooms.Join {
		events := joined.Timeline.Events
		if since == "" {
			continue // what was said before we were here
		}
		if joined.Timeline.Limited {
			events = append(b.missed(ctx, room, joined.Timeline.PrevBatch), events...)
		}
		for _, e := range append(joined.State.Events, events...) {
			e.RoomID = room
			b.event(e)
		}
	}
	return nil
}

// missed reads back what lies in a gap, as long as somebody may wait for it.
func (b *Bot) missed(ctx context.Context, room id.RoomID, from string) (events []*event.Event) {
	for range maxBack {
		page, err := b.client.Messages(ctx, room, from, "", mautrix.DirectionBackward, nil, batch)
		if err != nil {
			b.Log.WarnContext(ctx, "gap not read", "room", room, "error", err)
			return events
		}
		for _, e := range page.Chunk {
			if b.old(e) {
				return events
			}
			events = append([]*event.Event{e}, events...)
		}
		if from = page.End; from == "" || len(page.Chunk) == 0 {
			return events
		}
	}
	return events
}

// old tells whether nobody waits for an answer to an event any more. The server
// tells its age, whatever our clock.
func (b *Bot) old(e *event.Event) bool {
	if e.Unsigned.Age > 0 {
		return time.Duration(e.Unsigned.Age)*time.Millisecond > stale
	}
	return time.Since(time.UnixMilli(e.Timestamp)) > stale
}

// event begins the work that an event asks for, once.
func (b *Bot) event(e *event.Event) {
	switch e.Type.Type {
	case event.StateMember.Type:
		b.members.Remove(e.RoomID)
		return
	case event.StateEncryption.Type:
		b.do(e, func(ctx context.Context) { b.locked(ctx, e.RoomID) })
		return
	}
	if e.Sender == b.client.UserID || b.old(e) {
		return
	}
	if before, _ := b.seen.ContainsOrAdd(e.ID, struct{}{}); before {
		return
	}
	switch e.Type.Type {
	case event.EventMessage.Type:
		e.Type = event.EventMessage
		if e.Content.ParseRaw(e.Type) == nil {
			b.do(e, func(ctx context.Context) { b.message(ctx, e) })
		}
	case event.EventReaction.Type:
		e.Type = event.EventReaction
		if e.Content.ParseRaw(e.Type) == nil {
			b.do(e, func(ctx context.Context) { b.reaction(ctx, e) })
		}
	case event.EventEncrypted.Type:
		b.do(e, func(ctx context.Context) { b.locked(ctx, e.RoomID) })
	}
}
