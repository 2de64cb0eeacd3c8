package dcat

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cigogne/internal/harvest"
	"cigogne/internal/harvest/xmltree"
)

// term is a value: the name of a node, or a text.
type term struct {
	value string
	lang  string
	node  bool // it names a node of the graph or of the web
	maybe bool // it may, as JSON without its context has it
}

// node is what a graph says of one thing. Predicates go by their local names
// ("title" for dct:title): portals mix up the vocabularies, never the words.
type node struct {
	id    string
	props map[string][]term
}

// graph holds nodes in the order they are met.
type graph struct {
	order []*node
	byID  map[string]*node
	blank int
	means map[string]string // the word that a key stands for, as a context within a JSON document says

	records map[string]*node // of the catalogue, by what they are about; made when first asked for
}

// maxNodes bounds a document.
const maxNodes = 3_000_000

var errTooLong = errors.New("catalogue too long")

func newGraph() *graph { return &graph{byID: map[string]*node{}} }

// at is the node of an ID, made where it is not there yet; a new blank one for "".
func (g *graph) at(id string) *node {
	if id == "" {
		g.blank++
		id = "_:·" + strconv.Itoa(g.blank)
	}
	if n := g.byID[id]; n != nil {
		return n
	}
	n := &node{id: id, props: map[string][]term{}}
	g.byID[id] = n
	g.order = append(g.order, n)
	return n
}

func (n *node) add(predicate string, t term) {
	if t.value != "" {
		n.props[predicate] = append(n.props[predicate], t)
	}
}

// is tells whether the node is of a class, by its local name.
func (n *node) is(class string) bool {
	for _, t := range n.props["type"] {
		if local(t.value) == class {
			return true
		}
	}
	return false
}

// local is the last part of an IRI or a prefixed name. ADMS has identifiers of
// its own, which are no dct:identifier.
func local(name string) string {
	if strings.HasPrefix(name, "http://www.w3.org/ns/adms#") || strings.HasPrefix(name, "adms:") {
		return "adms:" + name[strings.LastIndexAny(name, "#:")+1:]
	}
	name = strings.TrimRight(name, "/#")
	if i := strings.LastIndexAny(name, "#/"); i >= 0 {
		return name[i+1:]
	}
	return name[strings.LastIndexByte(name, ':')+1:]
}

var errNoRDF = errors.New("neither RDF/XML, Turtle nor JSON-LD")

// parse reads a document in whichever form it is.
func parse(b []byte) (*graph, error) {
	b = bytes.TrimSpace(xmltree.UTF8(b))
	switch {
	case len(b) == 0:
		return nil, errNoRDF
	case b[0] == '{' || b[0] == '[' && jsonList(b):
		return parseJSON(b)
	case b[0] == '<' && xmltree.Has(b, "<?xml", "RDF", "xmlns"):
		return parseXML(b)
	case bytes.Contains(b, []byte("@prefix")) || bytes.Contains(b, []byte("PREFIX")) || b[0] == '<' || bytes.HasPrefix(b, []byte("_:")):
		return parseTurtle(string(b))
	}
	return nil, errNoRDF
}

func jsonList(b []byte) bool {
	rest := bytes.TrimSpace(b[1:])
	return len(rest) > 0 && (rest[0] == '{' || rest[0] == ']')
}

// parseXML reads RDF/XML; an answer of another kind around it is passed over.
func parseXML(b []byte) (*graph, error) {
	root, err := xmltree.Parse(b)
	if err != nil {
		return nil, err
	}
	g := newGraph()
	roots := root.All("RDF")
	if root.Name == "RDF" {
		roots = []*xmltree.Node{root}
	}
	for _, r := range roots {
		for _, n := range r.Nodes {
			g.element(n, r.Attr("lang"))
		}
	}
	if len(roots) == 0 && root.Attr("about") != "" {
		g.element(root, "")
	}
	if len(g.order) == 0 {
		return nil, errNoRDF
	}
	return g, nil
}

// element reads a node element.
func (g *graph) element(e *xmltree.Node, lang string) *node {
	id := e.Attr("about")
	if id == "" && e.Attr("ID") != "" {
		id = "#" + e.Attr("ID")
	}
	if id == "" && e.Attr("nodeID") != "" {
		id = "_:" + e.Attr("nodeID")
	}
	n := g.at(id)
	for _, a := range e.Attrs { // short texts may stand as attributes
		switch {
		case a.Name.Space == "" || a.Name.Space == "xmlns" || a.Name.Space == "xml" || a.Name.Space == "rdf" || strings.HasPrefix(a.Name.Space, "http://www.w3.org/1999/02/22-rdf-syntax-ns") || strings.HasPrefix(a.Name.Space, "http://www.w3.org/XML/"):
		default:
			n.add(local(a.Name.Space+"#"+a.Name.Local), term{value: a.Value, lang: lang})
		}
	}
	if e.Name != "Description" {
		n.add("type", term{value: e.Name, node: true})
	}
	g.properties(n, e, lang)
	return n
}

