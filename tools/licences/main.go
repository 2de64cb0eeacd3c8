// Command licences collects the licence texts of the modules that the program is
// linked from, on every system it is built for, out of the modules themselves.
// Run it by "go generate ./internal/licences" after a change of go.mod.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"cigogne/internal/licences"
)

func main() {
	if err := build("texts.json.gz"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// systems are those that the program is built for.
var systems = []string{"linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64", "windows/amd64"}

func build(out string) error {
	modules := map[string]string{} // path and version → folder
	for _, s := range systems {
		system, arch, _ := strings.Cut(s, "/")
		list := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}\t{{.Dir}}{{end}}{{end}}", "cigogne/cmd/cigogne")
		list.Env = append(os.Environ(), "GOOS="+system, "GOARCH="+arch, "CGO_ENABLED=1")
		list.Stderr = os.Stderr
		b, err := list.Output()
		if err != nil {
			return fmt.Errorf("list modules of %s: %w", s, err)
		}
		for line := range strings.Lines(string(b)) {
			if name, dir, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
				modules[name] = dir
			}
		}
	}
	var all []licences.Text
	for name, dir := range modules {
		module, version, _ := strings.Cut(name, " ")
		t, err := read(dir)
		if err != nil {
			return fmt.Errorf("%s: %w", module, err)
		}
		t.Module, t.Version = module, version
		all = append(all, t)
	}
	t, err := read(goroot())
	if err != nil {
		return fmt.Errorf("go: %w", err)
	}
	t.Module, t.Version = "std", runtime.Version()
	all = append(all, t)
	slices.SortFunc(all, func(a, b licences.Text) int { return strings.Compare(a.Module, b.Module) })
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	if err := errors.Join(json.NewEncoder(z).Encode(all), z.Close()); err != nil {
		return err
	}
	return os.WriteFile(out, packed.Bytes(), 0o644)
}

var files = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents|authors)([.-].*)?$`)

// read joins the licence files of a module's root; where it has none, those of the
// folder above, for modules within a repository.
func read(dir string) (t licences.Text, err error) {
	for range 3 {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return t, err
		}
		for _, e := range entries {
			if e.IsDir() || !files.MatchString(e.Name()) || strings.HasSuffix(e.Name(), ".go") {
				continue
			}
			b, err := os.ReadFile(filepath.Join(dir, e.Name()))
			if err != nil {
				return t, err
			}
			if t.Text != "" {
				t.Text += "\n\n"
			}
			t.Text += strings.ReplaceAll(strings.TrimSpace(string(b)), "\r\n", "\n")
		}
		if t.Text != "" {
			t.Name = named(t.Text)
			return t, nil
		}
		dir = filepath.Dir(dir)
	}
	return t, errors.New("no licence file")
}

// marks are words by which a licence is known, the more particular ones first.
var marks = []struct{ name, words string }{
	{"Apache-2.0", "Apache License"}, {"MPL-2.0", "Mozilla Public License"}, {"AGPL-3.0", "GNU AFFERO GENERAL PUBLIC"}, {"LGPL", "GNU LESSER GENERAL PUBLIC"}, {"GPL", "GNU GENERAL PUBLIC"},
	{"ISC", "Permission to use, copy, modify, and/or distribute"}, {"MIT", "Permission is hereby granted, free of charge"},
	{"BSD-3-Clause", "Neither the name"}, {"BSD-2-Clause", "Redistribution and use in source and binary forms"}, {"FTL", "FreeType"},
}

func named(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	for _, m := range marks {
		if strings.Contains(text, m.words) {
			return m.name
		}
	}
	return ""
}

// goroot is the folder of the toolchain that builds the program.
func goroot() string {
	b, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}
