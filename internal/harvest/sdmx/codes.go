package sdmx

import (
	"errors"
	"strings"

	"cigogne/internal/harvest"
	"cigogne/internal/harvest/xmltree"
)

// Structures are where a dataflow's data structure may be had with its code
// lists: by the dataflow, or under its own name.
func Structures(dataflow string) []string {
	base, rest, ok := strings.Cut(dataflow, "/dataflow/")
	if !ok {
		return nil
	}
	return []string{dataflow + "?references=descendants", base + "/datastructure/" + rest + "?references=children"}
}

// Component is a dimension or an attribute of a dataflow: what it is called, and
// what its codes mean; both may be unknown.
type Component struct {
	Name  string
	Codes map[string]string
}

var errNoStructure = errors.New("no data structure")

// ParseStructure reads a data structure with its code lists and concepts: the
// components by ID.
func ParseStructure(b []byte) (map[string]Component, error) {
	root, err := xmltree.Parse(b)
	if err != nil {
		return nil, err
	}
	if root.Name != "Structure" || root.First("DataStructures") == nil {
		return nil, errNoStructure
	}
	names, lists := concepts(root), codelists(root)
	out := map[string]Component{}
	for _, structure := range root.First("DataStructures").Children("DataStructure") {
		parts := structure.First("DataStructureComponents")
		if parts == nil {
			continue
		}
		for _, kind := range [][2]string{{"DimensionList", "Dimension"}, {"DimensionList", "TimeDimension"}, {"AttributeList", "Attribute"}} {
			list := parts.First(kind[0])
			if list == nil {
				continue
			}
			for _, n := range list.Children(kind[1]) {
				concept := ref(n, "ConceptIdentity")
				id := n.Attr("id")
				if id == "" {
					id = concept // the standard's default
				}
				out[id] = Component{names[concept], lists[ref(n.First("LocalRepresentation"), "Enumeration")]}
			}
		}
	}
	return out, nil
}

// ref is what a child of a node refers to.
func ref(n *xmltree.Node, name string) string {
	if n = n.First(name); n == nil {
		return ""
	}
	return n.First("Ref").Attr("id")
}

func concepts(root *xmltree.Node) map[string]string {
	out := map[string]string{}
	for _, all := range root.All("ConceptScheme") {
		for _, c := range all.Children("Concept") {
			out[c.Attr("id")] = harvest.Line(said(c, "Name"))
		}
	}
	return out
}

// codelists are what codes mean, by the list's ID.
func codelists(root *xmltree.Node) map[string]map[string]string {
	out := map[string]map[string]string{}
	for _, list := range root.All("Codelist") {
		codes := map[string]string{}
		for _, c := range list.Children("Code") {
			if label := harvest.Line(said(c, "Name")); label != "" {
				codes[c.Attr("id")] = label
			}
		}
		out[list.Attr("id")] = codes
	}
	return out
}
