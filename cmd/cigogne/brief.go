package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/brief"
	"cigogne/internal/kit"
	"cigogne/internal/lang"
	"cigogne/internal/paper"
	"cigogne/internal/surface/kept"
)

// briefCommand prints a theme's figures of today.
func briefCommand(p *program) *cobra.Command {
	c := p.command("brief", p.say("cli.takes_theme"), between(1, 1), func(ctx context.Context, args []string) error {
		return printBrief(ctx, p, args[0])
	})
	c.ValidArgsFunction = p.kitNames
	return c
}

func printBrief(ctx context.Context, p *program, name string) error {
	k, err := p.kit(name)
	if err != nil {
		return err
	}
	h := newHouse(p)
	defer h.Close()
	as, err := h.assistant(ctx, "")
	if err != nil {
		return err
	}
	b, err := brief.Make(ctx, k, p.lang(), alone(as))
	if err != nil {
		return err
	}
	for line := range strings.Lines(b.Markdown()) { // clean leaves one line
		fmt.Fprintln(p.out, clean(strings.TrimRight(line, "\n")))
	}
	if len(b.Missing) > 0 {
		return told{p.say("cli.brief_lacks", "n", len(b.Missing), "name", k.Name)}
	}
	return nil
}

// alone asks questions that stand alone.
func alone(as interface {
	Ask(ctx context.Context, q assistant.Question) (*answer.Answer, error)
}) brief.Ask {
	return func(ctx context.Context, question string, l lang.Lang) (*answer.Answer, error) {
		return as.Ask(ctx, assistant.Question{Text: question, Lang: l})
	}
}

// briefs are the themes' figures of the generation in force, made as they are
// first wanted and remade when data change.
type briefs struct {
	current *current
	answers *kept.Store

	mu    sync.Mutex // one at a time: the next finds it made
	house *tenancy   // that they were made of
	made  map[string]*brief.Brief
}

func newBriefs(c *current, answers *kept.Store) *briefs { return &briefs{current: c, answers: answers} }

// of returns a theme's figures; every answer in it is kept under an ID.
func (b *briefs) of(ctx context.Context, k *kit.Kit, l lang.Lang) (*brief.Brief, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	t, leave := b.current.enter()
	defer leave()
	if b.house != t {
		b.house, b.made = t, map[string]*brief.Brief{}
	}
	key := k.Name + "/" + string(l)
	if made := b.made[key]; made != nil {
		return made, nil
	}
	made, err := brief.Make(ctx, k, l, func(ctx context.Context, question string, l lang.Lang) (*answer.Answer, error) {
		a, err := alone(t.assistant)(ctx, question, l)
		if err != nil {
			return nil, err
		}
		return a, b.answers.Keep(ctx, a)
	})
	if err != nil {
		return nil, err
	}
	b.made[key] = made
	return made, nil
}

// printing prints pages by this machine's browser; nil where it has none.
func printing() func(context.Context, []byte) ([]byte, error) {
	if p := paper.Find(); p != nil {
		return p.PDF
	}
	return nil
}

// kit finds a kit by its name.
func (p *program) kit(name string) (*kit.Kit, error) {
	kits, err := p.kits()
	i := slices.IndexFunc(kits, func(k *kit.Kit) bool { return k.Name == name })
	if i >= 0 {
		return kits[i], nil
	}
	if err != nil {
		return nil, err
	}
	var names []string
	for _, k := range kits {
		names = append(names, k.Name)
	}
	return nil, told{p.say("cli.no_such_kit", "name", lang.Cut(clean(name), maxName), "names", list(names))}
}
