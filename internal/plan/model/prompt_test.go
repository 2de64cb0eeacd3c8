package model

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"cigogne/catalog"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/plan/rules"
	"cigogne/internal/territory"
)

var update = flag.Bool("update", false, "write the golden prompts anew")

// embedded are the tables of the embedded catalogue.
func embedded(t testing.TB) []plan.Candidate {
	t.Helper()
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	var out []plan.Candidate
	for i := range c.Tables {
		cand := plan.Candidate{Table: &c.Tables[i]}
		for j := range c.Datasets {
			if c.Datasets[j].ID == c.Tables[i].DatasetID {
				cand.Dataset = &c.Datasets[j]
			}
		}
		for j := range c.Annotations {
			for _, id := range c.Annotations[j].Datasets {
				if id == c.Tables[i].DatasetID {
					cand.Annotation = &c.Annotations[j]
				}
			}
		}
		out = append(out, cand)
	}
	return out
}

// maxTokens is what a typical question may cost.
const maxTokens = 2500

// TestPrompts holds what a model is shown of the embedded catalogue, in
// testdata, within its budget.
func TestPrompts(t *testing.T) {
	built := rules.New(nil, territory.France)
	pl := New(Server{URL: "http://127.0.0.1:1", Model: "m"}, built, nil)
	for name, c := range map[string]struct {
		l        lang.Lang
		question string
	}{
		"lycees":    {lang.French, "Combien la Région a-t-elle dépensé pour les lycées publics en 2020 ?"},
		"communes":  {lang.English, "Which five communes of the Haut-Rhin have the most inhabitants?"},
		"transport": {lang.French, "Quelle part du budget 2019 est allée aux transports scolaires, par rapport à 2017 ?"},
	} {
		t.Run(name, func(t *testing.T) {
			req := plan.Request{Question: c.question, Lang: c.l, Candidates: embedded(t)}
			system, user, err := prompt(req, pl.shortlist(req), func(cand plan.Candidate) []rules.Linked { return built.Link(req, cand) }, "=== data 0123456789AB ===")
			if err != nil {
				t.Fatal(err)
			}
			got := system + "\n----\n" + user
			if n := tokens(system) + tokens(user); n > maxTokens {
				t.Errorf("%d tokens, more than %d", n, maxTokens)
			} else {
				t.Logf("%d tokens (%d of them the instructions)", n, tokens(system))
			}
			path := filepath.Join("testdata", name+".golden")
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("the prompt changed: look at it, then run with -update\n%s", got)
			}
		})
	}
}
