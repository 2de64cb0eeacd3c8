package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"cigogne/internal/config"
)

func configCommand(p *program) *cobra.Command {
	var asJSON *bool
	c := p.command("config", "", nothing, func(context.Context, []string) error { return showConfig(p, *asJSON) })
	asJSON = p.jsonFlag(c)
	return c
}

// documented is a setting with what it is for.
type documented struct {
	config.Setting
	Does string `json:"does"`
}

// showConfig lists every setting with what it is for, what is in force and where
// that was set, then what is wrong.
func showConfig(p *program, asJSON bool) error {
	all, err := config.Settings(p.config, p.env)
	var wrong *config.Error
	if err != nil && !errors.As(err, &wrong) {
		return err
	}
	list := make([]documented, len(all))
	for i, s := range all {
		list[i] = documented{s, p.say("config." + s.Name())}
	}
	if asJSON {
		if jsonErr := printJSON(p.out, list); jsonErr != nil {
			return jsonErr
		}
		return err
	}
	for _, s := range list {
		fmt.Fprintf(p.out, "%s = %s\n    %s\n", s.called(), s.shown(p), s.Does)
	}
	return err
}

// called is the setting's key and its variable, of which one may be all there is.
func (s documented) called() string {
	switch {
	case s.Key == "":
		return s.Env
	case s.Env == "":
		return s.Key
	}
	return s.Key + " (" + s.Env + ")"
}

// shown is the value in force and where it was set.
func (s documented) shown(p *program) string {
	switch {
	case s.From == config.Default && (s.Value == "" || s.Value == "0" || s.Value == "false"):
		return p.say("cli.config_unset")
	case s.From == config.Default:
		return clean(s.Value)
	case s.From == config.File:
		return clean(s.Value) + "  (" + p.say("cli.config_from_file") + ")"
	}
	return clean(s.Value) + "  (" + p.say("cli.config_from_environment") + ")"
}
