package lift_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/plan/lift"
	"cigogne/internal/query"
	"cigogne/internal/warehouse"
)

// grants is a table of subsidies, a row each.
func grants() *dataset.Table {
	values := func(texts ...string) (vs []dataset.Value) {
		for _, t := range texts {
			vs = append(vs, dataset.Value{Text: t, Count: 2})
		}
		return vs
	}
	return &dataset.Table{ID: "grants", Rows: 20, Columns: []dataset.Column{
		{Name: "Année", Type: dataset.Integer, Role: dataset.Year, Distinct: 2},
		{Name: "Bénéficiaire", Type: dataset.Text, Role: dataset.Dimension, Distinct: 4, Values: values("Croix-Rouge", "CROIX ROUGE", "Harmonie", "Élan d'Œuf")},
		{Name: "commune", Type: dataset.Text, Role: dataset.Dimension, Distinct: 3, Nulls: 1, Values: values("Metz", "Reims", "Saint-Dié")},
		{Name: "Montant (€)", Type: dataset.Number, Role: dataset.Measure, Unit: "€", Distinct: 19},
		{Name: "promis", Type: dataset.Number, Role: dataset.Measure, Distinct: 19},
		{Name: "décision", Type: dataset.Date, Role: dataset.Time, Distinct: 18},
		{Name: "relevé", Type: dataset.DateTime, Role: dataset.Time, Distinct: 18},
		{Name: "note", Type: dataset.Text, Role: dataset.Dimension, Distinct: 3, Values: values("1.0", "2", "08")},
		{Name: "actif", Type: dataset.Boolean, Role: dataset.Dimension, Distinct: 2, Values: values("true", "false")},
	}}
}

// lifter lifts with DuckDB's parser. Every count of rows is what rows says; nil:
// there is nothing to look at.
func lifter(t testing.TB, rows any) *lift.Lifter {
	t.Helper()
	door, err := warehouse.OpenDoor(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { door.Close() })
	if rows == nil {
		return lift.New(door, nil)
	}
	return lift.New(door, func(_ context.Context, p *query.Plan) ([][]any, error) { return [][]any{{rows}}, nil })
}

// short writes a plan without what every plan here has.
func short(p *query.Plan) string {
	b, _ := json.Marshal(p)
	s := strings.NewReplacer(`"table":"grants",`, "", `"table":"grants"`, "").Replace(string(b))
	return strings.ReplaceAll(s, `"`, "")
}

