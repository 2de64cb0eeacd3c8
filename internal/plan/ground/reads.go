package ground

import (
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/query"
)

// readsOf tells what most cells of a text column hold: a number ("14,505 ft"),
// a day ("May 24, 1936") or a duration ("1:31:33"); "" where they are words.
func readsOf(c *dataset.Column) query.As {
	if c.Type != dataset.Text || c.Role == dataset.Code {
		return ""
	}
	lex, err := words()
	if err != nil {
		return ""
	}
	var numbers, dates, lasts, all int
	for _, v := range c.Values[:min(len(c.Values), 200)] {
		if strings.Trim(v.Text, " -–—?") == "" {
			continue
		}
		all++
		switch {
		case strings.IndexFunc(v.Text, isDigit) < 0:
		case isDuration(v.Text):
			lasts++
		case holdsDay(lex, v.Text):
			dates++
		case holdsNumber(v.Text):
			numbers++
		}
	}
	switch {
	case all == 0:
		return ""
	case lasts*3 >= all*2:
		return query.AsDuration
	case dates*3 >= all*2:
		return query.AsDate
	case numbers*3 >= all*2:
		return query.AsNumber
	}
	return ""
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func isDuration(s string) bool {
	s = strings.TrimSpace(s)
	colon := strings.Count(s, ":")
	if colon == 0 || colon > 2 {
		return false
	}
	for _, r := range s {
		if !isDigit(r) && r != ':' && r != '.' && r != ',' && r != '+' && r != ' ' {
			return false
		}
	}
	return true
}

func holdsDay(lex lexicon, s string) bool {
	if strings.Count(s, "/") == 2 || len(s) == 10 && strings.Count(s, "-") == 2 {
		return true
	}
	for _, w := range strings.Fields(lang.Fold(s)) {
		if _, ok := lex.value(strings.TrimRight(w, "0123456789"), months); ok {
			return true
		}
	}
	return false
}

// holdsNumber tells whether a text is a number with little around it: a sign or
// a word before, a unit or a bracket after.
func holdsNumber(s string) bool {
	s, _, _ = strings.Cut(s, "\n")
	if strings.IndexFunc(s, isDigit) > 3 {
		return false
	}
	letters, runs, depth := 0, 0, 0
	last := ' '
	for _, r := range s {
		before := last
		last = r
		switch {
		case r == '(' || r == '[':
			depth++
		case r == ')' || r == ']':
			depth--
		case depth > 0:
		case isDigit(r):
			if !isDigit(before) && (before != ',' && before != '.' || runs == 0) {
				runs++
			}
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r > 0xbf:
			letters++
		}
	}
	return letters <= 6 && runs <= 1
}
