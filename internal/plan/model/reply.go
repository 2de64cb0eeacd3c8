package model

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"
)

// errNone says that the model sees no answer in the tables.
var errNone = errors.New("the model sees no answer in these tables")

var (
	fence = regexp.MustCompile("(?is)```[a-z]*[ \t]*\r?\n?(.*?)```")
	begin = regexp.MustCompile(`(?i)\b(select|with)\s`)
)

// selectIn cuts the SELECT out of a reply: the first code block that holds one,
// else what begins by SELECT, up to its semicolon. Where the reply was cut, only
// a SELECT whose end is seen is taken: half of one may be another query.
func selectIn(text string, cut bool) (string, error) {
	for _, m := range fence.FindAllStringSubmatch(text, -1) {
		if begin.MatchString(m[1]) {
			sql, _ := first(m[1])
			return sql, nil
		}
	}
	var reply struct {
		SQL string `json:"sql"`
	}
	if json.Unmarshal([]byte(text), &reply) == nil && begin.MatchString(reply.SQL) {
		sql, _ := first(reply.SQL)
		return sql, nil
	}
	text = strings.TrimPrefix(strings.TrimSpace(text), "```sql")
	if !begin.MatchString(text) {
		return "", errNone
	}
	sql, ended := first(text)
	if cut && !ended {
		return "", errors.New("the model's reply was cut within its SELECT")
	}
	return sql, nil
}

// first cuts the first statement, from its SELECT or WITH to its semicolon, an
// empty line or a fence; ended tells whether one of them was there.
func first(text string) (sql string, ended bool) {
	text = text[begin.FindStringIndex(text)[0]:]
	quote := byte(0)
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == ';', strings.HasPrefix(text[i:], "```"), strings.HasPrefix(text[i:], "\n\n"):
			return strings.TrimSpace(text[:i]), true
		}
	}
	return strings.TrimSpace(text), false
}
