// Package xmltree reads XML as a tree in which elements are found by their
// local names, whatever namespaces and prefixes a server gives them.
package xmltree

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"golang.org/x/net/html/charset"
)

// Node is an element.
type Node struct {
	Space, Name string // namespace (its prefix, where it is not declared) and local name
	Attrs       []xml.Attr
	Nodes       []*Node
	Chars       string // the text directly in it
}

// Bounds on a document: no record is as deep, no answer as long.
const (
	maxDepth = 200
	maxNodes = 2_000_000
)

var errTooDeep = errors.New("XML too deep or too long")

// Parse reads a document. Entities that it declares are left out: nothing is
// fetched, nothing expands. A character that XML forbids is left out too.
func Parse(b []byte) (*Node, error) {
	n, err := parse(b)
	var syntax *xml.SyntaxError
	if err != nil && (errors.As(err, &syntax) || bytes.Contains(b[:min(len(b), 100)], []byte(`version="1.1"`))) {
		if again, err := parse(allowed(b)); err == nil {
			return again, nil
		}
	}
	return n, err
}

func parse(b []byte) (*Node, error) {
	dec := xml.NewDecoder(bytes.NewReader(b))
	dec.Strict = false
	dec.Entity = xml.HTMLEntity
	dec.CharsetReader = func(label string, in io.Reader) (io.Reader, error) { return charset.NewReaderLabel(label, in) }
	root := &Node{}
	stack := []*Node{root}
	count := 0
	for {
		t, err := dec.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read XML: %w", err)
		}
		top := stack[len(stack)-1]
		switch t := t.(type) {
		case xml.StartElement:
			if count++; count > maxNodes || len(stack) > maxDepth {
				return nil, errTooDeep
			}
			n := &Node{Space: t.Name.Space, Name: t.Name.Local, Attrs: t.Copy().Attr}
			top.Nodes = append(top.Nodes, n)
			stack = append(stack, n)
		case xml.EndElement:
			if len(stack) > 1 {
				stack = stack[:len(stack)-1]
			}
		case xml.CharData:
			top.Chars += string(t)
		}
	}
	if len(root.Nodes) == 0 {
		return nil, errors.New("no XML")
	}
	return root.Nodes[0], nil
}

var (
	version   = regexp.MustCompile(`^(\s*<\?xml[^>]*version=["'])1\.1`)
	reference = regexp.MustCompile(`&#(?:x0*(?:[0-8bcef]|1[0-9a-f]|fff[ef])|0*(?:[0-8]|1[124-9]|2[0-9]|3[01]));`)
)

// allowed is a document in UTF-8 without what XML 1.0 forbids: control characters,
// references to them, the version 1.1.
func allowed(b []byte) []byte {
	b = UTF8(b)
	b = bytes.ToValidUTF8(b, []byte("\ufffd"))
	b = bytes.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, b)
	b = reference.ReplaceAll(b, nil)
	return version.ReplaceAll(b, []byte("${1}1.0"))
}

var declared = regexp.MustCompile(`^\s*<\?xml[^>]*?(\s+encoding=["']([\w.-]+)["'])[^>]*\?>`)

// UTF8 is a document in UTF-8, from whichever encoding it declares or its first
// bytes tell; pieces of it can then be cut out.
func UTF8(b []byte) []byte {
	label, at := "", declared.FindSubmatchIndex(b)
	if at != nil {
		label = string(b[at[4]:at[5]])
	} else if len(b) > 1 && (b[0] == 0xff && b[1] == 0xfe || b[0] == 0xfe && b[1] == 0xff) {
		label = "utf-16"
	}
	if label == "" || strings.EqualFold(label, "utf-8") || strings.EqualFold(label, "utf8") {
		return bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	}
	in, err := charset.NewReaderLabel(label, bytes.NewReader(b))
	if err != nil {
		return b
	}
	out, err := io.ReadAll(in)
	if err != nil {
		return b
	}
	out = bytes.TrimPrefix(out, []byte("\ufeff"))
	if at = declared.FindSubmatchIndex(out); at != nil {
		out = append(bytes.Clone(out[:at[2]]), out[at[3]:]...)
	}
	return out
}

// Child is the first child of the name; nil where there is none. A nil Node has
// no children and no text.
func (n *Node) Child(name string) *Node {
	if n != nil {
		for _, c := range n.Nodes {
			if c.Name == name {
				return c
			}
		}
	}
	return nil
}

// Children are the children of the name.
func (n *Node) Children(name string) []*Node {
	var out []*Node
	if n != nil {
		for _, c := range n.Nodes {
			if c.Name == name {
				out = append(out, c)
			}
		}
	}
	return out
}

// At follows names down: the first of each.
func (n *Node) At(names ...string) *Node {
	for _, name := range names {
		n = n.Child(name)
	}
	return n
}

// All lists the descendants of the name, in the order of the document; those
// within another of the name too.
func (n *Node) All(name string) []*Node {
	var out []*Node
	n.Walk(func(c *Node) bool {
		if c.Name == name {
			out = append(out, c)
		}
		return true
	})
	return out
}

// First is the first descendant of the name, nil where there is none.
func (n *Node) First(name string) *Node {
	var found *Node
	n.Walk(func(c *Node) bool {
		if found == nil && c.Name == name {
			found = c
		}
		return found == nil
	})
	return found
}

// Walk calls f for each descendant; f tells whether to go into it.
func (n *Node) Walk(f func(*Node) bool) {
	if n == nil {
		return
	}
	for _, c := range n.Nodes {
		if f(c) {
			c.Walk(f)
		}
	}
}

// Attr is the value of an attribute, by its local name.
func (n *Node) Attr(name string) string {
	if n != nil {
		for _, a := range n.Attrs {
			if a.Name.Local == name {
				return strings.TrimSpace(a.Value)
			}
		}
	}
	return ""
}

// Text is all text in an element, trimmed.
func (n *Node) Text() string {
	if n == nil {
		return ""
	}
	if len(n.Nodes) == 0 {
		return strings.TrimSpace(n.Chars)
	}
	var b strings.Builder
	b.WriteString(n.Chars)
	for _, c := range n.Nodes {
		b.WriteString(c.Text())
	}
	return strings.TrimSpace(b.String())
}

// Has tells whether a document says a word in its first bytes, whichever way it is encoded.
func Has(b []byte, words ...string) bool {
	head := b[:min(len(b), 4096)]
	for _, w := range words {
		if bytes.Contains(head, []byte(w)) {
			return true
		}
	}
	return false
}
