package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"
)

// build is what Go recorded of this program, as `version --json` prints it.
type build struct {
	Version string `json:"version"`
	Commit  string `json:"commit,omitempty"`
	Time    string `json:"time,omitempty"`    // of the commit, RFC 3339
	Changed bool   `json:"changed,omitempty"` // since the commit
	Go      string `json:"go"`
	System  string `json:"system"`
}

func versionCommand(p *program) *cobra.Command {
	var asJSON *bool
	c := p.command("version", "", nothing, func(context.Context, []string) error {
		b := builtFrom()
		if *asJSON {
			return printJSON(p.out, b)
		}
		fmt.Fprintf(p.out, "cigogne %s\n", b.Version)
		if b.Commit != "" {
			commit := b.Commit
			if b.Changed {
				commit += " " + p.say("cli.changed")
			}
			fmt.Fprintf(p.out, "commit %s\n%s\n", commit, b.Time)
		}
		fmt.Fprintf(p.out, "%s %s\n", b.Go, b.System)
		return nil
	})
	asJSON = p.jsonFlag(c)
	return c
}

func builtFrom() build {
	b := build{Version: version(), Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.time":
			b.Time = s.Value
		case "vcs.modified":
			b.Changed = s.Value == "true"
		}
	}
	return b
}

// buildTime is that of the commit that this program is of; zero where Go did not
// record it.
func buildTime() time.Time {
	t, err := time.Parse(time.RFC3339, builtFrom().Time)
	if err != nil {
		return time.Time{}
	}
	return t
}

// version of this program, as Go recorded it.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
