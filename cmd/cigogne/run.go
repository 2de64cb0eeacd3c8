package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"cigogne/internal/lang"
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
			if strings.HasPrefix(v, "en") {
				return lang.English
			}
			return lang.French
		}
	}
	return lang.French
}

// command is one word of the command line.
type command struct {
	name   string
	fr, en string // what it does, one line
	args   string
	run    func(ctx context.Context, args []string, io stdio) error
	hidden bool
}

func commands() []command {
	return []command{
		{name: "ask", args: `"question"`, fr: "répond à une question", en: "answers a question", run: askCommand},
		{name: "chat", fr: "ouvre une conversation (sans autre mot : pareil)", en: "opens a conversation (the default)", run: chatCommand},
		{name: "search", args: `"words"`, fr: "trouve des jeux de données", en: "finds datasets", run: searchCommand},
		{name: "dataset", args: "ID", fr: "décrit un jeu de données", en: "describes a dataset", run: datasetCommand},
		{name: "serve", fr: "ouvre le site web et l'API (--addr HÔTE:PORT)", en: "opens the web site and the API (--addr HOST:PORT)", run: serveCommand},
		{name: "mcp", fr: "répond aux agents par le Model Context Protocol, sur l'entrée standard", en: "answers agents by the Model Context Protocol, on standard input", run: mcpCommand},
		{name: "discord", fr: "répond dans Discord (jeton dans DISCORD_TOKEN)", en: "answers in Discord (token in DISCORD_TOKEN)", run: discordCommand},
		{name: "harvest", args: "URL", fr: "moissonne un portail", en: "harvests a portal", run: harvestCommand},
		{name: "fetch", fr: "télécharge les tables des jeux moissonnés", en: "downloads the tables of harvested datasets", run: fetchCommand},
		{name: "status", fr: "dit ce qui est là", en: "says what is held", run: statusCommand},
		{name: "inspect", args: "FILE", fr: "dit comment un fichier se lit", en: "says how a file reads", run: inspectCommand},
		{name: "answer", args: "ID", fr: "montre une réponse gardée", en: "shows a kept answer", run: answerCommand},
		{name: "replay", args: "ID|--all", fr: "recalcule des réponses gardées sur leurs fichiers", en: "computes kept answers again on their files", run: replayCommand},
		{name: "feedback", args: `ID right|wrong ["why"]`, fr: "note si une réponse est juste", en: "notes whether an answer is right", run: feedbackCommand},
		{name: "verify", args: `[--add "question"|ID]`, fr: "rejoue les questions vérifiées et dit ce qui a changé", en: "runs the verified questions again and says what changed", run: verifyCommand},
		{name: "sqlworker", run: sqlworkerCommand, hidden: true},
	}
}

// told is an error that has been put into a sentence for the user already.
type told struct{ sentence string }

func (t told) Error() string { return t.sentence }

// run runs one command and returns the exit status: 0, 1 for a failure that was
// explained, 2 for a wrong call.
func run(ctx context.Context, args []string, io stdio) int {
	name := "chat"
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		name, args = args[0], args[1:]
	} else if len(args) > 0 && (args[0] == "-h" || args[0] == "--help") {
		name = "help"
	}
	if name == "help" {
		usage(io, io.out)
		return 0
	}
	for _, c := range commands() {
		if c.name != name {
			continue
		}
		err := c.run(ctx, args, io)
		var t told
		var wrong flagError
		switch {
		case err == nil:
			return 0
		case errors.As(err, &wrong):
			fmt.Fprintf(io.err, io.lang().Pick("Option refusée (%v) : « cigogne %s -h » liste celles qu'il y a.\n", "Option refused (%v): “cigogne %s -h” lists those there are.\n"), wrong, c.name)
			return 2
		case errors.Is(err, flag.ErrHelp):
			return 0
		case errors.Is(err, errUsage):
			fmt.Fprintln(io.err, io.lang().Pick("Usage : ", "Usage: ")+"cigogne "+c.name+" "+c.args)
			return 2
		case errors.As(err, &t):
			fmt.Fprintln(io.err, t.sentence)
		default:
			fmt.Fprintln(io.err, sentence(err, io.lang()))
		}
		return 1
	}
	fmt.Fprintf(io.err, io.lang().Pick("Commande inconnue : %s. « cigogne help » les liste.\n", "Unknown command: %s. “cigogne help” lists them.\n"), name)
	return 2
}

var errUsage = errors.New("usage")

func usage(io stdio, w io.Writer) {
	fmt.Fprintln(w, io.lang().Pick("cigogne : posez une question aux données ouvertes, recevez le chiffre, sa source et la requête.\n", "cigogne: ask open data a question, get the figure, its source and the query.\n"))
	for _, c := range commands() {
		if !c.hidden {
			fmt.Fprintf(w, "  cigogne %-28s %s\n", strings.TrimSpace(c.name+" "+c.args), io.lang().Pick(c.fr, c.en))
		}
	}
}

// flags returns a flag set that prints nothing by itself.
func flags(name string, io stdio) *flag.FlagSet {
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(io.err)
	fs.Usage = func() {}
	return fs
}

// flagError is a flag that does not exist, or a value that it does not take.
type flagError struct{ why error }

func (e flagError) Error() string { return e.why.Error() }

// parse reads flags wherever they stand among the arguments, and returns the rest.
func parse(fs *flag.FlagSet, args []string) ([]string, error) {
	var rest []string
	for {
		out := fs.Output()
		fs.SetOutput(discard{}) // one sentence is said of a wrong flag, in the user's language
		err := fs.Parse(args)
		fs.SetOutput(out)
		if errors.Is(err, flag.ErrHelp) {
			fs.PrintDefaults()
			return nil, err
		}
		if err != nil {
			return nil, flagError{err}
		}
		args = fs.Args()
		if len(args) == 0 {
			return rest, nil
		}
		rest, args = append(rest, args[0]), args[1:]
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

func logger(io stdio) *slog.Logger {
	level := slog.LevelError
	if io.env("CIGOGNE_LOG") == "debug" {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(io.err, &slog.HandlerOptions{Level: level}))
}
