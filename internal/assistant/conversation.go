package assistant

import (
	"container/list"
	"strconv"
	"strings"
	"sync"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
)

// turn is the last answered question of a conversation.
type turn struct {
	lang lang.Lang
	turn *plan.Turn
	last *answer.Answer

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

// conversations remembers the last turn of the most recent ones.
type conversations struct {
	mu     sync.Mutex
	order  *list.List // of names, most recent first
	byName map[string]*list.Element
}

type remembered struct {
	name string
	turn turn
}

const maxConversations = 1000

func newConversations() *conversations {
	return &conversations{order: list.New(), byName: map[string]*list.Element{}}
}

func (c *conversations) get(name string) turn {
	if name == "" {
		return turn{}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.byName[name]; ok {
		c.order.MoveToFront(e)
		return e.Value.(*remembered).turn
	}
	return turn{}
}

func (c *conversations) put(name string, t turn) {
	if name == "" {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.byName[name]; ok {
		e.Value.(*remembered).turn = t
		c.order.MoveToFront(e)
		return
	}
	c.byName[name] = c.order.PushFront(&remembered{name, t})
	if c.order.Len() > maxConversations {
		last := c.order.Back()
		delete(c.byName, last.Value.(*remembered).name)
		c.order.Remove(last)
	}
}
