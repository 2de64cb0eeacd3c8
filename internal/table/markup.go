package table

import (
	"bufio"
	"bytes"
	"html"
	"io"
	"strings"
)

// markup reads XML a token at a time, as spreadsheets write it: without
// document types of its own and without checking what it does not need. It is
// several times faster than encoding/xml, which allocates every attribute.
type markup struct {
	r      *bufio.Reader
	long   []byte // a token longer than the reader's buffer
	inside bool   // a "<" was read
	ends   bool   // the element just opened closes itself
	name   markupName
	last   token // the one read last
}

// tokenKind is what a token of markup is.
type tokenKind uint8

const (
	opens  tokenKind = iota // <x …>
	closes                  // </x>
	text                    // between tags
)

type markupName struct{ space, local string }

// token is a piece of markup; its bytes are valid until the next one is read.
type token struct {
	kind  tokenKind
	name  markupName
	attrs []byte // of what opens, as written
	text  []byte // as written
}

func newMarkup(r io.Reader) *markup { return &markup{r: bufio.NewReaderSize(r, 64<<10)} }

// next returns the next token; an element that closes itself opens and closes.
func (m *markup) next() (*token, error) {
	if m.ends {
		m.ends = false
		return m.give(token{kind: closes, name: m.name})
	}
	for {
		if !m.inside {
			b, err := m.until('<')
			if err != nil && (err != io.EOF || len(bytes.TrimSpace(b)) == 0) {
				return nil, err
			}
			m.inside = err == nil
			if len(b) > 0 {
				return m.give(token{kind: text, text: b})
			}
		}
		m.inside = false
		b, err := m.tag()
		if err != nil {
			return nil, err
		}
		if t, err := m.tagged(b); t != nil || err != nil {
			return t, err
		}
	}
}

// tag reads up to a ">", which has to come.
func (m *markup) tag() ([]byte, error) {
	b, err := m.until('>')
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return b, err
}

// tagged is the token a tag stands for; nil for a comment or a declaration.
func (m *markup) tagged(b []byte) (t *token, err error) {
	switch {
	case bytes.HasPrefix(b, []byte("![CDATA[")):
		if b, err = m.upTo(b[len("![CDATA["):], "]]"); err != nil {
			return nil, err
		}
		return m.give(token{kind: text, text: bytes.ReplaceAll(b, []byte("&"), []byte("&amp;"))})
	case bytes.HasPrefix(b, []byte("!--")):
		_, err = m.upTo(b[len("!--"):], "--")
		return nil, err
	case len(b) == 0 || b[0] == '?' || b[0] == '!':
		return nil, nil
	case b[0] == '/':
		m.name = nameOf(bytes.TrimSpace(b[1:]))
		return m.give(token{kind: closes, name: m.name})
	}
	return m.open(b)
}

// give keeps a token until the next is read: copies of it would cost more than
// reading it.
func (m *markup) give(t token) (*token, error) {
	m.last = t
	return &m.last, nil
}

// open reads the tag that opens an element; a ">" may stand in its attributes.
func (m *markup) open(b []byte) (t *token, err error) {
	for inQuotes(b) {
		if b, err = m.further(b); err != nil {
			return nil, err
		}
	}
	if n := len(b); n > 0 && b[n-1] == '/' {
		m.ends, b = true, b[:n-1]
	}
	at := 0
	for at < len(b) && b[at] > ' ' {
		at++
	}
	m.name = nameOf(b[:at])
	return m.give(token{kind: opens, name: m.name, attrs: b[at:]})
}

// inQuotes tells whether a tag breaks off inside an attribute's value.
func inQuotes(b []byte) bool {
	var quote byte
	for _, c := range b {
		switch {
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case c == quote:
			quote = 0
		}
	}
	return quote != 0
}

// until reads up to a byte, which is left out; io.EOF comes with what there is
// before the end.
func (m *markup) until(end byte) ([]byte, error) {
	b, err := m.r.ReadSlice(end)
	if err == bufio.ErrBufferFull {
		m.long = append(m.long[:0], b...)
		for err == bufio.ErrBufferFull {
			if len(m.long) > maxRecord {
				return nil, refuse(TooLarge, "cell", nil)
			}
			b, err = m.r.ReadSlice(end)
			m.long = append(m.long, b...)
		}
		b = m.long
	}
	if err != nil {
		return b, err
	}
	return b[:len(b)-1], nil
}

// further reads on from b, whose ">" closed nothing, to the next.
func (m *markup) further(b []byte) ([]byte, error) {
	b = append(append([]byte(nil), b...), '>')
	more, err := m.tag()
	if err != nil {
		return nil, err
	}
	if b = append(b, more...); len(b) > maxRecord {
		return nil, refuse(TooLarge, "cell", nil)
	}
	return b, nil
}

// upTo reads on from b to what closes a comment or a section, before its ">".
func (m *markup) upTo(b []byte, end string) (_ []byte, err error) {
	for !bytes.HasSuffix(b, []byte(end)) {
		if b, err = m.further(b); err != nil {
			return nil, err
		}
	}
	return b[:len(b)-len(end)], nil
}

func nameOf(b []byte) markupName {
	space, local, found := bytes.Cut(b, []byte{':'})
	if !found {
		space, local = nil, b
	}
	return markupName{intern(space), intern(local)}
}

// intern is b as a text, made anew only where it is not one of the names that
// every cell has.
func intern(b []byte) string {
	switch string(b) {
	case "c":
		return "c"
	case "v":
		return "v"
	case "f":
		return "f"
	case "t":
		return "t"
	case "is":
		return "is"
	case "row":
		return "row"
	case "si":
		return "si"
	case "r":
		return "r"
	case "p":
		return "p"
	case "text":
		return "text"
	case "table":
		return "table"
	case "table-row":
		return "table-row"
	case "table-cell":
		return "table-cell"
	case "covered-table-cell":
		return "covered-table-cell"
	}
	return string(b)
}

// attr is the value of an attribute, by its local name; "" where there is none.
func (t *token) attr(local string) string {
	for rest := t.attrs; ; {
		name, value, more, ok := cutAttr(rest)
		if !ok {
			return ""
		}
		if i := bytes.IndexByte(name, ':'); string(name[i+1:]) == local {
			return unescapeMarkup(value)
		}
		rest = more
	}
}

// find is the value of the first attribute whose name fits.
func (t *token) find(fits func(markupName) bool) (string, bool) {
	for rest := t.attrs; ; {
		name, value, more, ok := cutAttr(rest)
		if !ok {
			return "", false
		}
		if fits(nameOf(name)) {
			return unescapeMarkup(value), true
		}
		rest = more
	}
}

// cutAttr cuts the first attribute off; ok is false where there is none.
func cutAttr(b []byte) (name, value, rest []byte, ok bool) {
	eq := bytes.IndexByte(b, '=')
	if eq < 0 {
		return nil, nil, nil, false
	}
	name = bytes.TrimSpace(b[:eq])
	b = bytes.TrimLeft(b[eq+1:], " \t\r\n")
	if len(b) == 0 || b[0] != '"' && b[0] != '\'' {
		return nil, nil, nil, false
	}
	end := bytes.IndexByte(b[1:], b[0])
	if end < 0 {
		return nil, nil, nil, false
	}
	return name, b[1 : end+1], b[end+2:], true
}

// unescapeMarkup reads text as written in XML.
func unescapeMarkup(b []byte) string {
	s := string(b)
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	if strings.IndexByte(s, '&') < 0 {
		return s
	}
	return html.UnescapeString(s)
}
