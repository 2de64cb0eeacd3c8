package library

import (
	"slices"
	"strings"
	"testing"

	"cigogne/catalog"
	"cigogne/internal/dataset"
	"cigogne/internal/plan"
)

// TestPlaces holds which words of a question call places otherwise than by the
// names they have today, and as what.
func TestPlaces(t *testing.T) {
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(c.Tables, func(t dataset.Table) bool { return t.ID == "embedded_communes" })
	communes := plan.Candidate{Table: &c.Tables[at], Annotation: &c.Annotations[at]}
	for _, q := range []struct {
		question string
		column   string
		values   []string
		says     string
	}{
		{"Combien d'habitants à Nancy ?", "", nil, ""},
		{"combien d'habitants à 67000", "commune", []string{"Strasbourg"}, "un des codes postaux de Strasbourg"},
		{"population de 54395", "commune", []string{"Nancy"}, "code Insee de Nancy"},
		{"88400 en 2024", "commune", []string{"Gérardmer", "Liézey", "Xonrupt-Longemer"}, "demandez Rouvres-en-Xaintois"}, // a postcode that is another's Insee code
		{"code Insee 88400", "commune", []string{"Rouvres-en-Xaintois"}, "code Insee"},
		{"population de 215403957", "commune", []string{"Nancy"}, "SIREN"},
		{"population de Waldighofen", "commune", []string{"Waldighoffen"}, "nom de Waldighoffen jusqu'en 2025"},
		{"population de les alleux", "commune", []string{"Bairon et ses environs"}, "fait partie"},
		{"population de kaysersberg", "commune", []string{"Kaysersberg Vignoble"}, "fait partie"},
		{"population de la Bourgogne", "", nil, ""}, // a region of old, not the village
		{"en termes de population", "", nil, ""},    // nor Termes
		{"population de Rollainville", "", nil, ""}, // it has rows of its own
		{"communes de plus de 10000 habitants", "", nil, ""},
		{"communes between 50000 and 68000 inhabitants", "", nil, ""},
		{"54000 habitants", "", nil, ""},
		{"population de 08230", "commune", nil, ""}, // of several, by name
	} {
		t.Run(q.question, func(t *testing.T) {
			var extra []dataset.Synonym
			if got := named(communes, places(q.question)); got.Annotation != communes.Annotation {
				extra = got.Annotation.Synonyms[len(communes.Annotation.Synonyms):]
			}
			switch {
			case q.column == "":
				if len(extra) > 0 {
					t.Errorf("got %v", extra)
				}
			case len(extra) != 1:
				t.Fatalf("got %v", extra)
			case extra[0].Column != q.column || q.values != nil && !slices.Equal(extra[0].Values, q.values) || !strings.Contains(extra[0].Says.FR, q.says):
				t.Errorf("got %v", extra[0])
			case extra[0].Says.EN == "":
				t.Errorf("said in French alone: %s", extra[0].Says.FR)
			}
		})
	}
}