func TestLift(t *testing.T) {
	alone, oneRow := lifter(t, nil), lifter(t, int64(1))
	for sql, want := range map[string]string{
		// Lists.
		`SELECT beneficiaire FROM grants`:                                                                      `{columns:[Bénéficiaire]}`,
		`select distinct "COMMUNE" from grants`:                                                                `{columns:[commune],distinct:true}`,
		`SELECT g.commune, g.montant FROM grants AS g LIMIT 5 OFFSET 2`:                                        `{columns:[commune,Montant (€)],limit:5,offset:2}`,
		`SELECT commune FROM grants ORDER BY promis DESC, 1 LIMIT 1`:                                           `{columns:[commune],order_by:[{column:promis,desc:true},{column:commune}],limit:1}`,
		`SELECT commune AS ou FROM grants GROUP BY ou`:                                                         `{columns:[commune],distinct:true}`,
		`SELECT lower(commune) FROM grants`:                                                                    `{columns:[commune]}`,
		`SELECT commune, max(promis) FROM grants`:                                                              `{columns:[commune,promis],order_by:[{column:promis,desc:true}],limit:1}`, // as SQLite reads it
		`SELECT commune FROM grants WHERE promis = (SELECT max(promis) FROM grants)`:                           `{columns:[commune],where:[{column:promis,op:=,than:{measures:[{agg:max,column:promis}]}}]}`,
		`SELECT commune FROM grants WHERE promis > (SELECT AVG(promis) FROM grants WHERE annee = 2020)`:        `{columns:[commune],where:[{column:promis,op:\u003e,than:{measures:[{agg:avg,column:promis}],where:[{column:Année,op:=,values:[2020]}]}}]}`,
		`SELECT commune FROM grants WHERE commune NOT IN (SELECT commune FROM grants ORDER BY promis LIMIT 1)`: `{columns:[commune],where:[{column:commune,op:!=,than:{columns:[commune],order_by:[{column:promis}],limit:1}}]}`,

		// Names as models misremember them.
		`SELECT communes FROM grants WHERE "year" = 2020`: `{columns:[commune],where:[{column:Année,op:=,values:[2020]}]}`,

		// Aggregates and groups.
		`SELECT COUNT(*) FROM grants`:                                                                                                   `{measures:[{agg:count}]}`,
		`SELECT count(1), count(promis), count(commune) FROM grants`:                                                                    `{measures:[{agg:count},{agg:count,column:commune}]}`, // promis has no empty cell
		`SELECT COUNT(DISTINCT commune) FROM grants`:                                                                                    `{measures:[{agg:count_distinct,column:commune}]}`,
		`SELECT count(DISTINCT CASE WHEN actif THEN commune END) FROM grants`:                                                           `{measures:[{agg:count_distinct,column:commune}],where:[{column:actif,op:=,values:[true]}]}`,
		`SELECT round(avg(montant), 2) FROM grants`:                                                                                     `{measures:[{agg:avg,column:Montant (€)}]}`,
		`SELECT sum(CAST(note AS DOUBLE)) FROM grants`:                                                                                  `{measures:[{agg:sum,column:note,as:number}]}`,
		`SELECT commune, SUM(montant) AS total FROM grants GROUP BY commune HAVING total > 10 ORDER BY total DESC LIMIT 3`:              `{measures:[{agg:sum,column:Montant (€)}],group_by:[commune],having:[{measure:1,op:\u003e,value:10}],order_by:[{measure:1,desc:true}],limit:3}`,
		`SELECT commune FROM grants GROUP BY 1 ORDER BY count(*) DESC LIMIT 1`:                                                          `{measures:[{agg:count}],group_by:[commune],order_by:[{measure:1,desc:true}],limit:1}`,
		`SELECT commune FROM grants GROUP BY ALL`:                                                                                       `{columns:[commune],distinct:true}`,
		`SELECT count(*) FROM (SELECT commune FROM grants GROUP BY commune HAVING count(*) >= 2)`:                                       `{measures:[{agg:count}],group_by:[commune],having:[{measure:1,op:\u003e=,value:2}],tally:true}`,
		`SELECT max(n) FROM (SELECT commune, count(*) AS n FROM grants GROUP BY commune)`:                                               `{measures:[{agg:count}],group_by:[commune],order_by:[{measure:1,desc:true}],limit:1}`,
		`SELECT avg(n) FROM (SELECT note, sum(promis) AS n FROM grants GROUP BY note)`:                                                  `{measures:[{agg:sum,column:promis},{agg:count_distinct,column:note}],derived:{op:ratio,of:1,over:2}}`,
		`SELECT commune, sum(promis) FROM (SELECT DISTINCT commune, note, promis FROM grants WHERE commune <> 'Metz') GROUP BY commune`: `{measures:[{agg:sum,column:promis,once:[commune,note]}],group_by:[commune],where:[{column:commune,op:!=,values:[Metz]}]}`,
		`SELECT sum(montant + promis) FROM grants`:                                                                                      `{measures:[{agg:sum,column:Montant (€)},{agg:sum,column:promis}],derived:{op:total,of:1,over:2}}`,

		// Conditions.
		`SELECT count(*) FROM grants WHERE montant < promis`:                                      `{measures:[{agg:count}],where:[{column:Montant (€),op:\u003c,other:promis}]}`,
		`SELECT count(*) FROM grants WHERE commune = 'metz' AND annee = '2020'`:                   `{measures:[{agg:count}],where:[{column:commune,op:=,values:[Metz]},{column:Année,op:=,values:[2020]}]}`,
		`SELECT count(*) FROM grants WHERE commune = "Saint Die"`:                                 `{measures:[{agg:count}],where:[{column:commune,op:=,values:[Saint-Dié]}]}`,
		`SELECT count(*) FROM grants WHERE lower(beneficiaire) = 'croix-rouge'`:                   `{measures:[{agg:count}],where:[{column:Bénéficiaire,op:=,values:[Croix-Rouge,CROIX ROUGE]}]}`,
		`SELECT count(*) FROM grants WHERE beneficiaire = 'Croix-Rouge'`:                          `{measures:[{agg:count}],where:[{column:Bénéficiaire,op:=,values:[Croix-Rouge]}]}`,
		`SELECT count(*) FROM grants WHERE commune = 'Metz' OR commune = 'Reims'`:                 `{measures:[{agg:count}],where:[{column:commune,op:=,values:[Metz,Reims]}]}`,
		`SELECT count(*) FROM grants WHERE NOT (commune = 'Metz' OR promis < 5)`:                  `{measures:[{agg:count}],where:[{column:commune,op:!=,values:[Metz]},{column:promis,op:\u003e=,values:[5]}]}`,
		`SELECT count(*) FROM grants WHERE commune NOT IN ('Metz', 'Reims')`:                      `{measures:[{agg:count}],where:[{column:commune,op:!=,values:[Metz,Reims]}]}`,
		`SELECT count(*) FROM grants WHERE commune <> '' AND 10 <= promis`:                        `{measures:[{agg:count}],where:[{column:commune,op:not_null},{column:promis,op:\u003e=,values:[10]}]}`,
		`SELECT count(*) FROM grants WHERE commune IS NULL AND promis BETWEEN 1 AND 2.5`:          `{measures:[{agg:count}],where:[{column:commune,op:null},{column:promis,op:between,values:[1,2.5]}]}`,
		`SELECT count(*) FROM grants WHERE beneficiaire LIKE '%rouge%' AND commune LIKE 'saint%'`: `{measures:[{agg:count}],where:[{column:Bénéficiaire,op:contains,values:[rouge]},{column:commune,op:starts,values:[saint]}]}`,
		`SELECT count(*) FROM grants WHERE commune LIKE '%s'`:                                     `{measures:[{agg:count}],where:[{column:commune,op:=,values:[Reims]}]}`,
		`SELECT count(*) FROM grants WHERE beneficiaire NOT ILIKE 'croix%'`:                       `{measures:[{agg:count}],where:[{column:Bénéficiaire,op:!=,values:[Croix-Rouge,CROIX ROUGE]}]}`,
		`SELECT count(*) FROM grants WHERE contains(lower(strip_accents(commune)), 'die')`:        `{measures:[{agg:count}],where:[{column:commune,op:contains,values:[die]}]}`,
		`SELECT count(*) FROM grants WHERE position('ei' IN commune) > 0`:                         `{measures:[{agg:count}],where:[{column:commune,op:contains,values:[ei]}]}`,
		`SELECT count(*) FROM grants WHERE left(commune, 1) = 'M'`:                                `{measures:[{agg:count}],where:[{column:commune,op:starts,values:[M]}]}`,
		`SELECT count(*) FROM grants WHERE note = 1`:                                              `{measures:[{agg:count}],where:[{column:note,op:=,values:[1.0]}]}`,
		`SELECT count(*) FROM grants WHERE note > 1`:                                              `{measures:[{agg:count}],where:[{column:note,op:\u003e,as:number,values:[1]}]}`,
		`SELECT count(*) FROM grants WHERE actif AND note = '08'`:                                 `{measures:[{agg:count}],where:[{column:actif,op:=,values:[true]},{column:note,op:=,values:[08]}]}`,
		`SELECT count(*) FROM grants WHERE actif = 'oui'`:                                         `{measures:[{agg:count}],where:[{column:actif,op:=,values:[true]}]}`,

		// Days.
		`SELECT count(*) FROM grants WHERE decision >= '2020-03-01'`:                      `{measures:[{agg:count}],where:[{column:décision,op:\u003e=,values:[2020-03-01]}]}`,
		`SELECT count(*) FROM grants WHERE year(decision) = 2020`:                         `{measures:[{agg:count}],where:[{column:décision,op:between,values:[2020-01-01,2020-12-31]}]}`,
		`SELECT count(*) FROM grants WHERE CAST(releve AS DATE) = '2024-05-01'`:           `{measures:[{agg:count}],where:[{column:relevé,op:\u003e=,values:[2024-05-01]},{column:relevé,op:\u003c,values:[2024-05-02]}]}`,
		`SELECT count(*) FROM grants WHERE releve::date <= '2024-12-31'`:                  `{measures:[{agg:count}],where:[{column:relevé,op:\u003c,values:[2025-01-01]}]}`,
		`SELECT count(*) FROM grants WHERE date(releve) > '2024-05-01'`:                   `{measures:[{agg:count}],where:[{column:relevé,op:\u003e=,values:[2024-05-02]}]}`,
		`SELECT count(*) FROM grants WHERE extract(year FROM releve) = 2020`:              `{measures:[{agg:count}],where:[{column:relevé,op:\u003e=,values:[2020-01-01]},{column:relevé,op:\u003c,values:[2021-01-01]}]}`,
		`SELECT count(*) FROM grants WHERE strftime(decision, '%Y-%m') = '2020-02'`:       `{measures:[{agg:count}],where:[{column:décision,op:between,values:[2020-02-01,2020-02-29]}]}`,
		`SELECT count(*) FROM grants WHERE month(decision) = 11`:                          `{measures:[{agg:count}],where:[{column:décision,op:=,as:month,values:[11]}]}`,
		`SELECT count(*) FROM grants WHERE decision > strptime('2020-03-01', '%Y-%m-%d')`: `{measures:[{agg:count}],where:[{column:décision,op:\u003e,values:[2020-03-01]}]}`,
		`SELECT count(*) FROM grants WHERE year(annee) > 2019`:                            `{measures:[{agg:count}],where:[{column:Année,op:\u003e,values:[2019]}]}`,

		// Figures made of others.
		`SELECT 100.0 * count(*) FILTER (WHERE actif) / count(*) FROM grants`:                                                                                      `{measures:[{agg:count,where:[{column:actif,op:=,values:[true]}]},{agg:count}],derived:{op:share,of:1,over:2}}`,
		`SELECT sum(CASE WHEN actif THEN montant ELSE 0 END) * 100 / nullif(sum(montant), 0) FROM grants`:                                                          `{measures:[{agg:sum,column:Montant (€),where:[{column:actif,op:=,values:[true]}]},{agg:sum,column:Montant (€)}],derived:{op:share,of:1,over:2}}`,
		`SELECT 100 * avg(CASE WHEN actif THEN 1.0 ELSE 0 END) FROM grants`:                                                                                        `{measures:[{agg:count,where:[{column:actif,op:=,values:[true]}]},{agg:count}],derived:{op:share,of:1,over:2}}`,
		`SELECT 100.0 * count(*) / (SELECT count(*) FROM grants) FROM grants WHERE commune = 'Metz'`:                                                               `{measures:[{agg:count,where:[{column:commune,op:=,values:[Metz]}]},{agg:count}],derived:{op:share,of:1,over:2}}`,
		`SELECT commune, 100.0 * count(*) / sum(count(*)) OVER () FROM grants GROUP BY commune`:                                                                    `{measures:[{agg:count}],group_by:[commune],derived:{op:share_of_total,of:1}}`,
		`SELECT commune, count(*) * 100.0 / (SELECT count(*) FROM grants) FROM grants GROUP BY commune`:                                                            `{measures:[{agg:count}],group_by:[commune],derived:{op:share_of_total,of:1}}`,
		`SELECT (SELECT sum(promis) FROM grants WHERE annee = 2021 AND actif) - (SELECT sum(promis) FROM grants WHERE annee = 2020 AND actif)`:                     `{measures:[{agg:sum,column:promis,where:[{column:Année,op:=,values:[2021]}]},{agg:sum,column:promis,where:[{column:Année,op:=,values:[2020]}]}],where:[{column:actif,op:=,values:[true]}],derived:{op:difference,of:1,over:2}}`,
		`SELECT 100.0 * (sum(promis) FILTER (WHERE annee = 2021) - sum(promis) FILTER (WHERE annee = 2020)) / sum(promis) FILTER (WHERE annee = 2020) FROM grants`: `{measures:[{agg:sum,column:promis,where:[{column:Année,op:=,values:[2021]}]},{agg:sum,column:promis,where:[{column:Année,op:=,values:[2020]}]}],derived:{op:growth,of:1,over:2}}`,
		`SELECT commune FROM grants GROUP BY 1 ORDER BY sum(montant) / sum(promis) DESC LIMIT 1`:                                                                   `{measures:[{agg:sum,column:Montant (€)},{agg:sum,column:promis}],group_by:[commune],order_by:[{measure:3,desc:true}],limit:1,derived:{op:ratio,of:1,over:2}}`,
		`SELECT CASE WHEN count(*) > 3 THEN 'oui' ELSE 'non' END FROM grants`:                                                                                      `{measures:[{agg:count}],derived:{op:verdict,of:1,value:3,says:[oui,non,non]}}`,
	} {
		t.Run(sql, func(t *testing.T) {
			p, err := alone.Lift(t.Context(), sql, []lift.Table{{Table: grants()}})
			if err != nil {
				t.Fatal(err)
			}
			if got := short(p); strings.ReplaceAll(got, ",}", "}") != want {
				t.Errorf("\n got %s\nwant %s", got, want)
			}
		})
	}

	// What the rows have to tell: that a figure is made of the cells of one.
	for sql, want := range map[string]string{
		`SELECT montant - promis FROM grants WHERE beneficiaire = 'Harmonie'`:                    `{measures:[{agg:max,column:Montant (€)},{agg:max,column:promis}],where:[{column:Bénéficiaire,op:=,values:[Harmonie]}],derived:{op:difference,of:1,over:2}}`,
		`SELECT beneficiaire FROM grants ORDER BY montant / promis DESC LIMIT 1`:                 `{measures:[{agg:max,column:Montant (€)},{agg:max,column:promis}],group_by:[Bénéficiaire],order_by:[{measure:3,desc:true}],limit:1,derived:{op:ratio,of:1,over:2}}`,
		`SELECT CASE commune WHEN 'Metz' THEN 'oui' ELSE 'non' END FROM grants WHERE promis = 3`: `{measures:[{agg:count,where:[{column:commune,op:=,values:[Metz]}]}],where:[{column:promis,op:=,values:[3]}],derived:{op:verdict,of:1,value:0,says:[oui,non,non]}}`,
		`SELECT commune, count(*) FROM grants GROUP BY note`:                                     `{measures:[{agg:count}],group_by:[commune,note]}`,
	} {
		t.Run(sql, func(t *testing.T) {
			p, err := oneRow.Lift(t.Context(), sql, []lift.Table{{Table: grants()}})
			if err != nil {
				t.Fatal(err)
			}
			if got := short(p); strings.ReplaceAll(got, ",}", "}") != want {
				t.Errorf("\n got %s\nwant %s", got, want)
			}
			var u *lift.Unsupported
			if _, err := alone.Lift(t.Context(), sql, []lift.Table{{Table: grants()}}); !errors.As(err, &u) {
				t.Errorf("lifted without looking: %v", err)
			}
		})
	}
}

