package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"cigogne/internal/surface/api"
	"cigogne/internal/surface/httpd"
)

// schema is what is read of a JSON schema here; the description uses no more.
type schema struct {
	Ref                  string            `json:"$ref"`
	Type                 any               `json:"type"`
	Required             []string          `json:"required"`
	Properties           map[string]schema `json:"properties"`
	AdditionalProperties *bool             `json:"additionalProperties"`
	Items                *schema           `json:"items"`
	Enum                 []any             `json:"enum"`
}

type operation struct {
	OperationID string
	RequestBody *struct {
		Content map[string]struct{ Schema schema }
	}
	Parameters []struct{ Name, In string }
	Responses  map[string]struct {
		Content map[string]struct{ Schema schema }
	}
}

type openapi struct {
	Openapi    string
	Paths      map[string]map[string]operation
	Components struct{ Schemas map[string]schema }
}

func describedAPI(t *testing.T, h http.Handler) openapi {
	t.Helper()
	var d openapi
	w := do(h, "GET", "/api/v1/openapi.json", "")
	if err := json.Unmarshal(w.Body.Bytes(), &d); err != nil || w.Code != 200 {
		t.Fatalf("%d %v", w.Code, err)
	}
	if !strings.HasPrefix(d.Openapi, "3.1.") {
		t.Errorf("version %q", d.Openapi)
	}
	return d
}

// check lists how a value differs from a schema.
func (d openapi) check(v any, s schema, at string) (out []string) {
	if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
		target, known := d.Components.Schemas[name]
		if !known {
			return []string{at + ": no schema " + name}
		}
		return d.check(v, target, at)
	}
	if s.Enum != nil && !slices.Contains(s.Enum, v) {
		out = append(out, fmt.Sprintf("%s: %v is none of %v", at, v, s.Enum))
	}
	kind := ""
	switch x := v.(type) {
	case nil:
		kind = "null"
	case string:
		kind = "string"
	case bool:
		kind = "boolean"
	case float64:
		if kind = "number"; x == float64(int64(x)) && s.Type == "integer" {
			kind = "integer"
		}
	case []any:
		kind = "array"
		for i, y := range x {
			if s.Items != nil {
				out = append(out, d.check(y, *s.Items, fmt.Sprintf("%s[%d]", at, i))...)
			}
		}
	case map[string]any:
		kind = "object"
		for _, k := range s.Required {
			if _, ok := x[k]; !ok {
				out = append(out, at+": no "+k)
			}
		}
		for k, y := range x {
			if p, ok := s.Properties[k]; ok {
				out = append(out, d.check(y, p, at+"."+k)...)
			} else if s.AdditionalProperties != nil {
				out = append(out, at+": "+k+" is not described")
			}
		}
	}
	switch want := s.Type.(type) {
	case string:
		if kind != want {
			out = append(out, fmt.Sprintf("%s: %s, want %s", at, kind, want))
		}
	case []any:
		if !slices.Contains(want, any(kind)) {
			out = append(out, fmt.Sprintf("%s: %s, want one of %v", at, kind, want))
		}
	}
	return out
}

