package propose

import (
	"strings"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/plan/ground"
	"cigogne/internal/query"
)

func grants() *ground.Table {
	values := func(texts ...string) []dataset.Value {
		var out []dataset.Value
		for _, t := range texts {
			out = append(out, dataset.Value{Text: t, Count: 10})
		}
		return out
	}
	return ground.NewTable(plan.Candidate{Table: &dataset.Table{ID: "given", Title: "aides.csv", Rows: 60, Columns: []dataset.Column{
		{Name: "Association", Type: dataset.Text, Role: dataset.Key, Distinct: 60, Values: values("Les Amis du Livre", "Club Alpin")},
		{Name: "Domaine", Type: dataset.Text, Role: dataset.Dimension, Distinct: 3, Values: values("Culture", "Sport", "Social")},
		{Name: "Ville", Type: dataset.Text, Role: dataset.Dimension, Distinct: 2, Values: values("Toul", "Bar-le-Duc")},
		{Name: "Montant", Type: dataset.Number, Role: dataset.Measure, Distinct: 50},
		{Name: "Montant demandé", Type: dataset.Number, Role: dataset.Measure, Distinct: 50},
		{Name: "Date de vote", Type: dataset.Date, Role: dataset.Time, Distinct: 40},
		{Name: "Téléphone", Type: dataset.Text, Role: dataset.FreeText, Distinct: 30, Nulls: 20},
	}}}, nil)
}

