package dcat

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// parseTurtle reads Turtle, and N-Triples, which is a part of it. What follows a
// statement that cannot be read is read again from the next full stop at the
// end of a line: one portal's slip does not cost its catalogue.
func parseTurtle(s string) (*graph, error) {
	p := &turtle{in: s, g: newGraph(), prefixes: map[string]string{}}
	var first error
	for p.space(); p.pos < len(p.in); p.space() {
		start := p.pos
		if err := p.statement(); err != nil {
			if first == nil {
				first = err
			}
			i := strings.Index(p.in[start:], ".\n")
			if i < 0 {
				break
			}
			p.pos, p.depth = start+i+2, 0
		}
		if len(p.g.order) > maxNodes {
			return nil, errTooLong
		}
	}
	if len(p.g.order) == 0 {
		if first == nil {
			first = errNoRDF
		}
		return nil, first
	}
	return p.g, nil
}

// turtle is a reader of one document.
type turtle struct {
	in       string
	pos      int
	g        *graph
	prefixes map[string]string
	base     string
	depth    int
}

// maxNesting bounds how deep nodes may stand in one another.
const maxNesting = 100

var (
	errNesting = errors.New("a Turtle text nested too deep")
	errEnd     = errors.New("a Turtle text that ends in the middle of a statement")
)

func (p *turtle) space() {
	for p.pos < len(p.in) {
		switch c := p.in[p.pos]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			p.pos++
		case c == '#':
			i := strings.IndexByte(p.in[p.pos:], '\n')
			if i < 0 {
				p.pos = len(p.in)
				return
			}
			p.pos += i + 1
		default:
			return
		}
	}
}

func (p *turtle) peek() byte {
	if p.space(); p.pos < len(p.in) {
		return p.in[p.pos]
	}
	return 0
}

func (p *turtle) take(c byte) bool {
	if p.peek() == c {
		p.pos++
		return true
	}
	return false
}

func (p *turtle) fail(what string) error {
	if p.pos >= len(p.in) {
		return errEnd
	}
	return fmt.Errorf("in Turtle, at byte %d: %s expected", p.pos, what)
}

// word takes a keyword, without regard to case.
func (p *turtle) word(w string) bool {
	p.space()
	if end := p.pos + len(w); end < len(p.in) && strings.EqualFold(p.in[p.pos:end], w) && strings.IndexByte(" \t\r\n<", p.in[end]) >= 0 {
		p.pos = end
		return true
	}
	return false
}

func (p *turtle) statement() error {
	switch {
	case p.word("@prefix"), p.word("prefix"):
		p.space()
		i := strings.IndexByte(p.in[p.pos:], ':')
		if i < 0 {
			return p.fail("a prefix")
		}
		name := strings.TrimSpace(p.in[p.pos : p.pos+i])
		p.pos += i + 1
		iri, err := p.iri()
		if err != nil {
			return err
		}
		p.prefixes[name] = iri
		p.take('.')
		return nil
	case p.word("@base"), p.word("base"):
		iri, err := p.iri()
		p.base = iri
		p.take('.')
		return err
	}
	subject, err := p.object()
	if err != nil {
		return err
	}
	if p.peek() != '.' { // "[ … ] ." says all there is to say
		if err := p.properties(p.g.at(subject.value)); err != nil {
			return err
		}
	}
	if !p.take('.') {
		return p.fail("a full stop")
	}
	return nil
}

// properties reads predicates and their objects up to what ends them.
func (p *turtle) properties(n *node) error {
	for {
		for p.take(';') {
		}
		switch p.peek() {
		case '.', ']', 0:
			return nil
		}
		predicate, err := p.object()
		if err != nil {
			return err
		}
		name := local(predicate.value)
		if predicate.value == "a" {
			name = "type"
		}
		for {
			if p.peek() == '(' { // a list says what its members would, one by one
				all, err := p.collection()
				if err != nil {
					return err
				}
				for _, o := range all {
					n.add(name, o)
				}
			} else {
				o, err := p.object()
				if err != nil {
					return err
				}
				n.add(name, o)
			}
			if !p.take(',') {
				break
			}
		}
		if p.peek() != ';' {
			return nil
		}
	}
}

// object reads a term: of any kind, whichever place it stands in.
func (p *turtle) object() (term, error) {
	switch c := p.peek(); {
	case c == '<':
		iri, err := p.iri()
		return term{value: iri, node: true}, err
	case c == '[':
		p.pos++
		if p.depth++; p.depth > maxNesting {
			return term{}, errNesting
		}
		n := p.g.at("")
		if err := p.properties(n); err != nil {
			return term{}, err
		}
		p.depth--
		if !p.take(']') {
			return term{}, p.fail("]")
		}
		return term{value: n.id, node: true}, nil
	case c == '(':
		all, err := p.collection()
		if err != nil || len(all) == 0 {
			return term{}, err
		}
		return all[0], nil
	case c == '"' || c == '\'':
		return p.literal(c)
	case c == 0:
		return term{}, errEnd
	}
	return p.name()
}

