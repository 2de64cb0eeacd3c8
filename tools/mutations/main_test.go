package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
)

// An edit whose text has moved on says nothing: it is written anew with the change
// that moved it. Whether tests notice the edits is tried by the program, which takes
// as long as all of them.
func TestEveryEditStandsOnceInItsFile(t *testing.T) {
	var all struct {
		Mutation []mutation `toml:"mutation"`
	}
	if _, err := toml.DecodeFile("mutations.toml", &all); err != nil {
		t.Fatal(err)
	}
	for _, m := range all.Mutation {
		t.Run(m.Name, func(t *testing.T) {
			source, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(m.File)))
			if err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(string(source), m.From); n != 1 {
				t.Errorf("%q stands %d times in %s", m.From, n, m.File)
			}
			if m.From == m.To {
				t.Error("it changes nothing")
			}
		})
	}
}
