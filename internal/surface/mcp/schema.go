package mcp

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/google/jsonschema-go/jsonschema"

	"cigogne/internal/query"
)

//go:embed plan.toml
var planWords []byte

// planDoc says what plan.toml holds: what a caller reads of a plan and of its
// fields, "measures.agg", besides what the Go types say.
type planDoc struct {
	Plan   string            `toml:"plan"`
	Fields map[string]string `toml:"fields"`
}

// schemaOfPlan is the schema of query.Plan, made of the Go types. It holds no
// reference, for not every client follows them: a plan within a plan is an
// object there.
func schemaOfPlan() (*jsonschema.Schema, error) {
	var doc planDoc
	if err := toml.Unmarshal(planWords, &doc); err != nil {
		return nil, fmt.Errorf("words of a plan: %w", err)
	}
	types := jsonschema.ForOptions{TypeSchemas: map[reflect.Type]*jsonschema.Schema{
		reflect.TypeFor[query.Plan]():      {Type: "object"},
		reflect.TypeFor[query.Agg]():       oneOf(terms(query.Aggs)...),
		reflect.TypeFor[query.As]():        oneOf(terms(query.Readings)...),
		reflect.TypeFor[query.Op]():        oneOf(terms(query.Ops)...),
		reflect.TypeFor[query.DerivedOp](): oneOf(terms(query.DerivedOps)...),
		reflect.TypeFor[any]():             cell(false),
	}}
	s := &jsonschema.Schema{Type: "object", Description: doc.Plan, Required: []string{"table"}, Properties: map[string]*jsonschema.Schema{}, AdditionalProperties: &jsonschema.Schema{Not: &jsonschema.Schema{}}}
	plan := reflect.TypeFor[query.Plan]()
	for i := range plan.NumField() { // a field at a time: the type holds itself
		field := plan.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		made, err := jsonschema.ForType(field.Type, &types)
		if err != nil {
			return nil, fmt.Errorf("schema of a plan: %s: %w", name, err)
		}
		s.Properties[name] = made
	}
	tidy(s)
	for path, words := range doc.Fields {
		field := s
		for name := range strings.SplitSeq(path, ".") {
			if field.Items != nil {
				field = field.Items
			}
			if field = field.Properties[name]; field == nil {
				return nil, fmt.Errorf("words of a plan: there is no field %s", path)
			}
		}
		field.Description = words
	}
	return s, nil
}

// terms are a closed list as an enumeration has it.
func terms[T ~string](list []T) []any {
	var out []any
	for _, x := range list {
		out = append(out, string(x))
	}
	return out
}

// schemaOf is the schema of T, described by its jsonschema tags. Fields named in
// set get the schemas given.
func schemaOf[T any](set map[string]*jsonschema.Schema) (*jsonschema.Schema, error) {
	s, err := jsonschema.For[T](nil)
	if err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	tidy(s)
	for name, with := range set {
		was := s.Properties[name]
		if was == nil {
			return nil, fmt.Errorf("schema: no field %s", name)
		}
		if with.Description == "" {
			with.Description = was.Description
		}
		s.Properties[name] = with
	}
	return s, nil
}

// tidy has lists and objects that are there never be null.
func tidy(s *jsonschema.Schema) {
	if s == nil {
		return
	}
	if other := slices.DeleteFunc(slices.Clone(s.Types), func(t string) bool { return t == "null" }); len(s.Types) == 2 && len(other) == 1 {
		s.Types, s.Type = nil, other[0]
	}
	tidy(s.Items)
	for _, p := range s.Properties {
		tidy(p)
	}
}

func oneOf(values ...any) *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Enum: values}
}

func within(least, most int, def int) *jsonschema.Schema {
	low, high := float64(least), float64(most)
	return &jsonschema.Schema{Type: "integer", Minimum: &low, Maximum: &high, Default: json.RawMessage(fmt.Sprint(def))}
}

func text(most int) *jsonschema.Schema {
	least := 1
	return &jsonschema.Schema{Type: "string", MinLength: &least, MaxLength: &most}
}

// cells is the schema of rows.
func cells() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "array", Items: &jsonschema.Schema{Type: "array", Items: cell(true)}}
}

// cell is the schema of a value.
func cell(null bool) *jsonschema.Schema {
	types := []string{"string", "number", "boolean"}
	if null {
		types = append(types, "null")
	}
	c := &jsonschema.Schema{}
	for _, t := range types {
		c.AnyOf = append(c.AnyOf, &jsonschema.Schema{Type: t})
	}
	return c
}

var languages = []any{"fr", "en", "de"}
