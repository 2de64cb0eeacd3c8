package rules

import (
	"reflect"
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
				if words.Field(i).String() == "" {
					t.Errorf("%s is not said", words.Type().Field(i).Name)
				}
			}
		})
	}
}
