package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cigogne/internal/config"
	"cigogne/internal/lang"
)

// commands are the words of the command line, in the order that help lists
// them: the one list there is.
func (p *program) commands() []*cobra.Command {
	return []*cobra.Command{
		askCommand(p), whyCommand(p), chatCommand(p), searchCommand(p), datasetCommand(p), discoverCommand(p), briefCommand(p), kitCommand(p),
		serveCommand(p), mcpCommand(p), discordCommand(p), matrixCommand(p),
		harvestCommand(p), fetchCommand(p), statusCommand(p), changesCommand(p), doctorCommand(p), configCommand(p), insightsCommand(p), wantedCommand(p), vitalCommand(p), watchCommand(p), purgeCommand(p), qualityCommand(p), migrateCommand(p), trinoCommand(p), backupCommand(p), restoreCommand(p), inspectCommand(p),
		answerCommand(p), replayCommand(p), feedbackCommand(p), verifyCommand(p),
		versionCommand(p), licencesCommand(p), completionCommand(p), sqlworkerCommand(p),
	}
}

// root is the command line: without a command it opens a conversation.
func (p *program) root() *cobra.Command {
	c := chatCommand(p)
	c.Use, c.Short, c.Long = "cigogne", p.say("cli.does"), p.say("cli.about")
	c.Aliases, c.Version = nil, version()
	c.Args = func(c *cobra.Command, args []string) error {
		if len(args) > 0 {
			return unknownCommand{args[0]}
		}
		return nil
	}
	c.SilenceErrors, c.SilenceUsage = true, true
	c.CompletionOptions.DisableDefaultCmd = true
	c.SetIn(p.in)
	c.SetOut(p.out)
	c.SetErr(p.err)
	c.SetHelpFunc(func(c *cobra.Command, _ []string) { p.help(c) })
	c.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return flagError{err} })
	c.SetVersionTemplate("{{.Version}}\n")
	c.Flags().BoolP("version", "", false, p.say("cli.flag_version"))
	shared := c.PersistentFlags()
	shared.StringVar(&p.data, "data", "", p.say("cli.flag_data"))
	shared.StringVar(&p.engine, "engine", "", p.say("cli.flag_engine"))
	shared.StringVar(&p.config, "config", "", p.say("cli.flag_config"))
	shared.BoolP("help", "h", false, p.say("cli.flag_help"))
	completes(c, "engine", config.Engines...)
	_ = c.MarkPersistentFlagDirname("data") // that there is such a flag is written above
	c.SetHelpCommand(helpCommand(p))
	c.AddCommand(p.commands()...)
	return c
}

// command makes a command out of its messages: what it takes, "" where that is
// nothing, and what it does.
func (p *program) command(name, takes string, args cobra.PositionalArgs, run func(ctx context.Context, args []string) error) *cobra.Command {
	c := &cobra.Command{
		Use:   strings.TrimSpace(name + " " + takes),
		Short: p.say("cli.does_" + name),
		Args:  args,
		RunE: func(c *cobra.Command, args []string) (err error) {
			ctx, end := p.traced(c.Context(), name)
			defer end()
			return run(ctx, args)
		},
	}
	c.DisableFlagsInUseLine = true
	return c
}

// between takes that many arguments; most < 0: as many as there are.
func between(least, most int) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) < least || most >= 0 && len(args) > most {
			return errUsage
		}
		return nil
	}
}

var nothing = between(0, 0)

// completes says what a shell offers as a flag's value.
func completes(c *cobra.Command, flag string, values ...string) {
	_ = c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)) // each caller registers a flag of its own
}

// jsonFlag is the flag of every command that can print its result as JSON.
func (p *program) jsonFlag(c *cobra.Command) *bool {
	return c.Flags().Bool("json", false, p.say("cli.flag_json"))
}

