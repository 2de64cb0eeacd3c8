package assistant

import (
	"slices"
	"strings"

	"cigogne/internal/answer"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/territory"
	"cigogne/internal/texts"
)

// lineage leads a plan from a territory that is gone to the one that holds it:
// a commune that merged before the years asked for has no row of its own in
// them. It says so; refusal is set where the years asked for lie on both sides.
func lineage(out plan.Outcome, l lang.Lang) (led plan.Outcome, refusal string) {
	year, c := yearColumn(out.Candidate), out.Candidate
	if year == nil {
		return out, ""
	}
	years := yearsRead(out.Plan, year)
	if len(years) == 0 {
		return out, ""
	}
	p := *out.Plan
	p.Where = slices.Clone(p.Where)
	for i, f := range p.Where {
		level := levelOf(c, f.Column)
		if level == "" || f.Op != query.Eq || f.Than != nil {
			continue
		}
		values := slices.Clone(f.Values)
		for k, v := range values {
			gone, heir, ok := merged(level, v)
			switch {
			case !ok || gone.Until >= years[len(years)-1]:
			case gone.Until < years[0]:
				values[k] = heir.Name
				out.Assumptions = append(slices.Clone(out.Assumptions), texts.Say(l, "assistant.has_been_part_commune_since_figure", "name", gone.Name, "heir", heir.Name, "year", gone.Until+1))
			case out.Plan.Grouped() && slices.Contains(out.Plan.GroupBy, year.Name):
				out.Caveats = append(slices.Clone(out.Caveats), texts.Say(l, "assistant.has_been_part_since_its_series", "name", gone.Name, "heir", heir.Name, "year", gone.Until+1))
			default:
				return out, texts.Say(l, "assistant.has_been_part_commune_since_there", "name", gone.Name, "heir", heir.Name, "year", gone.Until+1, "until", gone.Until)
			}
		}
		p.Where[i].Values = values
	}
	out.Plan = &p
	return out, ""
}

// merged finds the unit that bears a name no more, with its heir.
func merged(level string, value any) (gone, heir territory.Unit, ok bool) {
	name, isText := value.(string)
	if !isText || !territory.Home().Former(lang.Fold(name)) {
		return gone, heir, false
	}
	for _, u := range territory.Home().Find(name) {
		if u.Level == level && u.Until > 0 && u.Name == name {
			heir, ok = territory.Home().Heir(u)
			return u, heir, ok
		}
	}
	return gone, heir, false
}

// maxChanges is how many territories' changes are told with one answer.
const maxChanges = 3

// changed tells what joined or left a territory between the years that are
// compared: part of the difference is that, and no growth.
func changed(c plan.Candidate, p *query.Plan, a *answer.Answer) {
	year := yearColumn(c)
	if year == nil {
		return
	}
	years := yearsRead(p, year)
	if len(years) < 2 {
		return
	}
	told := 0
	for _, name := range shown(c, p, a) {
		for _, u := range territory.Home().Find(name.text) {
			if u.Level != name.level || u.Until > 0 || u.Name != name.text {
				continue
			}
			for _, x := range u.Changes {
				if x.Year <= years[0] || x.Year > years[len(years)-1] {
					continue
				}
				if told++; told > maxChanges {
					return
				}
				a.Caveats = append(a.Caveats, change(u, x, a.Lang))
			}
		}
	}
}

func change(u territory.Unit, x territory.Change, l lang.Lang) string {
	if u.Level == "commune" {
		older := ""
		for _, n := range u.Older {
			if n.Until == x.Year-1 {
				older = " " + texts.Say(l, "assistant.until_then", "name", n.Text)
			}
		}
		return texts.Say(l, "assistant.has_included_since_part_change_is", "name", u.Name, "older", older, "some", some(x.Gained, l), "year", x.Year)
	}
	var what []string
	if len(x.Gained) > 0 {
		what = append(what, texts.Say(l, "assistant.joined_by")+" "+some(x.Gained, l))
	}
	if len(x.Lost) > 0 {
		what = append(what, texts.Say(l, "assistant.left_by")+" "+some(x.Lost, l))
	}
	return texts.Say(l, "assistant.perimeter_changed_in_part_change", "name", u.Name, "year", x.Year, "what", strings.Join(what, " ; "))
}

// some lists the first names and counts the others.
func some(names []string, l lang.Lang) string {
	const most = 4
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return texts.Say(l, "assistant.and_other_communes", "names", strings.Join(names[:most], ", "), "n", len(names)-most)
}

// placeName is a cell of a column of communes or intercommunalities.
type placeName struct{ level, text string }

// shown lists the territories that an answer is about: those filtered on, and
// those of its rows where it groups by them.
func shown(c plan.Candidate, p *query.Plan, a *answer.Answer) []placeName {
	var names []placeName
	add := func(level string, v any) {
		if s, ok := v.(string); ok && !slices.Contains(names, placeName{level, s}) {
			names = append(names, placeName{level, s})
		}
	}
	for _, f := range p.Where {
		if level := levelOf(c, f.Column); level != "" && f.Op == query.Eq {
			for _, v := range f.Values {
				add(level, v)
			}
		}
	}
	const few = 20 // rows that are read one by one
	if len(a.Rows) > few {
		return names
	}
	for i, g := range p.GroupBy {
		level := levelOf(c, g)
		for _, row := range a.Rows {
			if level != "" && i < len(row) {
				add(level, row[i])
			}
		}
	}
	return names
}

// levelOf is commune or epci where a column holds the names of such, else "".
func levelOf(c plan.Candidate, column string) string {
	if n := note(c.Annotation, column); n.Level == "commune" || n.Level == "epci" {
		return n.Level
	}
	return ""
}

// yearColumn is the column of years that the annotation names, or nil.
func yearColumn(c plan.Candidate) *dataset.Column {
	if c.Annotation == nil {
		return nil
	}
	return c.Table.Column(c.Annotation.Time.Column)
}

// notArrondissement declines the figure of "l'arrondissement de X" where X is a
// commune and no arrondissement is called so: the commune's is not it.
func notArrondissement(out plan.Outcome, question string, l lang.Lang) string {
	c := out.Candidate
	if c.Annotation == nil {
		return ""
	}
	at := slices.IndexFunc(c.Annotation.Column, func(n dataset.ColumnNote) bool { return n.Level == "arrondissement" })
	if at < 0 {
		return ""
	}
	col := c.Table.Column(c.Annotation.Column[at].Name)
	if col == nil || !slices.Contains(out.Plan.Columns, col.Name) || !slices.Contains(out.Plan.Columns, c.Annotation.Measure) {
		return ""
	}
	for _, f := range out.Plan.Where {
		if levelOf(c, f.Column) != "commune" || f.Op != query.Eq || len(f.Values) != 1 {
			continue
		}
		name := lang.Fold(literal(f.Values[0]))
		if !strings.Contains(lang.Fold(question), "arrondissement de "+name) && !strings.Contains(lang.Fold(question), "arrondissement d "+name) {
			continue
		}
		var near []string
		for _, v := range col.Values {
			if strings.Contains(lang.Fold(v.Text), name) {
				near = append(near, v.Text)
			}
		}
		said := texts.Say(l, "assistant.no_arrondissement_is_called", "values", f.Values[0])
		if len(near) > 0 {
			said += " " + texts.Say(l, "assistant.nearest", "near", strings.Join(near, ", "))
		}
		return said
	}
	return ""
}
