package glossary

import (
	"strings"
	"testing"

	"cigogne/internal/lang"
)

// A term without a name, a text or a source in a language would answer nothing there.
func TestTermsAreWhole(t *testing.T) {
	terms, err := parse(termsTOML)
	if err != nil || len(terms) < 40 {
		t.Fatalf("%d terms, %v", len(terms), err)
	}
	for _, x := range terms {
		for _, l := range lang.Spoken {
			if x.Title(l) == "" || !strings.HasSuffix(x.Says(l), ".") {
				t.Errorf("%s: %q is not whole", l, x.Title(lang.French))
			}
		}
		if x.Source.Title == "" || !strings.HasPrefix(x.Source.URL, "http") {
			t.Errorf("%s has no source", x.Title(lang.French))
		}
	}
}

func TestFind(t *testing.T) {
	for text, want := range map[string]string{
		"EPCI": "EPCI", "epci": "EPCI", "opérations d'ordre": "opération d'ordre", "Opération d’ordre": "opération d'ordre", "SCOT": "SCoT", "millésimes": "millésime",
		"population": "", "code Insee de Colmar": "",
	} {
		got, ok := Find(text)
		if title := got.Title(lang.French); title != want || ok != (want != "") {
			t.Errorf("%s: %q", text, title)
		}
	}
}

func TestIn(t *testing.T) {
	text := "Les EPCI à fiscalité propre et un EPCI, sans les opérations d'ordre."
	var got []string
	for _, m := range In(text) {
		got = append(got, text[m.Start:m.End])
	}
	if want := "EPCI à fiscalité propre|EPCI|opérations d'ordre"; strings.Join(got, "|") != want {
		t.Errorf("%q", got)
	}
}
