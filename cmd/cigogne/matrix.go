package main

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"cigogne/internal/config"
	"cigogne/internal/lang"
	"cigogne/internal/surface"
	"cigogne/internal/surface/kept"
	"cigogne/internal/surface/matrix"
	"cigogne/internal/texts"
)

// matrixCommand answers in Matrix rooms until ctx ends.
func matrixCommand(p *program) *cobra.Command {
	var base string
	c := p.command("matrix", "", nothing, func(ctx context.Context, _ []string) error { return answerInMatrix(ctx, p, base) })
	c.Flags().StringVar(&base, "url", "", p.say("cli.flag_links"))
	return c
}

func answerInMatrix(ctx context.Context, p *program, base string) error {
	return answerIn(ctx, p, inMatrix(), p.say("cli.matrix_no_token"), base)
}

func inMatrix() place {
	return place{
		name:  placeMatrix,
		token: func(s config.Config) string { return s.Matrix.Token },
		build: func(c *current, s config.Config, line surface.Asker, answers *kept.Store, base string) (bot, error) {
			return c.matrixBot(s.Matrix, line, answers, base)
		},
		fault: matrixFault,
	}
}

// matrixBot builds the Matrix surface over the house in force.
func (c *current) matrixBot(m config.Matrix, line surface.Asker, answers *kept.Store, base string) (*matrix.Bot, error) {
	return matrix.New(matrix.Parts{
		Settings: matrix.Settings{Server: m.Server, Token: m.Token, Rooms: m.Rooms, Unkept: m.Unkept, Users: m.Users, Languages: languages(m.Languages), PerUser: m.PerUser, PerRoom: m.PerRoom},
		Asker:    line, Answers: answers, Questions: c.Questions, Chart: c.PNG, Follows: c, Days: c.keepDays(),
		Base: strings.TrimRight(base, "/"), Log: c.log,
	})
}

// languages are those that settings name.
func languages(named map[string]string) map[string]lang.Lang {
	out := map[string]lang.Lang{}
	for room, l := range named {
		out[room] = lang.Lang(l)
	}
	return out
}

// matrixFault puts what ended the bot into a sentence.
func matrixFault(err error, l lang.Lang) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, matrix.ErrRefused):
		return told{texts.Say(l, "cli.matrix_refused")}
	}
	return told{texts.Say(l, "cli.matrix_failed") + " " + err.Error()}
}
