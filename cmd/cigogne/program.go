package main

import (
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"cigogne/internal/config"
	"cigogne/internal/lang"
	"cigogne/internal/texts"
	"cigogne/internal/trace"
)

// stdio is what a command may touch of the world around it.
type stdio struct {
	in  io.Reader
	out io.Writer
	err io.Writer
	env func(string) string
}

// lang is the language of messages that answer no question: the user's locale.
func (s stdio) lang() lang.Lang {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := s.env(name); v != "" {
			if l, known := lang.Known(v); known {
				return l
			}
			return lang.French
		}
	}
	return lang.French
}

// say is a message in the user's language.
func (s stdio) say(key string, args ...any) string { return texts.Say(s.lang(), key, args...) }

// options are the flags that every command shares.
type options struct {
	data   string
	config string
	engine string

	lasting bool // answers are promised to last: where they cannot, each says so
}

// program is what every command is made of: the world, the flags that all
// share, and what they are read into, once.
type program struct {
	stdio
	options
	log      *slog.Logger
	settings func() (config.Config, error)
	shared   func() (*sharing, error) // the object store; nil: there is none
}

func newProgram(o options, io stdio) *program {
	p := &program{stdio: io, options: o}
	level := slog.LevelError
	if io.env("CIGOGNE_LOG") == "debug" {
		level = slog.LevelDebug
	}
	p.log = slog.New(trace.Handler(slog.NewTextHandler(io.err, &slog.HandlerOptions{Level: level})))
	p.settings = sync.OnceValues(func() (config.Config, error) { return config.Load(p.config, p.env) })
	p.shared = sync.OnceValues(func() (*sharing, error) { return newSharing(p) })
	return p
}

// dataDir is where everything kept lives.
func (p *program) dataDir() (string, error) {
	if p.data != "" {
		return p.data, nil
	}
	c, err := p.settings()
	if err != nil {
		return "", err
	}
	if c.Data != "" {
		return c.Data, nil
	}
	if runtime.GOOS == "linux" {
		if dir := p.env("XDG_DATA_HOME"); filepath.IsAbs(dir) {
			return filepath.Join(dir, "cigogne"), nil
		}
		if home := p.env("HOME"); filepath.IsAbs(home) {
			return filepath.Join(home, ".local", "share", "cigogne"), nil
		}
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", errNoHome
	}
	return filepath.Join(dir, "cigogne"), nil
}

var errNoHome = errors.New("no home folder")
