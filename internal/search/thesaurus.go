package search

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed thesaurus.txt
var thesaurusText string

// expansion is another way to say what a question says.
type expansion struct {
	stems []string
	text  string // as written in the thesaurus
}

// thesaurus gives, for a run of stems ("valeur foncier"), what else to look for.
type thesaurus struct {
	entries map[string][]expansion
	longest int // stems in the longest key
}

// builtinThesaurus reads the thesaurus that ships in the binary, once.
var builtinThesaurus = sync.OnceValue(func() *thesaurus { return parseThesaurus(thesaurusText) })

// parseThesaurus reads the format that the head of thesaurus.txt describes.
// Lines that say nothing are passed over.
func parseThesaurus(text string) *thesaurus {
	t := &thesaurus{entries: map[string][]expansion{}}
	var s stemmer
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "#") {
			continue
		}
		if left, right, ok := strings.Cut(line, " = "); ok {
			all := append(s.phrases(left), s.phrases(right)...)
			for i, from := range all {
				for j, to := range all {
					if i != j {
						t.add(from, to)
					}
				}
			}
		} else if left, right, ok := strings.Cut(line, " > "); ok {
			to := s.phrases(right)
			for _, from := range s.phrases(left) {
				for _, e := range to {
					t.add(from, e)
				}
			}
		}
	}
	return t
}

func (s *stemmer) phrases(list string) []expansion {
	var out []expansion
	for p := range strings.SplitSeq(list, ";") {
		if ts := s.tokens(p); len(ts) > 0 {
			out = append(out, expansion{stems(ts), strings.TrimSpace(p)})
		}
	}
	return out
}

func (t *thesaurus) add(from, to expansion) {
	key := strings.Join(from.stems, " ")
	if key == strings.Join(to.stems, " ") {
		return
	}
	for _, e := range t.entries[key] {
		if strings.Join(e.stems, " ") == strings.Join(to.stems, " ") {
			return
		}
	}
	t.entries[key] = append(t.entries[key], to)
	t.longest = max(t.longest, len(from.stems))
}

// at returns the longest key that stands at the start of stems, with its
// length in stems; 0 where none does.
func (t *thesaurus) at(stems []string) (int, []expansion) {
	for n := min(t.longest, len(stems)); n > 0; n-- {
		if e := t.entries[strings.Join(stems[:n], " ")]; e != nil {
			return n, e
		}
	}
	return 0, nil
}
