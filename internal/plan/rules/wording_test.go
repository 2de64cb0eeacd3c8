package rules

import (
	"reflect"
	"strings"
	"testing"

	"cigogne/internal/lang"
)

func TestQuestionsAreWrittenAgainInEachLanguage(t *testing.T) {
	if _, err := wordings(); err != nil {
		t.Fatal(err)
	}
	for _, l := range lang.Spoken {
		t.Run(string(l), func(t *testing.T) {
			words := reflect.ValueOf(wordsOf(l))
			for i := range words.NumField() {
				if words.Field(i).IsZero() {
					t.Errorf("%s is not said", words.Type().Field(i).Name)
				}
			}
			for _, turn := range wordsOf(l).Told {
				for _, said := range turn.Said {
					if said != strings.Join(strings.Fields(said), " ") || strings.Trim(lang.Fold(said), "#_ ") == "" || turn.Means == "" {
						t.Errorf("%q, which means %q, is no turn of speech", said, turn.Means)
					}
				}
			}
		})
	}
}
