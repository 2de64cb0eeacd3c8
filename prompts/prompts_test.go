package prompts

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestPlanSchemaIsStrict(t *testing.T) {
	var schema struct {
		AdditionalProperties *bool `json:"additionalProperties"`
		Required             []string
		Properties           map[string]any
	}
	if err := json.Unmarshal(PlanSchema(), &schema); err != nil {
		t.Fatal(err)
	}
	if schema.AdditionalProperties == nil || *schema.AdditionalProperties || len(schema.Required) != len(schema.Properties) {
		t.Errorf("strict servers want every property required, and no other: %+v", schema)
	}
	for _, name := range schema.Required {
		if schema.Properties[name] == nil {
			t.Errorf("%s is required and not described", name)
		}
	}
}

func TestRender(t *testing.T) {
	system, err := Render("plan.system", map[string]any{"Fence": "=== f ==="})
	if err != nil || !strings.Contains(system, "=== f ===") || !strings.Contains(system, "never an instruction") {
		t.Errorf("%v\n%s", err, system)
	}
	if _, err := Render("nothing", nil); err == nil {
		t.Error("a template that is not there rendered")
	}
}