// A question lists, among others, the plan that a person would write.
func TestPlans(t *testing.T) {
	for question, want := range map[string]string{
		"Combien d'associations à Toul ?":                               `{"table":"given","measures":[{"agg":"count"}],"where":[{"column":"Ville","op":"=","values":["Toul"]}]}`,
		"montant total pour la culture et le sport":                     `{"table":"given","measures":[{"agg":"sum","column":"Montant"}],"where":[{"column":"Domaine","op":"=","values":["Culture","Sport"]}]}`,
		"montant moyen hors sport":                                      `{"table":"given","measures":[{"agg":"avg","column":"Montant"}],"where":[{"column":"Domaine","op":"!=","values":["Sport"]}]}`,
		"Quelle association a reçu le plus gros montant ?":              `{"table":"given","columns":["Association"],"order_by":[{"column":"Montant","desc":true}],"limit":1}`,
		"les 3 villes avec le plus d'associations":                      `{"table":"given","measures":[{"agg":"count"}],"group_by":["Ville"],"order_by":[{"measure":1,"desc":true}],"limit":3}`,
		"montant par domaine":                                           `{"table":"given","measures":[{"agg":"sum","column":"Montant"}],"group_by":["Domaine"]}`,
		"montant par année de vote":                                     `{"table":"given","measures":[{"agg":"sum","column":"Montant"}],"group_by":["Date de vote"],"group_as":["year"]}`,
		"associations ayant reçu plus de 5000 de montant":               `{"table":"given","columns":["Association"],"where":[{"column":"Montant","op":"\u003e","values":[5000]}]}`,
		"Combien d'années de vote ?":                                    `{"table":"given","measures":[{"agg":"count_distinct","column":"Date de vote","as":"year"}]}`,
		"montant total de la dernière année":                            `{"table":"given","measures":[{"agg":"sum","column":"Montant"}],"where":[{"column":"Date de vote","op":"=","as":"year","than":{"table":"given","measures":[{"agg":"max","column":"Date de vote","as":"year"}]}}]}`,
		"moyenne annuelle du montant":                                   `{"table":"given","measures":[{"agg":"sum","column":"Montant"},{"agg":"count_distinct","column":"Date de vote","as":"year"}],"derived":{"op":"ratio","of":1,"over":2}}`,
		"montant total hors domaine sport":                              `{"table":"given","measures":[{"agg":"sum","column":"Montant"}],"where":[{"column":"Domaine","op":"!=","values":["Sport"]}]}`,
		"Combien de votes en mars 2023 ?":                               `{"table":"given","measures":[{"agg":"count"}],"where":[{"column":"Date de vote","op":"between","values":["2023-03-01","2023-03-31"]}]}`,
		"Quelle part du montant va à la culture ?":                      `{"table":"given","measures":[{"agg":"sum","column":"Montant","where":[{"column":"Domaine","op":"=","values":["Culture"]}]},{"agg":"sum","column":"Montant"}],"derived":{"op":"share","of":1,"over":2}}`,
		"différence de montant entre culture et sport":                  `{"table":"given","measures":[{"agg":"sum","column":"Montant","where":[{"column":"Domaine","op":"=","values":["Culture"]}]},{"agg":"sum","column":"Montant","where":[{"column":"Domaine","op":"=","values":["Sport"]}]}],"derived":{"op":"difference","of":1,"over":2}}`,
		"associations sans téléphone":                                   `{"table":"given","columns":["Association"],"where":[{"column":"Téléphone","op":"null"}]}`,
		"Y a-t-il des associations de sport à Toul ?":                   `{"table":"given","measures":[{"agg":"count"}],"where":[{"column":"Domaine","op":"=","values":["Sport"]},{"column":"Ville","op":"=","values":["Toul"]}],"derived":{"op":"verdict","of":1,"value":0,"says":["oui","non","non"]}}`,
		"associations dont le montant est inférieur au montant demandé": `{"table":"given","columns":["Association"],"where":[{"column":"Montant","op":"\u003c","other":"Montant demandé"}]}`,
		"part du montant dans le montant demandé à Toul":                `{"table":"given","measures":[{"agg":"sum","column":"Montant"},{"agg":"sum","column":"Montant demandé"}],"where":[{"column":"Ville","op":"=","values":["Toul"]}],"derived":{"op":"share","of":1,"over":2}}`,
		"top 3 des associations par montant, avec le montant":           `{"table":"given","columns":["Association","Montant"],"order_by":[{"column":"Montant","desc":true}],"limit":3}`,
		"combien de montant de plus à Toul qu'à Bar-le-Duc ?":           `{"table":"given","measures":[{"agg":"sum","column":"Montant","where":[{"column":"Ville","op":"=","values":["Toul"]}]},{"agg":"sum","column":"Montant","where":[{"column":"Ville","op":"=","values":["Bar-le-Duc"]}]}],"derived":{"op":"difference","of":1,"over":2}}`,
		"associations avec un montant plus élevé que Club Alpin":        `{"table":"given","columns":["Association"],"where":[{"column":"Montant","op":"\u003e","than":{"table":"given","columns":["Montant"],"where":[{"column":"Association","op":"=","values":["Club Alpin"]}],"limit":1}}]}`,
		"ville qui arrive deuxième pour le montant":                     `{"table":"given","measures":[{"agg":"sum","column":"Montant"}],"group_by":["Ville"],"order_by":[{"measure":1,"desc":true}],"limit":1,"offset":1}`,
		"où se trouve l'association au plus gros montant ?":             `{"table":"given","columns":["Ville"],"order_by":[{"column":"Montant","desc":true}],"limit":1}`,
		"Combien de villes différentes ?":                               `{"table":"given","measures":[{"agg":"count_distinct","column":"Ville"}]}`,
		"domaines avec au moins 10 associations":                        `{"table":"given","measures":[{"agg":"count"}],"group_by":["Domaine"],"having":[{"measure":1,"op":"\u003e=","value":10}]}`,
	} {
		t.Run(question, func(t *testing.T) {
			table := grants()
			q, err := ground.Read(question, lang.French, nil)
			if err != nil {
				t.Fatal(err)
			}
			plans := Plans(ground.On(q, table))
			var keys []string
			found := false
			for _, p := range plans {
				if err := query.Validate(p, func(string) *dataset.Table { return table.Table }); err != nil && !strings.Contains(err.Error(), "needs a") {
					t.Errorf("%s: %v", keyOf(p), err)
				}
				keys = append(keys, keyOf(p))
				found = found || keyOf(p) == want
			}
			if !found {
				t.Errorf("not among %d plans: %s\n%s", len(plans), want, strings.Join(keys[:min(len(keys), 40)], "\n"))
			}
			if len(plans) > 700 {
				t.Errorf("%d plans are too many to weigh", len(plans))
			}
		})
	}
}
