package lang

// Number is the number that a value is, however a database or JSON typed it.
func Number(v any) (x float64, ok bool) {
	switch n := v.(type) {
	case float64:
		return n, true
	case int64:
		return float64(n), true
	case int:
		return float64(n), true
	case int32:
		return float64(n), true
	}
	return 0, false
}

// IsNumber tells whether a value is one.
func IsNumber(v any) bool {
	_, ok := Number(v)
	return ok
}
