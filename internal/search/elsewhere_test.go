package search

import "testing"

func TestElsewhereSaysWhatProducersSay(t *testing.T) {
	for text, want := range map[string]string{
		"où brancher ma voiture":    "borne+de+recharge",
		"arbres de Metz":            "arbres+Metz",
		"où trouver des menus & co": "menus+co",
		"":                          "",
	} {
		if got := Elsewhere(text); got != nationalPortal+want {
			t.Errorf("%q: %s", text, got)
		}
	}
}
