package folder_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest/folder"
)

// TestVariants reads what portals of each dialect may answer that their
// documentation does not foresee: values missing, null, of other types, in other
// languages, nested, under other prefixes. Each archive of testdata/variants is a
// dialect; NAME.want are lines that must be said of what NAME holds, "-" before
// those that must not.
func TestVariants(t *testing.T) {
	archives, err := filepath.Glob("testdata/variants/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no variants", err)
	}
	for _, path := range archives {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		dialect := strings.TrimSuffix(filepath.Base(path), ".txtar")
		if len(a.Files)%2 != 0 {
			t.Fatalf("%s: a file without what is wanted of it", path)
		}
		for i := 0; i < len(a.Files); i += 2 {
			answer, want := a.Files[i], a.Files[i+1]
			if strings.TrimSuffix(want.Name, ".want") != strings.TrimSuffix(answer.Name, filepath.Ext(answer.Name)) {
				t.Fatalf("%s: %s stands after %s", path, want.Name, answer.Name)
			}
			t.Run(dialect+"/"+strings.TrimSuffix(want.Name, ".want"), func(t *testing.T) { variant(t, answer.Data, want.Data) })
		}
	}
}

func variant(t *testing.T, answer, want []byte) {
	t.Helper()
	all, report, err := folder.Records(bytes.TrimSpace(answer), "https://portail.exemple.fr")
	said := []string{fmt.Sprintf("records: %d", len(all)), fmt.Sprintf("broken: %d", report.Broken), fmt.Sprintf("hidden: %d", report.Hidden)}
	if err != nil {
		said = append(said, "error: "+err.Error())
	}
	for _, d := range all {
		said = append(said, describe(d)...)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(want)), "\n") {
		if unwanted, not := strings.CutPrefix(line, "-"); not == slices.ContainsFunc(said, func(s string) bool { return s == line || not && strings.HasPrefix(s, unwanted) }) {
			t.Errorf("%q of\n\t%s", line, strings.Join(said, "\n\t"))
		}
	}
}

// describe says of a dataset what it has, a line each.
func describe(d dataset.Dataset) []string {
	var out []string
	say := func(key string, values ...string) {
		values = slices.DeleteFunc(values, func(s string) bool { return s == "" })
		if len(values) > 0 {
			out = append(out, key+": "+strings.Join(values, " | "))
		}
	}
	day := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.Format(time.DateOnly)
	}
	say("id", d.ID)
	say("title", d.Title)
	say("description", d.Description)
	say("publisher", d.Publisher)
	say("licence", d.Licence.ID, d.Licence.Title, d.Licence.URL)
	say("keywords", strings.Join(d.Keywords, ", "))
	say("themes", strings.Join(d.Themes, ", "))
	say("frequency", d.Frequency)
	if d.Period != (dataset.Period{}) {
		say("period", d.Period.Start+".."+d.Period.End)
	}
	say("spatial", d.Spatial)
	say("created", day(d.Created))
	say("modified", day(d.Modified))
	say("page", d.URL)
	for _, o := range d.Origins {
		say("origin", o)
	}
	for _, x := range d.Distributions {
		size := ""
		if x.Size > 0 {
			size = fmt.Sprint(x.Size)
		}
		say("file", x.Format, x.Title, x.URL, size, x.Schema)
		for _, f := range x.Fields {
			say("column", f.Name, f.Label, f.Unit)
		}
	}
	return out
}
