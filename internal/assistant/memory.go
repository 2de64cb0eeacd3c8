package assistant

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"slices"

	"cigogne/internal/answer"
	"cigogne/internal/gloss"
	"cigogne/internal/lang"
	"cigogne/internal/plan/rules"
)

// A conversation that several servers share is its questions. What was understood of
// them is this process's own, and is found anew: a server that did not answer the
// latest ones reads them again before the next, and shows nobody what came of it.

// Memory is where the questions of conversations are noted.
type Memory interface {
	// Note adds a question and gives those before it, oldest first.
	Note(ctx context.Context, conversation string, asked []byte) (before [][]byte, err error)
}

// spoken is a question as it is noted.
type spoken struct {
	ID   string    `json:"id"`
	Text string    `json:"text"`
	Lang lang.Lang `json:"lang,omitempty"` // as Question has it
}

// before is where a conversation stands when a question comes. Where the memory is
// away, it is where it stands here.
func (as *Assistant) before(ctx context.Context, q Question) turn {
	if as.memory == nil || q.Conversation == "" || q.Unkept || Refuse(q.Text, lang.French) != "" {
		return as.turns.get(q.Conversation)
	}
	now := spoken{rand.Text(), q.Text, q.Lang}
	item, err := json.Marshal(now)
	if err != nil {
		return as.turns.get(q.Conversation)
	}
	noted, err := as.memory.Note(ctx, q.Conversation, item)
	if err != nil {
		as.log.WarnContext(ctx, "question not noted: its conversation goes on here alone", "error", err)
		return as.turns.get(q.Conversation)
	}
	var earlier []spoken
	for _, b := range noted {
		var s spoken
		if json.Unmarshal(b, &s) == nil {
			earlier = append(earlier, s)
		}
	}
	as.catchUp(ctx, q.Conversation, earlier)
	as.turns.reach(q.Conversation, now.ID)
	return as.turns.get(q.Conversation)
}

// catchUp reads what was asked elsewhere since this process answered last.
func (as *Assistant) catchUp(ctx context.Context, conversation string, earlier []spoken) {
	if len(earlier) == 0 {
		return // nothing was asked elsewhere, or the memory lost it
	}
	reached := as.turns.reached(conversation)
	here := slices.IndexFunc(earlier, func(s spoken) bool { return s.ID == reached })
	if here < 0 {
		as.turns.put(conversation, turn{})
	}
	for _, s := range earlier[here+1:] {
		q := Question{Text: s.Text, Lang: s.Lang, Conversation: conversation}
		if _, _, err := as.read(ctx, q, as.turns.get(conversation)); err != nil {
			as.log.WarnContext(ctx, "an earlier question of the conversation was not read again", "error", err)
			return
		}
	}
}

// read answers a question that comes after others, without keeping the answer; repeated
// tells that it is one that is remembered.
func (as *Assistant) read(ctx context.Context, q Question, before turn) (a *answer.Answer, repeated bool, err error) {
	key := as.repeatable(q, before)
	if a := as.recall(key, q); a != nil {
		return a, true, nil
	}
	q.left = new(*turn)
	a = &answer.Answer{ID: q.ID, Question: q.Text, Lang: q.Lang, Engine: as.engine}
	if a.Lang == "" {
		a.Lang = rules.Languages(q.Text, before.lang)
		if slices.Contains(before.choices, q.Text) { // whatever language the data gave it in
			a.Lang = before.lang
		}
	}
	said := as.glossed(ctx, q.Text, rules.Languages(q.Text, before.lang)) // what follows reads French or English, whatever it is answered in
	q.Text, a.Question = said.French, said.French
	err = as.ask(ctx, q, before, a)
	asked(a, said)
	if err == nil && (a.Run == nil || !a.Run.Instead) { // else another engine may answer the next time
		as.note(key, a, *q.left)
	}
	return a, false, err
}

// glossed says a question in French where the planners do not read its language.
func (as *Assistant) glossed(ctx context.Context, text string, l lang.Lang) gloss.Said {
	if !gloss.Spoken(l) {
		return gloss.Read(text, l)
	}
	if _, given, err := as.candidates(ctx, text); err == nil && given {
		return gloss.ReadOver(text, l)
	}
	return gloss.Read(text, l)
}
