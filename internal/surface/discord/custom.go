package discord

import (
	"strconv"
	"strings"
)

// press is what a button, a menu or a form stands for: something to do with an
// answer that is kept. It is all that a component carries, so that it works
// after a restart.
type press struct {
	do   string // of the actions below
	id   string // of the answer
	at   int    // of its choices
	room string // of the conversation to go on with
}

const (
	doSQL    = "sql"
	doChart  = "chart"
	doTable  = "table"
	doRight  = "right"
	doWrong  = "wrong"
	doWhy    = "why" // the form in which one says what is wrong
	doChoose = "pick"
	doMore   = "more" // another reading: the menu's value is the question
)

// String is the custom ID.
func (p press) String() string {
	return strings.Join([]string{"c1", p.do, p.id, strconv.Itoa(p.at), p.room}, ":")
}

// parse reads a custom ID back; ok is false for one that we did not write.
func parse(custom string) (p press, ok bool) {
	if len(custom) > maxCustomID {
		return press{}, false
	}
	parts := strings.Split(custom, ":")
	if len(parts) != 5 || parts[0] != "c1" {
		return press{}, false
	}
	at, err := strconv.Atoi(parts[3])
	if err != nil || at < 0 || at > 1000 {
		return press{}, false
	}
	switch parts[1] {
	case doSQL, doChart, doTable, doRight, doWrong, doWhy, doChoose, doMore:
	default:
		return press{}, false
	}
	return press{parts[1], parts[2], at, parts[4]}, true
}