// run runs one command and returns the exit status: 0, 1 for a failure that was
// explained, 2 for a wrong call.
func run(ctx context.Context, args []string, io stdio) int {
	p := newProgram(options{}, io)
	root := p.root()
	root.SetArgs(args)
	c, err := root.ExecuteContextC(ctx)
	if err == nil {
		return 0
	}
	var wrong flagError
	var unknown unknownCommand
	switch {
	case errors.As(err, &unknown):
		fmt.Fprintln(p.err, p.unknownCommand(root, string(unknown.name)))
	case errors.As(err, &wrong):
		fmt.Fprintln(p.err, p.wrongFlag(c, wrong))
	case errors.Is(err, errUsage):
		fmt.Fprintln(p.err, p.say("cli.usage", "line", c.UseLine()))
	default:
		fmt.Fprintln(p.err, sentence(err, p.lang()))
		return 1
	}
	return 2
}

// told is an error that has been put into a sentence for the user already.
type told struct{ sentence string }

func (t told) Error() string { return t.sentence }

var errUsage = errors.New("usage")

// flagError is a flag that does not exist, or a value that it does not take.
type flagError struct{ why error }

func (e flagError) Error() string { return e.why.Error() }

// unknownCommand is a first word that is no command.
type unknownCommand struct{ name string }

func (e unknownCommand) Error() string { return "unknown command " + e.name }

// unknownCommand says so, with the command that was meant, or how to ask where
// it looks like a question.
func (p *program) unknownCommand(root *cobra.Command, name string) string {
	text := p.say("cli.unknown_command", "name", lang.Cut(clean(name), maxName))
	root.SuggestionsMinimumDistance = slips
	switch near := root.SuggestionsFor(name); {
	case strings.ContainsAny(name, " ?"):
		text += " " + p.say("cli.how_to_ask")
	case len(near) > 0:
		text += " " + p.say("cli.did_you_mean", "names", strings.Join(near, ", "))
	}
	return text
}

const (
	slips   = 2  // letters that a name may be away from one that there is
	maxName = 80 // characters shown of a name that is not known
)

// wrongFlag says what is wrong with a flag, and which one was meant.
func (p *program) wrongFlag(c *cobra.Command, e flagError) string {
	text := p.say("cli.wrong_flag", "why", p.flagFault(e.why), "command", c.CommandPath())
	var unknown *pflag.NotExistError
	if !errors.As(e.why, &unknown) {
		return text
	}
	name := unknown.GetSpecifiedName()
	if short := unknown.GetSpecifiedShortnames(); short != "" {
		name = short // "-json" reads as -j -s -o -n
	}
	flags := &cobra.Command{SuggestionsMinimumDistance: slips} // cobra looks for what is near among commands only
	c.Flags().VisitAll(func(f *pflag.Flag) {
		flags.AddCommand(&cobra.Command{Use: f.Name, Run: func(*cobra.Command, []string) {}})
	})
	if near := flags.SuggestionsFor(name); len(near) > 0 {
		text += " " + p.say("cli.did_you_mean", "names", "--"+strings.Join(near, ", --"))
	}
	return text
}

// flagFault is what the library says of a flag, in the user's language.
func (p *program) flagFault(err error) string {
	var unknown *pflag.NotExistError
	var bare *pflag.ValueRequiredError
	var bad *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() != "":
		return p.say("cli.flag_unknown", "flag", "-"+lang.Cut(clean(unknown.GetSpecifiedShortnames()), maxName))
	case errors.As(err, &unknown):
		return p.say("cli.flag_unknown", "flag", "--"+lang.Cut(clean(unknown.GetSpecifiedName()), maxName))
	case errors.As(err, &bare):
		return p.say("cli.flag_bare", "flag", "--"+bare.GetFlag().Name)
	case errors.As(err, &bad):
		return p.say("cli.flag_value", "flag", "--"+bad.GetFlag().Name, "value", lang.Cut(clean(bad.GetValue()), maxName))
	}
	return err.Error()
}
