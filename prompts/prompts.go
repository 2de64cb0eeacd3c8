// Package prompts holds what a model is told, as templates.
package prompts

import (
	"embed"
	"strings"
	"text/template"
)

//go:embed *.tmpl
var files embed.FS

// Render fills a template by its name: select.system or select.question.
func Render(name string, data any) (string, error) {
	t, err := template.ParseFS(files, "*.tmpl")
	if err != nil {
		return "", err
	}
	var b strings.Builder
	if err := t.ExecuteTemplate(&b, name+".tmpl", data); err != nil {
		return "", err
	}
	return b.String(), nil
}
