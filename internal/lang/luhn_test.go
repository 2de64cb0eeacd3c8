package lang

import "testing"

func TestLuhn(t *testing.T) {
	for digits, want := range map[string]bool{
		"0": true, "18": true, "81": false, "79927398713": true, "79927398710": false, "7992739871": false,
	} {
		t.Run(digits, func(t *testing.T) {
			if Luhn(digits) != want {
				t.Errorf("checked: %v", !want)
			}
		})
	}
}
