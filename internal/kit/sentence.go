package kit

import (
	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// Sentence says it to a person.
func (e *Error) Sentence(l lang.Lang) string {
	where := e.File
	if e.Key != "" {
		where += " (" + e.Key + ")"
	}
	return texts.Say(l, "kit."+string(e.Reason), "where", where)
}
