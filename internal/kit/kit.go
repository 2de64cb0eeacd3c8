// Package kit reads theme kits: folders of plain files that anyone may write
// for a channel, a meeting or a class. A kit names the figures to pin, questions
// to try, a quiz and words explained; it holds no figure itself: each is what its
// question answers today.
//
//	NAME/kit.toml        title, lead, figures, questions to try, what figures do not say
//	NAME/quiz.toml       questions with choices, held against the data
//	NAME/glossary.toml   words explained, each with its source
//	NAME/welcome.fr.md   what is posted with it, Markdown (and welcome.en.md)
//
// Only kit.toml must be there.
package kit

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/BurntSushi/toml"

	"cigogne/internal/dataset"
)

// Kit is a theme made ready for others.
type Kit struct {
	Name    string              `toml:"-"` // of its folder: lower-case letters, digits, hyphens
	Title   dataset.Bilingual   `toml:"title"`
	Lead    dataset.Bilingual   `toml:"lead"` // one sentence: what it is about
	Figures []Figure            `toml:"figure"`
	Try     []Try               `toml:"try"`
	Limits  []dataset.Bilingual `toml:"limit"` // what the figures do not say
	Quiz    []Quiz              `toml:"-"`
	Terms   []Term              `toml:"-"`
	Welcome dataset.Bilingual   `toml:"-"` // Markdown
}

// Figure is a figure to pin, as the questions that give it.
type Figure struct {
	Says     dataset.Bilingual `toml:"says"`     // what stands above it: "Habitants du Grand Est"
	Question dataset.Bilingual `toml:"question"` // gives one figure
	Trend    dataset.Bilingual `toml:"trend"`    // gives it year by year; may be empty
	Likes    dataset.Bilingual `toml:"likes"`    // sets it beside its likes; may be empty
}

// Try is a question worth asking, by what its answer shows.
type Try struct {
	Shows    Shows             `toml:"shows"`
	Question dataset.Bilingual `toml:"question"`
}

// Shows is what an answer shows.
type Shows string

// The closed list of what answers show.
const (
	ShowsFigure     Shows = "figure"
	ShowsEvolution  Shows = "evolution"
	ShowsComparison Shows = "comparison"
	ShowsRanking    Shows = "ranking"
	ShowsMap        Shows = "map"
)

// Shown are all of them, in the order that they are offered.
var Shown = []Shows{ShowsEvolution, ShowsComparison, ShowsRanking, ShowsMap, ShowsFigure}

// Quiz is a question with choices. Which is right is written down and held
// against what the data say.
type Quiz struct {
	Asks    dataset.Bilingual   `toml:"asks"` // to people
	Choices []dataset.Bilingual `toml:"choice"`
	Right   int                 `toml:"right"`   // of the choices, from 1
	Data    dataset.Bilingual   `toml:"data"`    // the question to the data that settles it
	Because dataset.Bilingual   `toml:"because"` // what there is to learn
}

// Term is a word explained.
type Term struct {
	Word   dataset.Bilingual `toml:"word"`
	Means  dataset.Bilingual `toml:"means"`
	Source string            `toml:"source"` // address of who says so
}

// Bounds on a kit: a page, a message and a check stay of a size to be read.
const (
	maxFile    = 256 << 10 // bytes
	maxList    = 24        // entries of a kind
	maxText    = 2000      // characters of a text
	maxTitle   = 80
	minChoices = 2
	maxChoices = 5
)

// Reason is why a kit cannot be used.
type Reason string

// The closed list of reasons; each has a sentence, "kit.REASON".
const (
	Unreadable Reason = "unreadable" // a file is no TOML, or not UTF-8
	Unknown    Reason = "unknown"    // a key that no kit has
	Missing    Reason = "missing"    // a key that must be there
	TooMuch    Reason = "too_much"   // over a bound
	NotShown   Reason = "not_shown"  // "shows" is not on the list
	NoChoice   Reason = "no_choice"  // "right" is none of the choices
	NotAddress Reason = "not_address"
	BadName    Reason = "bad_name" // the folder's
	NoKit      Reason = "no_kit"   // no kit.toml there
)

// Error says what is wrong in a kit, and where.
type Error struct {
	Reason Reason
	File   string
	Key    string // "figure 2: question"; "" where it is the file
	Err    error  // what lies behind, or nil
}

func (e *Error) Error() string {
	return strings.TrimSpace(fmt.Sprintf("kit: %s: %s %s", e.File, e.Reason, e.Key))
}

// Unwrap returns what lies behind.
func (e *Error) Unwrap() error { return e.Err }

var folderName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// Read reads the kit in a folder. Errors are *Error where the kit is at fault.
func Read(folder fs.FS, name string) (*Kit, error) {
	if !folderName.MatchString(name) {
		return nil, &Error{Reason: BadName, File: name}
	}
	k := &Kit{Name: name}
	if err := decode(folder, "kit.toml", k); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, &Error{Reason: NoKit, File: name, Err: err}
		}
		return nil, err
	}
	var quiz struct{ Quiz []Quiz }
	var glossary struct{ Term []Term }
	for file, into := range map[string]any{"quiz.toml": &quiz, "glossary.toml": &glossary} {
		if err := decode(folder, file, into); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	k.Quiz, k.Terms = quiz.Quiz, glossary.Term
	for file, into := range map[string]*string{"welcome.fr.md": &k.Welcome.FR, "welcome.en.md": &k.Welcome.EN} {
		b, err := content(folder, file)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		*into = strings.TrimSpace(string(b))
	}
	return k, k.faults()
}

