package search

import (
	"strings"
	"testing"

	"cigogne/internal/territory"
)

func TestCommunesAreNamedByTheirCapitals(t *testing.T) {
	c := communes{builtinPlaces(), territory.France}
	for text, want := range map[string]string{
		"Horaires du bus à Neuves-Maisons":          "commune-54397",
		"Liste des élus locaux - Orléans":           "", // nothing announces a place
		"Budget de la ville d'Orléans":              "commune-45234",
		"Arbres du Haut-Rhin":                       "department-68",
		"Les grandes voies de Sens":                 "", // too short to be told from a word
		"Equipements de Charleville-Mézières en 23": "commune-08105",
		"LISTE DES ELUS D'ORLEANS":                  "", // capitals say nothing
		"budget de metz":                            "",
		"Écoles de Saint-Denis":                     "", // several bear it
	} {
		var got []string
		for _, p := range c.Places(text) {
			got = append(got, p.Code)
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s: %q, want %q", text, s, want)
		}
	}
	if _, ok := c.one("orleans"); !ok {
		t.Error("Orléans is not known")
	}
}