// TestNotLifted names what no plan says: nothing of a SELECT is dropped on the way.
func TestNotLifted(t *testing.T) {
	l := lifter(t, nil)
	for sql, why := range map[string]string{
		`SELECT commune FROM grants UNION SELECT note FROM grants`:                        "UNION",
		`WITH x AS (SELECT 1) SELECT commune FROM grants`:                                 "WITH",
		`SELECT a.commune FROM grants a JOIN grants b ON a.note = b.note`:                 "join",
		`SELECT commune FROM grants QUALIFY rank() OVER (ORDER BY promis) = 1`:            "QUALIFY",
		`SELECT commune, rank() OVER (ORDER BY promis) FROM grants`:                       "window function",
		`SELECT count(*) FROM grants WHERE promis > commune`:                              "a comparison of a column with",
		`SELECT count(*) FROM grants WHERE commune = 'Metz' OR promis > 3`:                "OR",
		`SELECT count(*) FROM grants WHERE promis NOT BETWEEN 1 AND 2`:                    "NOT BETWEEN",
		`SELECT count(*) FROM grants WHERE EXISTS (SELECT 1 FROM grants)`:                 "exists",
		`SELECT count(*) FROM grants WHERE regexp_matches(commune, '^M')`:                 "regular expression",
		`SELECT count(*) FROM grants WHERE promis = 'beaucoup'`:                           "the value beaucoup",
		`SELECT count(*) FROM grants WHERE year(promis) = 2020`:                           "holds no days",
		`SELECT year(decision), count(*) FROM grants GROUP BY 1`:                          "GROUP BY year",
		`SELECT DISTINCT ON (commune) commune, promis FROM grants`:                        "DISTINCT ON",
		`SELECT stddev(promis) FROM grants`:                                               "stddev",
		`SELECT sum(DISTINCT promis) FROM grants`:                                         "DISTINCT",
		`SELECT sum(promis * montant) FROM grants`:                                        "sum of",
		`SELECT sum(promis) / 1000 FROM grants`:                                           "computation",
		`SELECT sum(promis) - avg(promis), sum(montant) + 1 FROM grants`:                  "computation",
		`SELECT commune, sum(promis) FROM grants`:                                         "without GROUP BY",
		`SELECT population FROM grants`:                                                   `no column "population"`,
		`SELECT avg(n) FROM (SELECT commune, count(*) AS n FROM grants GROUP BY commune)`: "of groups", // one commune is empty
		`SELECT sum(promis) FROM (SELECT DISTINCT commune, note FROM grants)`:             "does not give",
		`SELECT count(*) FROM (SELECT commune FROM grants LIMIT 3)`:                       "some rows",
		`SELECT avg(promis) FROM (SELECT promis FROM grants)`:                             "from another",
		`SELECT commune FROM grants LIMIT 10 PERCENT`:                                     "limit percent",
		`SELECT 1`:                            "this computation",
		`SELECT * EXCLUDE (note) FROM grants`: "EXCLUDE",
		`SELECT sum(annee) FROM grants`:       "adding it up means nothing",
		`SELECT sum(commune) FILTER (WHERE actif) OVER () FROM grants`: "window function",
		`DROP TABLE grants`:                     "only a SELECT",
		`SELECT * FROM read_csv('/etc/passwd')`: "not allowed",
		`SELECT * FROM others`:                  "not allowed",
		`Metz has 42 inhabitants.`:              "syntax",
	} {
		t.Run(sql, func(t *testing.T) {
			p, err := l.Lift(t.Context(), sql, []lift.Table{{Table: grants()}})
			if err == nil {
				t.Fatalf("lifted: %s", short(p))
			}
			if !strings.Contains(err.Error(), why) {
				t.Errorf("%v, want %q", err, why)
			}
		})
	}
}

