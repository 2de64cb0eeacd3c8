package rules

import (
	"slices"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
)

// sexes lets the cells of a column of sexes go by the words for women and men.
func (s *schema) sexes(col int) {
	c := s.t.Columns[col]
	if c.Type != dataset.Text || c.Distinct > 3 || !slices.ContainsFunc(headerWords(c.Name), func(w string) bool {
		return w == "sexe" || w == "genre" || w == "sex" || w == "gender" || w == "civilite"
	}) {
		return
	}
	for _, v := range c.Values {
		var words []string
		switch lang.Fold(v.Text) {
		case "f", "femme", "femmes", "mme", "female", "feminin", "w":
			words = []string{"femme", "women", "woman", "female"}
		case "m", "h", "homme", "hommes", "male", "masculin", "mr":
			words = []string{"homme", "men", "man", "male"}
		}
		for _, w := range words {
			s.tell(valueRef{col: col, texts: []string{v.Text}, words: normAll(w)})
		}
	}
}
