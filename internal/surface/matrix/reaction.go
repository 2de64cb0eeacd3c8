package matrix

import (
	"context"
	"errors"
	"strings"

	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"cigogne/internal/lang"
	"cigogne/internal/post"
	"cigogne/internal/texts"
)

// meanings of reactions, without what varies their colour or shape.
var meanings = map[string]string{
	"👍": "right", "✅": "right", "✔": "right",
	"👎": "wrong", "❌": "wrong",
	"📊": "chart", "📈": "chart",
	"🔍": "query", "🔎": "query",
	"🔔": "follow", "🔕": "unfollow",
}

// meaning of a reaction; a choice's number where it is one.
func meaning(key string) (does string, choice int) {
	key = strings.Map(func(r rune) rune {
		if r == '\uFE0F' || r == '\u20E3' || r >= 0x1F3FB && r <= 0x1F3FF {
			return -1
		}
		return r
	}, key)
	if n := number(key); n > 0 {
		return "choose", n
	}
	return meanings[key], 0
}

// reaction does what a reaction to an answer of ours asks for.
func (b *Bot) reaction(ctx context.Context, e *event.Event) {
	r := e.Content.AsReaction().RelatesTo
	does, choice := meaning(r.GetAnnotationKey())
	if does == "" {
		return
	}
	carries := b.carried(ctx, e.RoomID, r.GetAnnotationID())
	if carries[keyAnswer] == "" {
		return
	}
	l := b.spoken(e.RoomID, "")
	p := place{room: e.RoomID, root: threadOf(carries[keyConversation]), to: r.GetAnnotationID()}
	if why := b.barred(e, l); why != "" {
		b.say(ctx, p, why)
		return
	}
	a, why := b.kept(ctx, carries[keyAnswer], l)
	if a == nil {
		b.say(ctx, p, why)
		return
	}
	switch does {
	case "right":
		b.say(ctx, p, b.judge(ctx, a.AnswerID, true, "", a.Lang))
	case "wrong":
		b.send(ctx, p, written{text: b.judge(ctx, a.AnswerID, false, "", a.Lang), carries: map[string]string{keyWrong: a.AnswerID}})
	case "chart":
		b.draw(ctx, p, a)
	case "query":
		if a.SQL == "" {
			b.say(ctx, p, texts.Say(a.Lang, "matrix.no_query"))
			return
		}
		b.say(ctx, p, "```sql\n"+strings.ReplaceAll(a.SQL, "```", "` ` `")+"\n```")
	case "follow", "unfollow":
		b.say(ctx, p, b.follow(ctx, does == "follow", a.AnswerID, e.RoomID, a.Lang))
	case "choose":
		if choice <= len(a.Choices) {
			b.answer(ctx, p, a.Choices[choice-1], carries[keyConversation], a.Lang)
		}
	}
}

// follow has a room told of what changes in an answer's figure, or not any more.
func (b *Bot) follow(ctx context.Context, begin bool, answerID string, room id.RoomID, l lang.Lang) string {
	if b.Follows == nil || b.Answers.Passing(answerID) {
		return texts.Say(l, "matrix.not_followed")
	}
	if !begin {
		switch ended, err := b.Follows.Unfollow(ctx, answerID, placeName, room.String()); {
		case err != nil:
			b.Log.ErrorContext(ctx, "watch not ended", "error", err)
			return texts.Say(l, "matrix.not_followed")
		case !ended:
			return texts.Say(l, "matrix.was_not_followed")
		}
		return texts.Say(l, "matrix.unfollowed")
	}
	if _, err := b.Follows.Follow(ctx, answerID, placeName, room.String(), l); err != nil {
		b.Log.WarnContext(ctx, "watch not begun", "error", err)
		return texts.Say(l, "matrix.not_followed")
	}
	return texts.Say(l, "matrix.followed")
}

// placeName is what a room is to those who tell it of changes.
const placeName = "matrix"

// Post implements post.Poster: it tells a room.
func (b *Bot) Post(ctx context.Context, room string, n post.Note) error {
	w := written{text: "**" + escape(n.Title) + "**\n"}
	for _, l := range n.Lines {
		w.text += "\n- " + escape(l)
	}
	if n.Address != "" {
		w.text += "\n\n<" + n.Address + ">"
	}
	if b.send(ctx, place{room: id.RoomID(room)}, w) == "" {
		return errNotSent
	}
	return nil
}

var errNotSent = errors.New("the homeserver took no message")
