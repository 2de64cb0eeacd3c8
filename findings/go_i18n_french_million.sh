#!/usr/bin/env bash
# github.com/nicksnyder/go-i18n/v2 v2.7.0 (MIT), golang.org/x/text v0.43.0.
#
# A French message with the forms "one" and "other", which is all that French
# grammar books know, is complete for every count one is likely to try. For
# 1 000 000, 2 000 000 … CLDR has a third form in French, "many" ("un million DE
# lignes"), and Localize returns BOTH the text of "other" AND an error, "message
# "rows" has no plural form "many"". Who writes
#     text, err := l.Localize(…); if err != nil { return err }
# loses the sentence for exactly these counts, in French (Spanish, Italian,
# Portuguese and Catalan too), never in English: a table of a million rows fails
# where one of 999 999 or of 1 000 001 does not.
#
# Seen here: 999999 no error; 1000000 text and error; 1000001 no error; English
# 1000000 no error; with a form "many", no error and that form's text.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
cat > go.mod <<'M'
module x
go 1.24
require (
	github.com/nicksnyder/go-i18n/v2 v2.7.0
	golang.org/x/text v0.43.0
)
M
cat > main.go <<'G'
package main

import (
	"fmt"
	"os"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

func say(tag language.Tag, many string, n int) (string, error) {
	b := i18n.NewBundle(tag)
	if err := b.AddMessages(tag, &i18n.Message{ID: "rows", One: "{{.PluralCount}} ligne", Many: many, Other: "{{.PluralCount}} lignes"}); err != nil {
		panic(err)
	}
	return i18n.NewLocalizer(b, tag.String()).Localize(&i18n.LocalizeConfig{MessageID: "rows", PluralCount: n})
}

func main() {
	ok := true
	for _, c := range []struct {
		tag   language.Tag
		many  string
		n     int
		text  string
		fails bool
	}{
		{language.French, "", 999999, "999999 lignes", false},
		{language.French, "", 1000000, "1000000 lignes", true},
		{language.French, "", 1000001, "1000001 lignes", false},
		{language.English, "", 1000000, "1000000 lignes", false},
		{language.French, "{{.PluralCount}} de lignes", 1000000, "1000000 de lignes", false},
	} {
		text, err := say(c.tag, c.many, c.n)
		fmt.Printf("%s many=%q %d: %q, %v\n", c.tag, c.many, c.n, text, err)
		ok = ok && text == c.text && (err != nil) == c.fails
	}
	if !ok {
		fmt.Println("the behaviour has changed")
		os.Exit(1)
	}
}
G
GOFLAGS=-mod=mod go run .
