package main

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"cigogne/catalog"
	"cigogne/internal/kit"
)

// kitFolder holds the kits of a data directory, a folder each.
const kitFolder = "kits"

// kits are the data directory's, and the embedded ones that no kit there takes
// the place of, by name. What is wrong in a kit is returned beside the others.
func (p *program) kits() ([]*kit.Kit, error) {
	root, err := catalog.Kits()
	if err != nil {
		return nil, err
	}
	kits, err := kit.All(root)
	if err != nil {
		return nil, err
	}
	dir, err := p.dataDir()
	if err != nil { // a machine without a home has the embedded ones
		return kits, nil
	}
	own, err := kit.All(os.DirFS(filepath.Join(dir, kitFolder)))
	if errors.Is(err, fs.ErrNotExist) {
		return kits, nil
	}
	for _, k := range own {
		kits = slices.DeleteFunc(kits, func(x *kit.Kit) bool { return x.Name == k.Name })
	}
	kits = append(kits, own...)
	slices.SortFunc(kits, func(a, b *kit.Kit) int { return cmp.Compare(a.Name, b.Name) })
	return kits, err
}