// All reads every kit of a folder of kits, by name. A kit that cannot be used is
// left out, and its error joined to the others'.
func All(root fs.FS) (kits []*Kit, err error) {
	entries, failed := fs.ReadDir(root, ".")
	if failed != nil {
		return nil, failed
	}
	for _, e := range entries {
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		folder, failed := fs.Sub(root, e.Name())
		if failed == nil {
			var k *Kit
			if k, failed = Read(folder, e.Name()); failed == nil {
				kits = append(kits, k)
			}
		}
		err = errors.Join(err, failed)
	}
	return kits, err
}

func content(folder fs.FS, file string) ([]byte, error) {
	info, err := fs.Stat(folder, file)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxFile {
		return nil, &Error{Reason: TooMuch, File: file}
	}
	b, err := fs.ReadFile(folder, file)
	if err == nil && !utf8.Valid(b) {
		return nil, &Error{Reason: Unreadable, File: file}
	}
	return b, err
}

func decode(folder fs.FS, file string, into any) error {
	b, err := content(folder, file)
	if err != nil {
		return err
	}
	meta, err := toml.Decode(string(b), into)
	var wrong toml.ParseError
	switch {
	case errors.As(err, &wrong):
		return &Error{Reason: Unreadable, File: file, Key: fmt.Sprintf("%d", wrong.Position.Line), Err: err}
	case err != nil:
		return &Error{Reason: Unreadable, File: file, Err: err}
	case len(meta.Undecoded()) > 0:
		return &Error{Reason: Unknown, File: file, Key: meta.Undecoded()[0].String()}
	}
	return nil
}

// faults is the first thing that keeps a kit from being used.
func (k *Kit) faults() error {
	c := &checker{file: "kit.toml"}
	k.checkPage(c)
	c.file = "quiz.toml"
	k.checkQuiz(c)
	c.file = "glossary.toml"
	k.checkTerms(c)
	c.file = "welcome.fr.md"
	c.may("", k.Welcome, maxText)
	if c.err != nil { // not a nil *Error in an error
		return c.err
	}
	return nil
}

func (k *Kit) checkPage(c *checker) {
	c.need("title", k.Title, maxTitle)
	c.need("lead", k.Lead, maxText)
	c.list("figure", len(k.Figures))
	for i, f := range k.Figures {
		c.need(at("figure", i, "says"), f.Says, maxTitle)
		c.need(at("figure", i, "question"), f.Question, maxText)
		c.may(at("figure", i, "trend"), f.Trend, maxText)
		c.may(at("figure", i, "likes"), f.Likes, maxText)
	}
	c.list("try", len(k.Try))
	for i, t := range k.Try {
		c.need(at("try", i, "question"), t.Question, maxText)
		if !slices.Contains(Shown, t.Shows) {
			c.fail(NotShown, at("try", i, "shows"))
		}
	}
	c.list("limit", len(k.Limits))
	for i, l := range k.Limits {
		c.need(at("limit", i, "fr"), l, maxText)
	}
	if len(k.Figures)+len(k.Try) == 0 {
		c.fail(Missing, "figure")
	}
}

func (k *Kit) checkQuiz(c *checker) {
	c.list("quiz", len(k.Quiz))
	for i, q := range k.Quiz {
		c.need(at("quiz", i, "asks"), q.Asks, maxText)
		c.need(at("quiz", i, "data"), q.Data, maxText)
		c.may(at("quiz", i, "because"), q.Because, maxText)
		switch {
		case len(q.Choices) < minChoices:
			c.fail(Missing, at("quiz", i, "choice"))
		case len(q.Choices) > maxChoices:
			c.fail(TooMuch, at("quiz", i, "choice"))
		case q.Right < 1 || q.Right > len(q.Choices):
			c.fail(NoChoice, at("quiz", i, "right"))
		}
		for _, x := range q.Choices {
			c.need(at("quiz", i, "choice"), x, maxTitle)
		}
	}
}

func (k *Kit) checkTerms(c *checker) {
	c.list("term", len(k.Terms))
	for i, t := range k.Terms {
		c.need(at("term", i, "word"), t.Word, maxTitle)
		c.need(at("term", i, "means"), t.Means, maxText)
		if u, err := url.Parse(t.Source); t.Source != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
			c.fail(NotAddress, at("term", i, "source"))
		}
	}
}

// checker notes the first fault of a file.
type checker struct {
	file string
	err  *Error
}

func at(list string, i int, key string) string { return fmt.Sprintf("%s %d: %s", list, i+1, key) }

func (c *checker) fail(r Reason, key string) {
	if c.err == nil {
		c.err = &Error{Reason: r, File: c.file, Key: key}
	}
}

func (c *checker) list(key string, n int) {
	if n > maxList {
		c.fail(TooMuch, key)
	}
}

// need wants a text in one language at least.
func (c *checker) need(key string, b dataset.Bilingual, most int) {
	if strings.TrimSpace(b.FR) == "" && strings.TrimSpace(b.EN) == "" {
		c.fail(Missing, key)
	}
	c.may(key, b, most)
}

func (c *checker) may(key string, b dataset.Bilingual, most int) {
	if utf8.RuneCountInString(b.FR) > most || utf8.RuneCountInString(b.EN) > most {
		c.fail(TooMuch, key)
	}
}

// FolderName is the name that a kit in this folder of the file system bears.
func FolderName(dir string) string {
	return strings.ToLower(path.Base(strings.ReplaceAll(dir, "\\", "/")))
}