// TestNamesOfOthers lifts SQL that calls the table and its columns otherwise.
func TestNamesOfOthers(t *testing.T) {
	p, err := lifter(t, nil).Lift(t.Context(), `select sum(m) from t where com='Metz'`,
		[]lift.Table{{Table: grants(), Name: "t", Columns: map[string]string{"m": "Montant (€)", "com": "commune"}}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := short(p), `{measures:[{agg:sum,column:Montant (€)}],where:[{column:commune,op:=,values:[Metz]}]}`; got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

// FuzzLift reads any text: what comes out is a plan that compiles, or an error.
func FuzzLift(f *testing.F) {
	for _, s := range []string{
		`SELECT commune, 100.0 * count(*) / sum(count(*)) OVER () FROM grants WHERE note LIKE '_%a' GROUP BY ALL ORDER BY 2`,
		`SELECT CASE WHEN (SELECT sum(promis) FROM grants) > 3 THEN 'a' ELSE 'b' END`,
		`SELECT count(*) FROM (SELECT DISTINCT commune, note FROM grants WHERE NOT (a OR b))`, `SELECT`, `SELECT -'1'::int`,
	} {
		f.Add(s)
	}
	l := lifter(f, int64(1))
	t := grants()
	byID := func(id string) *dataset.Table {
		if id == t.ID {
			return t
		}
		return nil
	}
	f.Fuzz(func(tt *testing.T, sql string) {
		p, err := l.Lift(tt.Context(), sql, []lift.Table{{Table: t}})
		if (p == nil) == (err == nil) {
			tt.Fatalf("plan %v, error %v", p, err)
		}
		if err == nil {
			if _, err := query.Compile(p, byID); err != nil {
				tt.Fatalf("%s: %v", sql, err)
			}
		}
	})
}
