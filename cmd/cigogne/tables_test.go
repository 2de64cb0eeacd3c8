package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
)

// TestTables asks files that nobody annotated: what the headers and the cells
// say is all there is. A question that they do not answer is asked back or declined.
func TestTables(t *testing.T) {
	h := newHouse(newProgram(options{data: t.TempDir() + "/none"}, stdio{in: strings.NewReader(""), out: io.Discard, err: io.Discard, env: func(string) string { return "" }}))
	defer h.Close()
	for _, tt := range []struct{ file, question, want string }{
		// Days, months, decades.
		{"courses.csv", "Combien de courses après le 14 avril 2019 ?", "[[4]]"},
		{"courses.csv", "Combien de courses en mars ?", "[[2]]"},
		{"courses.csv", "Combien de courses avant le 2 juin 2019 ?", "[[2]]"},
		{"courses.csv", "how many courses in september 2019", "[[1]]"},
		{"towers.csv", "how many towers were built in the 1970s", "[[1]]"},
		{"towers.csv", "which towers were built no later than 1901", "[[Cathedral] [Mill House]]"},
		// Units.
		{"courses.csv", "Quelles courses font plus de 30 km ?", "[[Trail des Vosges] [Trail du Ballon]]"},
		{"towers.csv", "how many towers are taller than 200 feet", "[[4]]"},
		{"towers.csv", "which tower has a height of more than 160 ft but less than 208 ft", "[[Spire]]"},
		// Durations, ranks, sizes.
		{"courses.csv", "what is the longest Temps", "[[3:10:20]]"},
		{"courses.csv", "quel est le vainqueur au 4e rang", "[[Marc Petit (junior)]]"},
		{"towers.csv", "which is the tallest tower", "[[Cathedral 466]]"},
		// The one before, the one after, the first of the file.
		{"courses.csv", "which course comes after Corrida de Reims", "[[Grand Prix de Metz]]"},
		{"towers.csv", "what is the name listed before Gate", "[[Mill House]]"},
		{"towers.csv", "what is the last tower listed", "[[Rail Point]]"},
		// Comparisons that want a word.
		{"towers.csv", "is the Spire taller than the Gate?", "[[205 150 yes]]"},
		{"towers.csv", "does Gate have more or less floors than Spire?", "[[12 17 less]]"},
		{"towers.csv", "was Mill House built before or after Spire?", "[[1901 2003 before]]"},
		{"towers.csv", "which has more floors, Gate or Spire?", "[[Spire 17]]"},
		{"towers.csv", "how many more floors does Spire have than Gate", "[[17 12 5]]"},
		// Cells that say more than their name.
		{"towers.csv", "how many towers are for office use", "[[4]]"},
		{"courses.csv", "combien de courses avec un parcours plat", "[[3]]"},
		{"courses.csv", "quelle est la distance du Trail du Ballon", "[[41]]"},
		// Who did it most, groups with so many.
		{"courses.csv", "who won the most Grand Prix de Metz", "[[Anna Roy 1] [Zoé Klein 1]]"},
		{"towers.csv", "which country is listed the most", "[[France 3]]"},
		{"towers.csv", "which country has more than one city", "[[France 2]]"},
		// Rows that are what a thing was each year are not the things.
		{"musees.csv", "Combien de musées ?", "[[4]]"},
		{"musees.csv", "Combien de musées à Lille ?", "[[2]]"},
		{"ecoles.csv", "Combien d'écoles privées ?", "[[2]]"},
		{"ecoles.csv", "how many pupils in public schools in 2021", "[[302]]"},
		{"ecoles.csv", "Nombre moyen d'élèves par classe en 2023", "[[528 22 24]]"},
		{"ecoles.csv", "Évolution en % des élèves de l'École du Bourg entre 2021 et 2023", "[[223 210 6.190476190476191]]"},
		{"ecoles.csv", "Quelle école a perdu des élèves entre 2021 et 2023 ?", ""},
		// Amounts are columns, never a number of rows.
		{"marches.csv", "Montant total des marchés de travaux", "[[1.97325075e+06]]"},
		{"marches.csv", "Quel est le montant du lot 2 de la rénovation de l'école Jules Ferry ?", "[[98000]]"},
		{"marches.csv", "Quel est le montant des marchés de BTP Gard ?", ""},
		{"marches.csv", "Quel est le premier marché notifié en 2023 ?", "[[2023-001]]"},
		{"subventions.csv", "total amount for Culture", "[[32200]]"},
		{"subventions.csv", "Total des subventions à Sète hors Culture", "[[21500.5]]"},
		{"subventions.csv", "Qui a reçu la plus grosse subvention ?", "[[Les Restos du cœur 27500]]"},
		{"subventions.csv", "which beneficiary got the largest grant in 2023", "[[Les Restos du cœur 27500]]"},
		{"subventions.csv", "Combien a reçu l'Harmonie municipale ?", "[[6200]]"},
		{"subventions.csv", "Combien de dossiers sans date de décision ?", "[[1]]"},
		{"musees.csv", "Combien d'entrées au total en 2019 ?", ""}, // with or without a ticket?
		{"musees.csv", "Combien d'entrées payantes en 2021 ?", "[[202000]]"},
		{"bornes.csv", "Puissance moyenne des stations Izivia", "[[17.133333333333333]]"},
		// People, and what they are.
		{"elus.csv", "Combien de femmes maires ?", "[[1]]"},
		{"elus.csv", "Nombre d'hommes et de femmes", "[[F 5] [M 6]]"},
		{"elus.csv", "Combien de femmes et d'hommes au total ?", "[[11]]"},
		// A year is of the date that is named, and of none where none is.
		{"elus.csv", "Combien d'élus ont commencé leur mandat en 2022 ?", "[[1]]"},
		{"elus.csv", "Combien d'élus sont nés avant 1970 ?", "[[4]]"},
		{"elus.csv", "Combien d'élus en 2022 ?", ""},
		{"travaux.csv", "Combien de rues sont en travaux en 2023 ?", ""}, // begun, ended, under way?
		// Pupils of several years do not add up.
		{"ecoles.csv", "Combien d'élèves au total ?", ""},
		{"ecoles.csv", "Combien d'élèves en 2023 ?", "[[528]]"},
		{"elus.csv", "Combien d'adjoints au maire ?", "[[3]]"},
		{"elus.csv", "Qui est le maire de Laon ?", "[[Éric DELHAYE]]"},
		// Numbers said in other units than the header's.
		{"travaux.csv", "Combien de travaux de plus de 500 000 € ?", "[[4]]"},
		{"travaux.csv", "Combien de travaux ont un coût entre 100 000 et 500 000 € ?", "[[4]]"},
		{"travaux.csv", "Quels travaux ont un coût de plus de 1 million d'euros ?", "[[Avenue du Prado] [Rue de Rome]]"},
		{"marches.csv", "Combien de marchés de plus d'un million d'euros ?", "[[1]]"},
		{"marches.csv", "Combien de marchés de plus de 300 k€ ?", "[[4]]"},
		{"travaux.csv", "Combien de chantiers dans le 6e arrondissement ?", "[[3]]"},
		{"travaux.csv", "Combien de travaux se terminent avant le 1er juillet 2023 ?", "[[4]]"},
		{"ecoles.csv", "Combien de classes par école en 2022 ?", "[[École Diwan 2] [École Jean Jaurès 4] [École Sainte-Anne 7] [École du Bourg 9]]"},
		{"communes.csv", "Combien de communes commencent par la lettre S ?", "[[1]]"},
		{"communes.csv", "Quelle est la population de Gap et Embrun ?", "[[Gap 40631] [Embrun 6190]]"},
		// Years side by side, shares within groups, amounts asked by "combien".
		{"subventions.csv", "Combien de subventions en 2022 et en 2023 ?", "[[11]]"},
		{"elus.csv", "Part des femmes par département", "[[Ain 3 6 50] [Aisne 2 5 40]]"},
		{"subventions.csv", "Combien de clubs ?", ""}, // three, with four grants
		{"subventions.csv", "Combien pour l'aide alimentaire ?", "[[70500]]"},
		{"elus.csv", "Quels élus sont retraités ?", "[[Daniel MARTIN] [Éric DELHAYE] [Anne LEFÈVRE]]"},
		// What is not there, or not one thing.
		{"towers.csv", "how many towers in Paris", ""},
		{"towers.csv", "what was the average rent", ""},
		{"towers.csv", "what is the only tower in Strasbourg", ""},
		{"towers.csv", "which two towers are in France", ""},
		{"courses.csv", "combien de courses le 3e jour", ""},
		{"courses.csv", "what is the month of the last course", ""},
	} {
		t.Run(tt.question, func(t *testing.T) {
			as, err := h.assistant(t.Context(), filepath.Join("testdata", "tables", tt.file))
			if err != nil {
				t.Fatal(err)
			}
			a, err := as.Ask(t.Context(), assistant.Question{Text: tt.question})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if a.Answered() {
				got = strings.ReplaceAll(fmt.Sprint(a.Rows), "\u00a0", " ")
			}
			if got != tt.want {
				t.Errorf("%s\n got %q (%s)\nwant %q\n%s", tt.question, got, a.Kind, tt.want, a.SQL+a.Text)
			}
			if a.Answered() && a.Kind == answer.KindFigure && len(a.Figures) == 0 {
				t.Error("a figure without a figure")
			}
		})
	}
}
