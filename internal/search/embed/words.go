package embed

import "context"

// Words places words and short texts in the space of a table, for those who
// compare them one by one: a planner links the words of a question to headers.
type Words struct{ *Static }

// Vector is the vector of a text, nil where no word of it is known.
func (w Words) Vector(text string) []float32 {
	v, err := w.Query(context.Background(), text)
	if err != nil {
		return nil
	}
	for _, x := range v {
		if x != 0 {
			return v
		}
	}
	return nil
}
