package assistant

import (
	"strconv"
	"strings"

	lru "github.com/hashicorp/golang-lru/v2"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
)

// turn is the last answered question of a conversation.
type turn struct {
	lang lang.Lang
	turn *plan.Turn
	last *answer.Answer
	out  plan.Outcome // that last was made of

	earlier plan.Outcome // the answer's before last
	shared  bool         // last was made a share of what the planner reads: what goes on from it is one too

	defined string // the word explained last, "" where an answer came since

	choices  []string // of the question asked back last, where each is settled
	readings []plan.Outcome
}

// completes returns the one choice, of the question asked back last, that a
// short text picks by some of its words, or by its number.
func (t turn) completes(text string) (string, bool) {
	folded := " " + lang.Fold(text) + " "
	found := ""
	for i, c := range t.choices {
		if strings.TrimSpace(text) == strconv.Itoa(i+1) {
			return c, true
		}
		if len(lang.Words(text)) <= 4 && strings.Contains(" "+lang.Fold(c)+" ", folded) {
			if found != "" {
				return "", false
			}
			found = c
		}
	}
	return found, found != ""
}

// chosen returns the reading that a text chooses among those asked about.
func (t turn) chosen(text string) (plan.Outcome, bool) {
	for i, c := range t.choices {
		if i >= len(t.readings) {
			break
		}
		if lang.Fold(c) == lang.Fold(text) || strings.TrimSpace(text) == strconv.Itoa(i+1) {
			return t.readings[i], true
		}
	}
	return plan.Outcome{}, false
}

// conversations remembers the last turn of the most recent ones, by their names.
type conversations struct {
	byName *lru.Cache[string, turn]
	after  *lru.Cache[string, string] // ID of the last question that the turn accounts for, of those that servers share
}

const maxConversations = 1000

func newConversations() *conversations {
	byName, err := lru.New[string, turn](maxConversations)
	if err != nil { // only of a size below 1
		return nil
	}
	after, err := lru.New[string, string](maxConversations)
	if err != nil {
		return nil
	}
	return &conversations{byName, after}
}

// reached is the question that a conversation's turn accounts for last, "" where none is.
func (c *conversations) reached(name string) string {
	id, _ := c.after.Get(name)
	return id
}

func (c *conversations) reach(name, id string) { c.after.Add(name, id) }

func (c *conversations) get(name string) turn {
	if name == "" {
		return turn{}
	}
	t, _ := c.byName.Get(name)
	return t
}

func (c *conversations) put(name string, t turn) {
	if name != "" {
		c.byName.Add(name, t)
	}
}
