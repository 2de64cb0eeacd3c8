package texts_test

import (
	"fmt"

	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// A message is named by its room and its key; the argument n chooses the plural.
func ExampleSay() {
	for _, n := range []int{1, 12000} {
		fmt.Println(texts.Say(lang.English, "cli.rows", "n", n))
	}
	// Output:
	// 1 row
	// 12,000 rows
}
