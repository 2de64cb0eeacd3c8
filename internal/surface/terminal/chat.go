package terminal

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/lang"
	"cigogne/internal/surface"
	"cigogne/internal/texts"
)

// Chat is a conversation in a terminal.
type Chat struct {
	Asker     surface.Asker
	Style     Style
	Look      func() Style // what the terminal can show now, where that may change; nil: Style
	Lang      lang.Lang    // of what is said before the first question
	Questions []string     // to start with
	Prompt    string       // "" where nobody types (a pipe)
	Prompted  bool         // the input shows the prompt itself
}

// Run reads a question a line until the end of in, "quit" or ctx's end. A
// number picks one of the choices last offered.
func (c *Chat) Run(ctx context.Context, in io.Reader, out io.Writer) error {
	if c.Prompt != "" {
		c.welcome(out)
	}
	lines := read(ctx, in)
	t := talk{Chat: c, out: out, offered: c.Questions}
	for ctx.Err() == nil {
		if !c.Prompted {
			fmt.Fprint(out, c.Prompt)
		}
		line, err := lines()
		if err != nil {
			if c.Prompt != "" {
				fmt.Fprintln(out)
			}
			if err == io.EOF || ctx.Err() != nil {
				return nil
			}
			return fmt.Errorf("read the questions: %w", err)
		}
		text := strings.TrimSpace(clean(line))
		if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) && t.hear(ctx, text) {
			return nil
		}
	}
	return nil
}

// talk is a conversation as it stands.
type talk struct {
	*Chat
	out     io.Writer
	last    *answer.Answer
	offered []string // what a number picks
}

// hear takes a line: a command, a number, a question; done tells that nothing
// comes after it.
func (t *talk) hear(ctx context.Context, text string) (done bool) {
	if n, err := strconv.Atoi(text); err == nil && n >= 1 && n <= len(t.offered) {
		text = t.offered[n-1]
		fmt.Fprintln(t.out, "› "+text)
	}
	if strings.HasPrefix(text, "/") || quits[lang.Fold(text)] {
		return t.command(t.out, text, t.last)
	}
	a, err := t.Asker.Ask(ctx, assistant.Question{Text: text, Conversation: "terminal"})
	if err != nil && errors.Is(err, ctx.Err()) {
		return true
	}
	t.last = a
	if t.Look != nil {
		t.Style = t.Look()
	}
	t.show(a)
	return false
}

// show writes an answer, and the choices that it offers by number.
func (t *talk) show(a *answer.Answer) {
	if len(a.Choices) > 0 {
		t.offered = a.Choices
		fmt.Fprintln(t.out, Render(cmp.Or(a.Sentence, a.Text), t.Style))
		for i, choice := range t.offered {
			fmt.Fprintf(t.out, "  %d. %s\n", i+1, choice)
		}
		fmt.Fprintln(t.out)
		return
	}
	fmt.Fprintln(t.out, Answer(a, t.Style)+"\n")
	if bars := Bars(a, t.Style); bars != "" && (t.Style.Width > 0 || a.Chart) {
		fmt.Fprintln(t.out, bars+"\n")
	}
}

// say writes what is said outside answers.
func (c *Chat) say(out io.Writer, text string) {
	fmt.Fprintln(out, Render(text, Style{Width: c.Style.Width}))
}

// Editor is an input that edits lines itself, as a terminal in raw mode.
type Editor interface {
	ReadLine() (string, error)
}

// read returns what reads the next line. Reading stops when ctx ends, though in
// cannot be interrupted: the goroutine that waits for it is left behind, and
// goes with the process.
func read(ctx context.Context, in io.Reader) func() (string, error) {
	type line struct {
		text string
		err  error
	}
	var next func() line
	if e, ok := in.(Editor); ok {
		next = func() line {
			text, err := e.ReadLine()
			return line{text, err}
		}
	} else {
		s := bufio.NewScanner(in)
		s.Buffer(nil, 1<<20)
		next = func() line {
			if s.Scan() {
				return line{text: s.Text()}
			}
			return line{err: cmp.Or(s.Err(), io.EOF)}
		}
	}
	lines := make(chan line)
	go func() {
		for ctx.Err() == nil {
			l := next()
			select {
			case lines <- l:
			case <-ctx.Done():
				return
			}
			if l.err != nil {
				return
			}
		}
	}()
	return func() (string, error) {
		select {
		case l := <-lines:
			return l.text, l.err
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

var quits = map[string]bool{"quit": true, "exit": true, "quitter": true, "q": true, "bye": true, "au revoir": true}

func (c *Chat) welcome(out io.Writer) {
	fmt.Fprintln(out, texts.Say(c.Lang, "terminal.cigogne_ask_question_in_french_or"))
	for i, q := range c.Questions {
		fmt.Fprintf(out, "  %d. %s\n", i+1, q)
	}
	c.say(out, texts.Say(c.Lang, "terminal.number_picks_one_tab_completes_sql"))
}

func (c *Chat) command(out io.Writer, text string, last *answer.Answer) (done bool) {
	switch name := strings.TrimPrefix(lang.Fold(text), "/"); {
	case quits[name]:
		return true
	case name == "sql" && last != nil && last.SQL != "":
		fmt.Fprintln(out, strings.Join(wrap(clean(last.SQL), c.Style.Width, "  "), "\n")+"\n")
	case name == "json" && last != nil:
		fmt.Fprintln(out, clean(answer.JSON(last))+"\n")
	case name == "sql" || name == "json":
		fmt.Fprintln(out, texts.Say(c.Lang, "terminal.no_answer_with_query_yet")+"\n")
	default:
		c.say(out, texts.Say(c.Lang, "terminal.sql_query_last_answer_json_all"))
	}
	return false
}
