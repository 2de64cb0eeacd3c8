package lang_test

import (
	"fmt"

	"cigogne/internal/lang"
)

// Numbers are read and written the way each language does; texts that only differ
// by case, accents and signs compare equal once folded.
func Example() {
	n, ok := lang.ParseNumber("1 234,5", lang.French)
	fmt.Println(n, ok)
	fmt.Println(lang.FormatNumber(1234.5, 1, lang.English))
	fmt.Println(lang.Fold("L’Élan d’Œuf") == lang.Fold("l'elan d'oeuf"))
	fmt.Println(lang.Detect("Wie viele Einwohner hat Straßburg?"))
	// Output:
	// 1234.5 true
	// 1,234.5
	// true
	// de
}