func TestDescriptionMatchesTheHandlers(t *testing.T) {
	h, _ := handler(nil)
	d := describedAPI(t, h)
	var asked struct {
		ID string `json:"answer_id"`
	}
	if err := json.Unmarshal(do(h, "POST", "/api/v1/ask", `{"question":"Combien ?"}`).Body.Bytes(), &asked); err != nil {
		t.Fatal(err)
	}
	limited, _ := handler(func(p *api.Parts) { p.Rate = httpd.NewRate(1) })
	for range 5 {
		do(limited, "POST", "/api/v1/ask", `{"question":"x"}`)
	}
	seen := map[string]bool{}
	for _, c := range []struct {
		h                    http.Handler
		method, path, actual string
		body                 string
		status               int
	}{
		{h, "post", "/api/v1/ask", "", `{"question":"Combien ?","id":"1","conversation":"c","lang":"en"}`, 200},
		{h, "post", "/api/v1/ask", "", `{"question":"all"}`, 200},
		{h, "post", "/api/v1/ask", "", `{}`, 400},
		{limited, "post", "/api/v1/ask", "", `{"question":"x"}`, 429},
		{h, "post", "/api/v1/ask", "", `{"question":"busy"}`, 503},
		{h, "post", "/api/v1/ask", "", `{"question":"broken"}`, 500},
		{h, "post", "/api/v1/ask", "", `{"question":"slow"}`, 504},
		{h, "get", "/api/v1/search", "/api/v1/search?q=communes&limit=3", "", 200},
		{h, "get", "/api/v1/search", "/api/v1/search?limit=0", "", 400},
		{h, "get", "/api/v1/search", "/api/v1/search?q=broken", "", 500},
		{h, "get", "/api/v1/datasets/{id}", "/api/v1/datasets/a%2Fb", "", 200},
		{h, "get", "/api/v1/datasets/{id}", "/api/v1/datasets/none", "", 404},
		{h, "get", "/api/v1/datasets/{id}", "/api/v1/datasets/broken", "", 500},
		{h, "get", "/api/v1/answers/{id}", "/api/v1/answers/" + asked.ID, "", 200},
		{h, "get", "/api/v1/answers/{id}", "/api/v1/answers/none", "", 404},
		{h, "get", "/api/v1/openapi.json", "", "", 200},
		{h, "get", "/v1/models", "", "", 200},
		{h, "post", "/v1/chat/completions", "", `{"model":"cigogne","messages":[{"role":"user","content":"Combien ?"}],"temperature":0}`, 200},
		{h, "post", "/v1/chat/completions", "", `{"model":"gpt","messages":[{"role":"user","content":"Combien ?"}]}`, 404},
		{h, "post", "/v1/chat/completions", "", `{"messages":[]}`, 400},
		{limited, "post", "/v1/chat/completions", "", `{"messages":[{"role":"user","content":"x"}]}`, 429},
		{h, "post", "/v1/chat/completions", "", `{"messages":[{"role":"user","content":"busy"}]}`, 503},
	} {
		name := fmt.Sprintf("%s %s %d", c.method, c.path, c.status)
		op, ok := d.Paths[c.path][c.method]
		seen[c.method+" "+c.path] = true
		if !ok {
			t.Errorf("%s is not described", name)
			continue
		}
		if op.RequestBody != nil && c.status == 200 {
			var v any
			if err := json.Unmarshal([]byte(c.body), &v); err != nil {
				t.Fatal(err)
			}
			for _, s := range d.check(v, op.RequestBody.Content["application/json"].Schema, "body") {
				t.Errorf("%s: %s", name, s)
			}
		}
		path := c.actual
		if path == "" {
			path = c.path
		}
		w := do(c.h, strings.ToUpper(c.method), path, c.body)
		if w.Code != c.status {
			t.Errorf("%s: status %d %s", name, w.Code, w.Body)
			continue
		}
		response, ok := op.Responses[fmt.Sprint(c.status)]
		if !ok {
			t.Errorf("%s: the status is not described", name)
			continue
		}
		var v any
		if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, s := range d.check(v, response.Content["application/json"].Schema, "answer") {
			t.Errorf("%s: %s", name, s)
		}
	}
	for path, methods := range d.Paths {
		for method := range methods {
			if !seen[method+" "+path] {
				t.Errorf("%s %s is described and was not tried", method, path)
			}
			if w := do(h, strings.ToUpper(method), strings.ReplaceAll(path, "{id}", "x"), "{}"); w.Code == http.StatusMethodNotAllowed {
				t.Errorf("%s %s is described and not served", method, path)
			}
		}
	}
	for _, route := range api.Routes() {
		method, path, _ := strings.Cut(route, " ")
		if _, ok := d.Paths[path][strings.ToLower(method)]; !ok {
			t.Errorf("%s is served and not described", route)
		}
	}
}
