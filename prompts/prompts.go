// Package prompts holds what a model is told, as templates.
package prompts

import (
	"embed"
	"strings"
	"text/template"
)

//go:embed *.tmpl *.json
var files embed.FS

// PlanSchema is the JSON schema of a reply to the plan prompt.
func PlanSchema() []byte {
	b, err := files.ReadFile("plan.schema.json")
	if err != nil {
		panic(err) // it is in the binary: see the test
	}
	return b
}

// Render fills a template by its name: plan.system or plan.question.
func Render(name string, data any) (string, error) {
	t, err := template.New("").Funcs(template.FuncMap{"join": strings.Join}).ParseFS(files, "*.tmpl")
	if err != nil {
		return "", err
	}
	var b strings.Builder
	if err := t.ExecuteTemplate(&b, name+".tmpl", data); err != nil {
		return "", err
	}
	return b.String(), nil
}