// collection reads a list.
func (p *turtle) collection() (all []term, err error) {
	p.pos++
	if p.depth++; p.depth > maxNesting {
		return nil, errNesting
	}
	for !p.take(')') {
		t, err := p.object()
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	p.depth--
	return all, nil
}

func (p *turtle) iri() (string, error) {
	if !p.take('<') {
		return "", p.fail("an address in <>")
	}
	i := strings.IndexAny(p.in[p.pos:], ">\n")
	if i < 0 || p.in[p.pos+i] != '>' {
		return "", p.fail("the end of an address")
	}
	s := unescape(p.in[p.pos : p.pos+i])
	p.pos += i + 1
	if p.base != "" && !strings.Contains(s, ":") {
		s = p.base + s
	}
	return s, nil
}

// name reads a prefixed name, a blank node, a number, true, false or "a".
func (p *turtle) name() (term, error) {
	start := p.pos
	for p.pos < len(p.in) {
		c := p.in[p.pos]
		if c == '\\' && p.pos+1 < len(p.in) {
			p.pos += 2
			continue
		}
		if strings.IndexByte(" \t\r\n;,()[]<>\"'", c) >= 0 {
			break
		}
		p.pos++
	}
	p.pos = min(p.pos, len(p.in))
	s := p.in[start:p.pos]
	for strings.HasSuffix(s, ".") { // the stop that ends the statement
		s = s[:len(s)-1]
		p.pos--
	}
	if s == "" {
		return term{}, p.fail("a name")
	}
	prefix, rest, ok := strings.Cut(s, ":")
	switch {
	case prefix == "_" && ok:
		return term{value: s, node: true}, nil
	case ok:
		if ns, known := p.prefixes[prefix]; known {
			return term{value: ns + strings.ReplaceAll(rest, "\\", ""), node: true}, nil
		}
		return term{value: s, node: true}, nil
	}
	return term{value: s, node: s == "a"}, nil
}

// literal reads a text, with its language or type.
func (p *turtle) literal(quote byte) (term, error) {
	text, err := p.quoted(quote)
	if err != nil {
		return term{}, err
	}
	t := term{value: unescape(text)}
	switch {
	case p.pos < len(p.in) && p.in[p.pos] == '@':
		p.pos++
		at := p.pos
		for p.pos < len(p.in) && inTag(p.in[p.pos]) {
			p.pos++
		}
		t.lang = p.in[at:p.pos]
	case strings.HasPrefix(p.in[p.pos:], "^^"):
		p.pos += 2
		if _, err := p.object(); err != nil {
			return term{}, err
		}
	}
	return t, nil
}

// inTag tells whether a language's tag may hold a byte.
func inTag(c byte) bool {
	return c == '-' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}

// quoted reads a text up to the quote, or the three, that ends it, and past that.
func (p *turtle) quoted(quote byte) (string, error) {
	mark := string(quote)
	if long := strings.Repeat(mark, 3); strings.HasPrefix(p.in[p.pos:], long) {
		mark = long
	}
	p.pos += len(mark)
	start := p.pos
	for {
		switch {
		case p.pos >= len(p.in):
			return "", errEnd
		case p.in[p.pos] == '\\':
			p.pos += 2
		case strings.HasPrefix(p.in[p.pos:], mark):
			for len(mark) == 3 && p.pos+3 < len(p.in) && p.in[p.pos+3] == quote { // """a quote at the end""""
				p.pos++
			}
			text := p.in[start:p.pos]
			p.pos += len(mark)
			return text, nil
		case len(mark) == 1 && p.in[p.pos] == '\n':
			return "", p.fail("the end of a text")
		default:
			p.pos++
		}
	}
}

var escapes = map[byte]string{'t': "\t", 'b': "\b", 'n': "\n", 'r': "\r", 'f': "\f", '"': `"`, '\'': "'", '\\': `\`}

func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		if e, ok := escapes[s[i]]; ok {
			b.WriteString(e)
			continue
		}
		digits := map[byte]int{'u': 4, 'U': 8}[s[i]]
		if n, err := strconv.ParseUint(s[i+1:min(i+1+digits, len(s))], 16, 32); digits > 0 && err == nil && utf8.ValidRune(rune(n)) {
			b.WriteRune(rune(n))
			i += digits
		}
	}
	return b.String()
}
