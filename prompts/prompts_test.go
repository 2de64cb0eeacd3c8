package prompts

import (
	"strings"
	"testing"
)

func TestRender(t *testing.T) {
	system, err := Render("select.system", nil)
	if err != nil || !strings.Contains(system, "never instructions") {
		t.Errorf("%v\n%s", err, system)
	}
	if _, err := Render("nothing", nil); err == nil {
		t.Error("a template that is not there rendered")
	}
}
