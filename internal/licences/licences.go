// Package licences holds the licence texts of everything that this program is
// made of: of the modules that are linked into it, and of Go itself.
package licences

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/json"
	"fmt"
)

//go:generate go run ../../tools/licences

// Text is the licence of a module, with its notices.
type Text struct {
	Module  string `json:"module"` // path; "std" for Go itself
	Version string `json:"version"`
	Name    string `json:"name"` // of the licence, as SPDX names it; "" where its text is none of the usual ones
	Text    string `json:"text"`
}

//go:embed texts.json.gz
var packed []byte

// All lists the texts by module.
func All() ([]Text, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("read licences: %w", err)
	}
	var all []Text
	if err := json.NewDecoder(z).Decode(&all); err != nil {
		return nil, fmt.Errorf("read licences: %w", err)
	}
	return all, z.Close()
}
