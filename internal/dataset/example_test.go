package dataset_test

import (
	"fmt"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
)

// A text of an annotation is said in the language asked for, in French where it is
// not written in that one.
func ExampleBilingual_In() {
	rows := dataset.Bilingual{FR: "hiboux", EN: "owls"}
	fmt.Println(rows.In(lang.English), rows.In(lang.German), rows.Says(lang.German))
	// Output: owls hiboux false
}
