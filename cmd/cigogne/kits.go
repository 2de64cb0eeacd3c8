package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"cigogne/catalog"
	"cigogne/internal/brief"
	"cigogne/internal/kit"
	"cigogne/internal/texts"
)

// kitCommand lists the theme kits; below it, what is done with them.
func kitCommand(p *program) *cobra.Command {
	c := p.command("kit", "", nothing, func(context.Context, []string) error { return listKits(p) })
	var asJSON *bool
	check := p.command("check", p.say("cli.takes_kits"), nil, func(ctx context.Context, args []string) error { return checkKits(ctx, p, args, *asJSON) })
	check.Short = p.say("cli.does_kit_check")
	asJSON = p.jsonFlag(check)
	check.ValidArgsFunction = p.kitNames
	fork := p.command("copy", p.say("cli.takes_copy"), between(2, 2), func(_ context.Context, args []string) error { return copyKit(p, args[0], args[1]) })
	fork.Short = p.say("cli.does_kit_copy")
	fork.ValidArgsFunction = p.kitNames
	c.AddCommand(check, fork)
	return c
}

// kitNames are what a shell offers where a kit is named.
func (p *program) kitNames(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	kits, err := p.kits()
	var names []string
	for _, k := range kits {
		names = append(names, k.Name)
	}
	if err != nil && len(names) == 0 {
		return nil, cobra.ShellCompDirectiveError
	}
	return names, cobra.ShellCompDirectiveDefault
}

func listKits(p *program) error {
	kits, err := p.kits()
	for _, k := range kits {
		fmt.Fprintf(p.out, "%-14s %s\n", k.Name, clean(k.Title.In(p.lang())+texts.Say(p.lang(), "answer.colon")+" "+k.Lead.In(p.lang())))
	}
	return err
}

// checkKits asks every question of the kits named, or of all: folders, where a
// name is a path.
func checkKits(ctx context.Context, p *program, names []string, asJSON bool) error {
	kits, err := p.chosenKits(names)
	if err != nil {
		return err
	}
	h := newHouse(p)
	defer h.Close()
	as, err := h.assistant(ctx, "")
	if err != nil {
		return err
	}
	wrong := 0
	for _, k := range kits {
		faults, asked, err := brief.Check(ctx, k, alone(as))
		if err != nil {
			return err
		}
		wrong += len(faults)
		for _, f := range faults {
			if asJSON {
				if err := json.NewEncoder(p.out).Encode(f); err != nil {
					return err
				}
				continue
			}
			fmt.Fprintln(p.out, clean(k.Name+texts.Say(p.lang(), "answer.colon")+" "+f.Sentence(p.lang())))
		}
		if !asJSON {
			fmt.Fprintln(p.out, clean(k.Name+texts.Say(p.lang(), "answer.colon")+" "+p.say("cli.kit_checked", "n", asked, "wrong", len(faults))))
		}
	}
	if wrong > 0 {
		return told{p.say("cli.kits_wrong", "n", wrong)}
	}
	return nil
}

// chosenKits are the kits of these names and folders; without any, all.
func (p *program) chosenKits(names []string) ([]*kit.Kit, error) {
	if len(names) == 0 {
		return p.kits()
	}
	var kits []*kit.Kit
	for _, name := range names {
		k, err := p.kitAt(name)
		if err != nil {
			return nil, err
		}
		kits = append(kits, k)
	}
	return kits, nil
}

// kitAt is the kit in a folder, or of that name.
func (p *program) kitAt(name string) (*kit.Kit, error) {
	if info, err := os.Stat(name); err != nil || !info.IsDir() {
		return p.kit(name)
	}
	dir, err := filepath.Abs(name)
	if err != nil {
		return nil, err
	}
	return kit.Read(os.DirFS(dir), kit.FolderName(dir))
}

// copyKit writes a kit's files into a new folder, to be changed there.
func copyKit(p *program, name, dir string) error {
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		return told{p.say("cli.kit_folder_is_there", "dir", dir)}
	}
	from, err := p.kitFiles(name)
	if err != nil {
		return err
	}
	if err := os.CopyFS(dir, from); err != nil {
		return err
	}
	fmt.Fprintln(p.out, p.say("cli.kit_copied", "dir", dir))
	return nil
}

// kitFiles are the files of a kit: the data directory's, else the embedded one's.
func (p *program) kitFiles(name string) (fs.FS, error) {
	if _, err := p.kit(name); err != nil {
		return nil, err
	}
	if dir, err := p.dataDir(); err == nil {
		own := filepath.Join(dir, kitFolder, name)
		if _, err := os.Stat(own); err == nil {
			return os.DirFS(own), nil
		}
	}
	root, err := catalog.Kits()
	if err != nil {
		return nil, err
	}
	return fs.Sub(root, name)
}

// list writes names in a row.
func list(names []string) string { return strings.Join(names, ", ") }

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
