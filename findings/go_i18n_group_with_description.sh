#!/usr/bin/env bash
# github.com/nicksnyder/go-i18n/v2 v2.7.0 (MIT), github.com/BurntSushi/toml v1.6.0.
#
# A message file is documented as keys and texts. A key that is called like a
# field of a message ("description", "id", "hash", "one", "other", "many" …) is no
# key of its own: beside ordinary keys it makes the WHOLE file fail to parse
# ("reserved keys … mixed with unreserved keys …"), and in a file or group that has
# only such keys the group silently becomes ONE message, so that the texts "one"
# and "other" of a page are the plural forms of something. "description" is what a
# catalogue of datasets calls a field on every page: as the label of a DCAT record
# it takes all other labels with it.
#
# Seen here: {title, publisher} parses into 2 messages; {title, description} is an
# error, no message; group {id, description} parses into one message without text.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
cat > go.mod <<'M'
module x
go 1.24
require (
	github.com/BurntSushi/toml v1.6.0
	github.com/nicksnyder/go-i18n/v2 v2.7.0
)
M
cat > main.go <<'G'
package main

import (
	"fmt"
	"os"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
)

func main() {
	ok := true
	for _, c := range []struct {
		file     string
		messages int
		fails    bool
	}{
		{"title = \"Titre\"\npublisher = \"Éditeur\"\n", 2, false},
		{"title = \"Titre\"\ndescription = \"Description\"\n", 0, true},
		{"[record]\nid = \"Identifiant\"\ndescription = \"Description\"\n", 1, false},
	} {
		ms, err := i18n.ParseMessageBytes([]byte(c.file), toml.Unmarshal)
		fmt.Printf("%q: %d messages, %v\n", c.file, len(ms), err)
		ok = ok && len(ms) == c.messages && (err != nil) == c.fails
		for _, m := range ms {
			if c.messages == 1 && m.Other != "" {
				ok = false
			}
		}
	}
	if !ok {
		fmt.Println("the behaviour has changed")
		os.Exit(1)
	}
}
G
GOFLAGS=-mod=mod go run .
