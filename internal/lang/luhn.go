package lang

// Luhn tells whether the last digit checks the others, as in the numbers of
// companies (SIREN, SIRET) and of bank cards. The text holds ASCII digits alone.
func Luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
