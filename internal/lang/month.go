package lang

import "fmt"

var monthNames = [2][12]string{
	{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
	{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
}

// Month is the name of a month from 1 to 12, whatever number type it comes in;
// anything else is written as it is.
func Month(v any, l Lang) string {
	n := 0
	switch x := v.(type) {
	case int:
		n = x
	case int64:
		n = int(x)
	case float64:
		n = int(x)
	}
	if n < 1 || n > 12 {
		return fmt.Sprint(v)
	}
	if l == French {
		return monthNames[0][n-1]
	}
	return monthNames[1][n-1]
}