func (g *graph) properties(n *node, e *xmltree.Node, lang string) {
	if l := e.Attr("lang"); l != "" {
		lang = l
	}
	for _, p := range e.Nodes {
		name := local(p.Space + "#" + p.Name)
		l := lang
		if own := p.Attr("lang"); own != "" {
			l = own
		}
		switch resource, blank := p.Attr("resource"), p.Attr("nodeID"); {
		case resource != "":
			n.add(name, term{value: resource, node: true})
		case blank != "":
			n.add(name, term{value: "_:" + blank, node: true})
		case p.Attr("parseType") == "Resource":
			inner := g.at("")
			g.properties(inner, p, l)
			n.add(name, term{value: inner.id, node: true})
		case p.Attr("parseType") == "Literal" || len(p.Nodes) == 0:
			n.add(name, term{value: p.Text(), lang: l})
		default:
			for _, c := range members(p.Nodes) {
				n.add(name, term{value: g.element(c, l).id, node: true})
			}
		}
	}
}

// members are elements, those of a container (rdf:Bag) in its place.
func members(nodes []*xmltree.Node) []*xmltree.Node {
	if len(nodes) != 1 || nodes[0].Name != "Bag" && nodes[0].Name != "Seq" && nodes[0].Name != "Alt" {
		return nodes
	}
	var out []*xmltree.Node
	for _, li := range nodes[0].Nodes {
		out = append(out, li.Nodes...)
	}
	return out
}

// parseJSON reads JSON-LD. Contexts are never fetched, and need not be: keys go
// by their local names, in whichever form they stand, or by what a context within
// the document says they mean.
func parseJSON(b []byte) (*graph, error) {
	var v any
	if err := harvest.Decode(b, &v); err != nil {
		return nil, fmt.Errorf("read JSON-LD: %w", err)
	}
	g := newGraph()
	g.means = map[string]string{}
	if o, ok := v.(map[string]any); ok {
		g.context(o["@context"])
	}
	g.value(v)
	if len(g.order) == 0 {
		return nil, errNoRDF
	}
	return g, nil
}

// value reads a JSON value into terms.
func (g *graph) value(v any) []term {
	switch v := v.(type) {
	case string:
		return []term{{value: v, maybe: true}}
	case json.Number:
		return []term{{value: v.String()}}
	case []any:
		var out []term
		for _, e := range v {
			out = append(out, g.value(e)...)
		}
		return out
	case map[string]any:
		return g.object(v)
	}
	return nil
}

// context learns what a context within the document says of keys: the word of the
// vocabulary that each stands for.
func (g *graph) context(v any) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			g.context(e)
		}
	case map[string]any:
		for key, meaning := range v {
			if o, ok := meaning.(map[string]any); ok {
				meaning = o["@id"]
			}
			s, _ := meaning.(string)
			if word := local(s); word != "" && !strings.HasPrefix(key, "@") && !strings.HasSuffix(s, "#") && !strings.HasSuffix(s, "/") {
				g.means[key] = strings.TrimPrefix(word, "@")
				if strings.HasPrefix(s, "@") {
					g.means[key] = s
				}
			}
		}
	}
}

// word is the word of a vocabulary that a key stands for.
func (g *graph) word(key string) string {
	if means, ok := g.means[key]; ok {
		return means
	}
	return local(key)
}

func (g *graph) object(o map[string]any) []term {
	for _, k := range []string{"@list", "@set"} {
		if l, ok := o[k]; ok {
			return g.value(l)
		}
	}
	if v, ok := o["@value"]; ok {
		lang, _ := o["@language"].(string)
		var out []term
		for _, t := range g.value(v) {
			out = append(out, term{value: t.value, lang: lang})
		}
		return out
	}
	if g.blank > maxNodes {
		return nil
	}
	n := g.at(g.id(o))
	for _, key := range slices.Sorted(maps.Keys(o)) {
		g.member(n, key, o[key])
	}
	return []term{{value: n.id, node: true}}
}

// id is what an object calls itself, by whichever key; "" for none.
func (g *graph) id(o map[string]any) string {
	id, _ := o["@id"].(string)
	if id == "" {
		id, _ = o["id"].(string)
	}
	for key, means := range g.means {
		if s, ok := o[key].(string); ok && means == "@id" && id == "" {
			id = s
		}
	}
	return id
}

// member adds what an object says under a key to its node.
func (g *graph) member(n *node, key string, v any) {
	if means := g.means[key]; means == "@id" || means == "@type" || means == "@graph" {
		key = means
	}
	switch key {
	case "@context", "@id", "id":
		return
	case "@graph":
		g.value(v)
		return
	case "@type", "type":
		for _, t := range g.value(v) {
			n.add("type", term{value: t.value, node: true})
		}
		return
	}
	if !translations(v) {
		for _, t := range g.value(v) {
			n.add(g.word(key), t)
		}
		return
	}
	for lang, texts := range v.(map[string]any) {
		for _, t := range g.value(texts) {
			n.add(g.word(key), term{value: t.value, lang: strings.TrimPrefix(lang, "@none")})
		}
	}
}

// translations tells an object of texts by language: {"fr": "…", "en": ["…"]}.
func translations(v any) bool {
	o, ok := v.(map[string]any)
	if !ok || len(o) == 0 {
		return false
	}
	for k, v := range o {
		if !tag.MatchString(k) || k == "id" {
			return false
		}
		switch v := v.(type) {
		case string:
		case []any:
			for _, e := range v {
				if _, text := e.(string); !text {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}

// tag is a language's.
var tag = regexp.MustCompile(`^(?:[a-z]{2}(?:-[A-Za-z0-9]{1,8})*|@none|und)$`)
