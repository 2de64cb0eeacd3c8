package fetch

// Wrong is wrong, for fuzzing.
func Wrong(head []byte) string { return wrong(head) }

// ParseChecksum is parseChecksum, for fuzzing.
func ParseChecksum(s string) (string, bool) {
	_, sum, ok := parseChecksum(s)
	return sum, ok
}

// ParseMelodi is parseMelodi, for fuzzing: how many observations a page has.
func ParseMelodi(b []byte) (int, error) {
	page, err := parseMelodi(b)
	return len(page.rows), err
}
