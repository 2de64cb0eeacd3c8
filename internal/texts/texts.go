// Package texts holds every sentence that people read, as message files: a
// folder a language, a file a room of the house, a line a message. A key is the
// file's name and the message's, "cli.no_file". A message names what stands in
// it, "Le fichier {path} n'existe pas.", and may have plural forms by CLDR's
// rules, chosen by the argument n.
//
// Another language is another folder: see docs/languages.md. What it
// lacks is said in French.
package texts

import (
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
	"golang.org/x/text/language"

	"cigogne/internal/lang"
)

//go:embed */*.toml
var files embed.FS

// count is the argument that chooses a plural form.
const count = "n"

// Say returns the message of a key in a language. args are names and values in
// turn. The count n is written as the language groups its digits; any other
// value as it is, for it may be a year. A key that there is not is returned
// itself: a test looks at each key in the code.
func Say(l lang.Lang, key string, args ...any) string {
	room, name, _ := strings.Cut(key, ".")
	localizer := open(l, room)
	if localizer == nil {
		return key
	}
	config := i18n.LocalizeConfig{MessageID: name, TemplateParser: braces{}}
	if len(args) > 0 {
		values := make(map[string]string, len(args)/2)
		for i := 0; i+1 < len(args); i += 2 {
			arg := fmt.Sprint(args[i])
			values[arg] = fmt.Sprint(args[i+1])
			if n, whole := wholeNumber(args[i+1]); whole && arg == count {
				config.PluralCount, values[arg] = n, grouped(l, n)
			}
		}
		config.TemplateData = values
	}
	// An error beside a text says that the form for a count is not there, as
	// "many" for a million in French: the text is the form "other" then.
	text, err := localizer.Localize(&config)
	if text == "" && err != nil {
		if l != lang.Spoken[0] {
			return Say(lang.Spoken[0], key, args...)
		}
		return key
	}
	return text
}

// SayOr is Say, with what stands where there is no such message: what a portal
// wrote, mostly, for which there is none of ours.
func SayOr(l lang.Lang, key, otherwise string, args ...any) string {
	if text := Say(l, key, args...); text != key {
		return text
	}
	return otherwise
}

func wholeNumber(v any) (int64, bool) {
	switch x := v.(type) {
	case int:
		return int64(x), true
	case int64:
		return x, true
	case int32:
		return int64(x), true
	}
	return 0, false
}

// exact is the largest number up to which every whole number is a float64.
const exact = 1 << 53

func grouped(l lang.Lang, n int64) string {
	if n > exact || n < -exact {
		return strconv.FormatInt(n, 10)
	}
	return lang.FormatNumber(float64(n), 0, l)
}

// Languages are those that there are message files of.
func Languages() []lang.Lang {
	folders, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil // an embedded folder is always read
	}
	var all []lang.Lang
	for _, f := range folders {
		all = append(all, lang.Lang(f.Name()))
	}
	return all
}

// localizers are read as they are needed, a file at a time: a command says few
// of all the sentences.
var localizers sync.Map // of "fr/cli" to func() *i18n.Localizer

func open(l lang.Lang, room string) *i18n.Localizer {
	path := string(l) + "/" + room
	load, known := localizers.Load(path)
	if !known {
		load, _ = localizers.LoadOrStore(path, sync.OnceValue(func() *i18n.Localizer {
			if ours := read(l, path+".toml"); ours != nil || l == lang.Spoken[0] {
				return ours
			}
			return open(lang.Spoken[0], room)
		}))
	}
	return load.(func() *i18n.Localizer)()
}

// read reads a message file; nil where there is none, or it cannot be read.
func read(l lang.Lang, path string) *i18n.Localizer {
	b, err := files.ReadFile(path)
	if err != nil {
		return nil
	}
	tag := language.Make(string(l))
	bundle := i18n.NewBundle(tag)
	if _, err := bundle.ParseMessageBytes(tag, b, toml.Unmarshal); err != nil {
		return nil
	}
	return i18n.NewLocalizer(bundle, string(l))
}

// braces is the syntax of messages: {name} stands for an argument, and {{ for a
// brace. Nothing else is read, so that a message file holds no program.
type braces struct{}

// Cacheable implements template.Parser.
func (braces) Cacheable() bool { return true }

// Parse implements template.Parser.
func (braces) Parse(src, _, _ string) (template.ParsedTemplate, error) {
	pieces, err := cut(src)
	return pieces, err
}

// piece is literal text, or the name of an argument.
type piece struct {
	text     string
	argument bool
}

type pieces []piece

// cut reads a message into its pieces.
func cut(src string) (pieces, error) {
	var out pieces
	for src != "" {
		at := strings.IndexByte(src, '{')
		if at < 0 {
			return append(out, piece{text: src}), nil
		}
		if strings.HasPrefix(src[at:], "{{") {
			out, src = append(out, piece{text: src[:at+1]}), src[at+2:]
			continue
		}
		end := strings.IndexByte(src[at:], '}')
		if end < 0 {
			return nil, fmt.Errorf("message %q: a brace is not closed", src)
		}
		out = append(out, piece{text: src[:at]}, piece{text: src[at+1 : at+end], argument: true})
		src = src[at+end+1:]
	}
	return out, nil
}

// Execute implements template.ParsedTemplate.
func (ps pieces) Execute(data any) (string, error) {
	values, _ := data.(map[string]string)
	var b strings.Builder
	for _, p := range ps {
		if !p.argument {
			b.WriteString(p.text)
			continue
		}
		v, given := values[p.text]
		if !given {
			return "", fmt.Errorf("message argument %q is not given", p.text)
		}
		b.WriteString(v)
	}
	return b.String(), nil
}
