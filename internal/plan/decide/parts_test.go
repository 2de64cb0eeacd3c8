package decide

import (
	"testing"

	"cigogne/internal/lang"
	"cigogne/internal/plan/ground"
)

func TestCalls(t *testing.T) {
	for name, c := range map[string]struct {
		question, part string
		want           int
	}{
		"a sheet by its name":             {"total des décès par commune", "Décès", 1},
		"an entry by its year":            {"total des entrées en 2021", "musees_2021.csv", 1},
		"a file of a timetable":           {"combien d'arrêts ?", "arrêts (stops.txt)", 1},
		"small words call nothing":        {"combien de lignes ?", "de la ville", 0},
		"a file of one table has no name": {"combien de lignes ?", "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			q, err := ground.Read(c.question, lang.French, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := calls(q, c.part); got != c.want {
				t.Errorf("%d, want %d", got, c.want)
			}
		})
	}
}
