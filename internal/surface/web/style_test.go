package web

import (
	"strings"
	"testing"

	"cigogne/internal/answer/chart"
)

// A drawing within a page follows the page's style.
func TestTheStyleHasTheRulesOfDrawings(t *testing.T) {
	css, err := staticFiles.ReadFile("static/style.css")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(css), chart.Dark()) {
		t.Errorf("static/style.css lacks the rules of chart.Dark:\n%s", chart.Dark())
	}
}
