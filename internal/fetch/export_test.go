package fetch

// Wrong is wrong, for fuzzing.
func Wrong(head []byte) string { return wrong(head) }

// ParseChecksum is parseChecksum, for fuzzing.
func ParseChecksum(s string) (string, bool) {
	_, sum, ok := parseChecksum(s)
	return sum, ok
}
