package folder

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/BurntSushi/toml"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest"
)

// describing is the file beside the others that says what they are.
const describing = "datasets.toml"

// entry is what it says of one file. Only file is needed.
type entry struct {
	File        string
	Title       string
	Description string
	Publisher   string
	Licence     string // an ID ("lov2"), a name or an address
	URL         string
	Keywords    []string
	Frequency   string
	Spatial     string
	Created     string
	Modified    string
	Period      dataset.Period
}

// described reads it: what each file is, by its path within the folder. Nothing
// where there is none; an error where it cannot be read or has unknown keys.
func (s *Source) described() (map[string]dataset.Dataset, error) {
	path := filepath.Join(s.path, describing)
	if _, err := os.Stat(path); err != nil {
		return nil, nil
	}
	var all struct{ Dataset []entry }
	meta, err := toml.DecodeFile(path, &all)
	if err != nil {
		return nil, &Error{Path: path, Err: err}
	}
	if keys := meta.Undecoded(); len(keys) > 0 {
		return nil, &Error{Path: path, Err: fmt.Errorf("unknown key %q", keys[0])}
	}
	out := map[string]dataset.Dataset{}
	for _, e := range all.Dataset {
		out[e.File] = dataset.Dataset{
			Title: harvest.Line(e.Title), Description: harvest.Plain(e.Description), Publisher: harvest.Line(e.Publisher),
			Licence: harvest.Licence(e.Licence, "", ""), URL: e.URL, Keywords: harvest.Lines(e.Keywords),
			Frequency: harvest.Frequency(e.Frequency), Spatial: harvest.Line(e.Spatial), Period: e.Period,
			Created: harvest.Time(e.Created), Modified: harvest.Time(e.Modified),
		}
	}
	return out, nil
}
