package config

import (
	"fmt"
	"os"
	"strings"
)

// Matrix is the bot in Matrix rooms; there is none without a token.
type Matrix struct {
	Server    string            `toml:"server" env:"MATRIX_SERVER"` // base URL of the homeserver
	TokenFile string            `toml:"token_file"`                 // file that holds the account's access token; MATRIX_TOKEN holds it itself
	Rooms     []string          `toml:"rooms"`                      // IDs or aliases of those where it answers; none: wherever it is invited
	Unkept    []string          `toml:"unkept"`                     // IDs or aliases of rooms of which nothing is written down
	Users     []string          `toml:"users"`                      // who may invite it and ask: "@name:server", ":server" for all of one; none: everybody
	Languages map[string]string `toml:"languages"`                  // fr or en, by room ID or alias
	PerUser   int               `toml:"per_user"`                   // questions a minute; 0: 10, -1: as many as they like
	PerRoom   int               `toml:"per_room"`                   // 0: 60, -1
	Token     string            `toml:"-" env:"MATRIX_TOKEN"`
}

// check says what is wrong with the bot's settings, reads its token and fills
// its defaults.
func (m *Matrix) check() (faults []string) {
	m.Token, faults = secret("matrix.token_file", m.Token, m.TokenFile)
	if m.Server != "" || m.Token != "" {
		if address(m.Server, "http", "https") == nil {
			faults = append(faults, fmt.Sprintf("matrix.server %q: not an http address (MATRIX_SERVER)", m.Server))
		}
	}
	for _, r := range m.Rooms {
		faults = append(faults, matrixName("rooms", r, "!", "#")...)
	}
	for _, r := range m.Unkept {
		faults = append(faults, matrixName("unkept", r, "!", "#")...)
	}
	for _, u := range m.Users {
		faults = append(faults, matrixName("users", u, "@", ":")...)
	}
	for r, l := range m.Languages {
		faults = append(faults, matrixName("languages", r, "!", "#")...)
		if l != "fr" && l != "en" {
			faults = append(faults, fmt.Sprintf("matrix.languages %q: fr or en", l))
		}
	}
	bound(&m.PerUser, usualPerUser)
	bound(&m.PerRoom, usualPerRoom)
	return faults
}

// matrixName says what is wrong with a name that begins by one of some marks.
func matrixName(key, name string, marks ...string) []string {
	for _, mark := range marks {
		if len(name) > 1 && strings.HasPrefix(name, mark) {
			return nil
		}
	}
	return []string{fmt.Sprintf("matrix.%s %q: begins by %s", key, name, strings.Join(marks, " or "))}
}

// Questions a minute where nothing is set.
const (
	usualPerUser = 10
	usualPerRoom = 60
)

// bound reads a number of questions a minute: 0 is the usual one, below it there
// is no bound.
func bound(n *int, usual int) {
	switch {
	case *n == 0:
		*n = usual
	case *n < 0:
		*n = 0
	}
}

// secret is what is set itself, or what a file holds.
func secret(name, set, file string) (string, []string) {
	if set != "" || file == "" {
		return set, nil
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return "", []string{fmt.Sprintf("%s %q: cannot be read", name, file)}
	}
	return strings.TrimSpace(string(b)), nil
}
