package mcp

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/google/jsonschema-go/jsonschema"
)

//go:embed plan.json
var planSchema []byte

//go:embed filter.json
var filterSchema []byte

// schemaOfPlan is the schema of query.Plan. It holds no reference: not every
// client follows them.
func schemaOfPlan() (*jsonschema.Schema, error) {
	var s jsonschema.Schema
	whole := bytes.ReplaceAll(planSchema, []byte(`{"$ref": "filter"}`), bytes.TrimSpace(filterSchema))
	if err := json.Unmarshal(whole, &s); err != nil {
		return nil, fmt.Errorf("schema of a plan: %w", err)
	}
	return &s, nil
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

// tidy has lists that are there never be null.
func tidy(s *jsonschema.Schema) {
	if s == nil {
		return
	}
	if slices.Contains(s.Types, "array") {
		s.Types, s.Type = nil, "array"
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
	cell := &jsonschema.Schema{}
	for _, t := range []string{"string", "number", "boolean", "null"} {
		cell.AnyOf = append(cell.AnyOf, &jsonschema.Schema{Type: t})
	}
	return &jsonschema.Schema{Type: "array", Items: &jsonschema.Schema{Type: "array", Items: cell}}
}

var languages = []any{"fr", "en"}
