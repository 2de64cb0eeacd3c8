package replay

import (
	"strings"
	"time"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
)

// Sentence says to a person what came of it.
func (r Report) Sentence(l lang.Lang) string {
	var parts []string
	switch r.State {
	case Same:
		parts = append(parts, l.Pick("mêmes chiffres, sur les fichiers du ", "the same figures, on the files of ")+l.Pick(r.At.Format("02/01/2006"), r.At.Format(time.DateOnly)))
	case Differs:
		parts = append(parts, l.Pick("AUTRES chiffres sur les mêmes fichiers : ", "OTHER figures on the same files: ")+list(r.Changes, l))
	case Gone:
		parts = append(parts, l.Pick("le fichier qui a servi n'est plus là", "the file it was made of is gone"))
	case Altered:
		parts = append(parts, l.Pick("le fichier qui a servi a été modifié", "the file it was made of was altered"))
	case Nothing:
		parts = append(parts, l.Pick("rien à recalculer", "nothing to compute"))
	}
	switch n := r.Newer; {
	case n == nil:
	case n.Failed:
		parts = append(parts, l.Pick("les données d'aujourd'hui ne permettent plus ce calcul", "today's data do not allow this computation any more"))
	case n.Same:
		parts = append(parts, l.Pick("des données plus récentes donnent la même chose", "newer data give the same"))
	default:
		parts = append(parts, l.Pick("des données plus récentes donnent : ", "newer data give: ")+list(n.Changes, l))
	}
	return strings.Join(parts, l.Pick(" ; ", "; "))
}

// list writes changes: "Metz : 120 874 → 121 695".
func list(changes []Change, l lang.Lang) string {
	var out []string
	for _, c := range changes {
		switch { // rows of a list, without a number
		case c.Was == nil && c.Now == true:
			out = append(out, c.What+l.Pick(" en plus", " added"))
			continue
		case c.Now == nil && c.Was == true:
			out = append(out, c.What+l.Pick(" en moins", " removed"))
			continue
		}
		s := ""
		if c.What != "" {
			s = c.What + l.Pick(" : ", ": ")
		}
		out = append(out, s+answer.Cell(c.Was, c.Unit, false, l)+" → "+answer.Cell(c.Now, c.Unit, false, l))
	}
	return strings.Join(out, ", ")
}
