package terminal

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"cigogne/internal/lang"
	"cigogne/internal/surface/plain"
)

// Completer ends what is typed by the names it knows: commands, places, columns,
// datasets, whole questions.
type Completer struct {
	Load func() []string // the names, called once when the first is wanted
	Out  io.Writer       // where choices are listed
	Look func() Style    // of Out; nil: a pipe's

	once  sync.Once
	names []name // sorted by fold
	asked string // the line for which Tab was pressed and nothing could be added
}

type name struct{ fold, text string }

const (
	shownChoices = 12
	namedWords   = 6 // words that the beginning of a name may have
)

// Commands are those of the conversation.
func Commands(l lang.Lang) []string {
	if l == lang.French {
		return []string{"/aide", "/json", "/quitter", "/sql"}
	}
	return []string{"/help", "/json", "/quit", "/sql"}
}

func (c *Completer) load() {
	c.once.Do(func() {
		for _, text := range c.Load() {
			if text = plain.Line(text); text != "" {
				c.names = append(c.names, name{lang.Fold(text), text})
			}
		}
		slices.SortFunc(c.names, func(a, b name) int {
			if d := strings.Compare(a.fold, b.fold); d != 0 {
				return d
			}
			return strings.Compare(a.text, b.text)
		})
		c.names = slices.CompactFunc(c.names, func(a, b name) bool { return a == b || a.fold == b.fold && a.text[0] != '/' && b.text[0] != '/' })
	})
}

// Complete is a term.Terminal's AutoCompleteCallback. Tab adds what every name
// that fits has in common; pressed again where there is nothing to add, it lists
// them.
func (c *Completer) Complete(line string, pos int, key rune) (newLine string, newPos int, ok bool) {
	if key != '\t' {
		c.asked = ""
		return "", 0, false
	}
	before, after := line[:pos], line[pos:]
	if strings.TrimSpace(before) == "" {
		return line, pos, true
	}
	c.load()
	start, fits := c.fitting(before)
	switch {
	case len(fits) == 0:
		return line, pos, true
	case len(fits) == 1:
		done := fits[0]
		if after == "" && !strings.HasPrefix(done, "/") && !strings.HasSuffix(done, "?") {
			done += " "
		}
		before = before[:start] + done
	default:
		if common := shared(fits); utf8.RuneCountInString(common) > utf8.RuneCountInString(before[start:]) {
			before = before[:start] + common
		} else if c.asked == line {
			c.list(fits)
		}
	}
	c.asked = before + after
	return before + after, len(before), true
}

// fitting gives the names that begin as the end of the line does, taking as many
// words of it as it can, and where that end starts.
func (c *Completer) fitting(before string) (start int, fits []string) {
	if strings.HasPrefix(before, "/") {
		for _, n := range c.names {
			if strings.HasPrefix(n.text, before) {
				fits = append(fits, n.text)
			}
		}
		return 0, fits
	}
	for _, at := range starts(before) {
		if part := lang.Fold(before[at:]); part != "" {
			if fits := c.beginning(part, at == 0); len(fits) > 0 {
				return at, fits
			}
		}
	}
	return 0, nil
}

// starts lists where the last words begin, the longest end first.
func starts(s string) []int {
	var out []int
	word := false
	for i, r := range s {
		if is := !unicode.IsSpace(r) && r != '\'' && r != '’' && r != '«' && r != '"'; is && !word {
			out = append(out, i)
			word = true
		} else if !is {
			word = false
		}
	}
	if len(s) > 0 && !word { // "Metz ": the word is over
		return nil
	}
	return out[max(0, len(out)-namedWords):]
}

func (c *Completer) beginning(part string, first bool) []string {
	var out []string
	i, _ := slices.BinarySearchFunc(c.names, part, func(n name, part string) int { return strings.Compare(n.fold, part) })
	for ; i < len(c.names) && strings.HasPrefix(c.names[i].fold, part); i++ {
		text := c.names[i].text
		if !strings.HasPrefix(text, "/") && (first || !strings.HasSuffix(text, "?")) {
			out = append(out, text)
		}
	}
	return out
}

// shared is the beginning that all have, letter for letter but for case and accents.
func shared(all []string) string {
	common := []rune(all[0])
	for _, s := range all[1:] {
		n := 0
		for _, r := range s {
			if n == len(common) || lang.Fold(string(r)) != lang.Fold(string(common[n])) {
				break
			}
			n++
		}
		common = common[:n]
	}
	return string(common)
}

// list shows choices in columns.
func (c *Completer) list(fits []string) {
	if c.Out == nil {
		return
	}
	room := 80
	if c.Look != nil && c.Look().Width > 0 {
		room = c.Look().Width
	}
	shown := fits[:min(shownChoices, len(fits))]
	wide := 0
	for _, s := range shown {
		wide = max(wide, visible(s)+gap)
	}
	var b strings.Builder
	for i, s := range shown {
		across := max(1, room/wide)
		if i > 0 && i%across == 0 {
			b.WriteString("\n")
		} else if i > 0 {
			b.WriteString(strings.Repeat(" ", wide-visible(shown[i-1])))
		}
		b.WriteString(s)
	}
	if more := len(fits) - shownChoices; more > 0 {
		fmt.Fprintf(&b, "\n… +%d", more)
	}
	fmt.Fprintln(c.Out, b.String())
}
