package answer_test

import (
	"encoding/json"
	"fmt"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
)

// Who shows an answer writes its blocks in turn: what a block says, or the field
// that holds what it shows.
func Example() {
	b, err := json.Marshal(&answer.Answer{
		Lang: lang.English, Kind: answer.KindFigure, Question: "How many inhabitants in Metz?",
		Headline: answer.Headline{Text: "122,572 inhabitants"}, Sentence: "Sum of population.",
		Caveats: []string{"Census of 2023."},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	var form struct{ Blocks []answer.Block }
	if err := json.Unmarshal(b, &form); err != nil {
		fmt.Println(err)
		return
	}
	for _, block := range form.Blocks {
		fmt.Printf("%s: %s%s\n", block.Kind, block.Text, block.Field)
	}
	// Output:
	// headline: **122,572 inhabitants**
	// sentence: Sum of population.
	// caveats: caveats
}
