package table_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/table"
)

// read converts a file of the given text.
func read(t testing.TB, name, text string) *dataset.Table {
	t.Helper()
	src := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(src, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := newReader(t).Convert(t.Context(), src, src+".parquet", table.Options{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// wide is rows of two texts and so many numbers each.
func wide(rows, columns int) string {
	var b strings.Builder
	for i := range rows {
		fmt.Fprintf(&b, "r%d;d%d", i%50, i)
		for j := range columns {
			fmt.Fprintf(&b, ";%d", i*j%97)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestFacts(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		check func(*dataset.Table) any
		want  any
	}{
		"a school's pupils repeated on each of its classes": {
			"id_ecole;classe;effectif_ecole;langue\nE1;CP;60;allemand\nE1;CE1;60;anglais\nE1;CE2;60;anglais\nE2;CP;45;anglais\nE2;CM1;45;allemand\n",
			func(t *dataset.Table) any { return t.Column("effectif_ecole").Within }, []string{"id_ecole"},
		},
		"a parent's count of its rows": {
			"id_site;id_borne;nb_bornes\nS1;a;2\nS1;b;2\nS2;c;3\nS2;d;3\nS2;e;3\n",
			func(t *dataset.Table) any { return t.Column("nb_bornes").Within }, []string{"id_site"},
		},
		"a rent that is the same each month is paid each month": {
			"id_bail;annee;loyer_verse\nB1;2020;400\nB1;2021;400\nB2;2020;550\nB2;2021;550\nB3;2020;610\nB3;2021;610\n",
			func(t *dataset.Table) any { return t.Column("loyer_verse").Within }, []string(nil),
		},
		"equal values of one commune are no parent's": {
			"commune;rue;lampes\nToul;a;10\nToul;b;10\nMetz;c;30\n",
			func(t *dataset.Table) any { return t.Column("lampes").Within }, []string(nil),
		},
		"the beds of a hospital on each of its wards": {
			"finess;hopital;service;lits_hopital\n540000080;Nord;A;120\n540000080;Nord;B;120\n570000158;Sud;A;80\n570000158;Sud;C;80\n570000158;Sud;D;80\n",
			func(t *dataset.Table) any { return t.Column("lits_hopital").Within }, []string{"finess"},
		},
		"voters of a precinct on each of its candidates": {
			"county,precinct,registered_voters,candidate,votes\nOhio,P1,510,Lee,130\nOhio,P1,510,Ray,170\nOhio,P2,420,Lee,210\nOhio,P2,420,Ray,80\nYork,P3,830,Lee,310\nYork,P3,830,Ray,320\n",
			func(t *dataset.Table) any { return t.Column("registered_voters").Within }, []string{"precinct"},
		},
		"a category in numbers, whose total is 0": {
			"dep;clage;mois;doses\n54;0;2021-01;70\n54;18;2021-01;30\n54;65;2021-01;40\n55;0;2021-01;15\n55;18;2021-01;9\n55;65;2021-01;6\n54;0;2021-02;80\n54;18;2021-02;35\n54;65;2021-02;45\n55;0;2021-02;21\n55;18;2021-02;13\n55;65;2021-02;8\n",
			func(t *dataset.Table) any {
				return []any{t.Column("clage").Role, t.Column("clage").Totals}
			}, []any{dataset.Dimension, []string{"0"}},
		},
		"quantities that are even are none": {
			"ville;lots;prix_paye\nToul;1;10\nToul;2;30\nMetz;1;20\nMetz;2;25\n",
			func(t *dataset.Table) any { return t.Column("lots").Role }, dataset.Measure,
		},
		"a closing row that says nothing, by two sums of many digits": {
			"filière;2022;2023\nBois;46,5;59,8\nVent;38,1;51,7\nSoleil;19,6;22,5\nEnR;104,2;134,0\n",
			func(t *dataset.Table) any { return t.Column("filière").Totals }, []string{"EnR"},
		},
		"sums of round figures are chance": {
			"chantier;devis;facture\nA;1000;2000\nB;3000;5000\nC;4000;7000\n",
			func(t *dataset.Table) any { return t.Column("chantier").Totals }, []string(nil),
		},
		"what sales brought in, each on its day": {
			"date_vente;commune;Prix de vente\n2023-01-02;Metz;250000\n2023-02-03;Toul;180000\n2023-03-04;Metz;310000\n",
			func(t *dataset.Table) any { return t.Columns[2].Additivity }, dataset.Additive,
		},
		"what buyers paid": {
			"ID;ACHETEUR;PRIX_EUR\n1;SCI Dupont;45000\n2;Ville de Metz;120500\n3;SCI Martin;78000\n",
			func(t *dataset.Table) any { return t.Columns[2].Additivity }, dataset.Additive,
		},
		"what one of many cost on a day": {
			"date_vente;produit;quantite;prix_vente\n2023-01-02;pain;3;1,2\n2023-02-03;lait;2;0,95\n2023-03-04;ail;4;2,8\n",
			func(t *dataset.Table) any {
				return t.Columns[3].Additivity
			}, dataset.Never,
		},
		"a shop's list": {
			"produit;prix d'achat;prix de vente\npain;0,7;1,2\nlait;0,5;0,95\n",
			func(t *dataset.Table) any { return t.Columns[2].Additivity }, dataset.Never,
		},
		"prices per square metre of sales, and their mean": {
			"date_vente;acheteur;prix_m2;prix moyen\n2023-01-02;A;2100;3\n2023-02-03;B;1800;4\n2023-03-04;C;1500;5\n",
			func(t *dataset.Table) any { return []any{t.Columns[2].Additivity, t.Columns[3].Additivity} }, []any{dataset.Never, dataset.Never},
		},
		"a stock by month written as text": {
			"mois;site;stock\n2023-01;A;100\n2023-01;B;50\n2023-02;A;90\n2023-02;B;60\n",
			func(t *dataset.Table) any { return t.Column("stock").Additivity }, dataset.NotOverTime,
		},
		"days written in two ways, one of which tells where the day is": {
			"acte;jour;n\n1;2023-04-01;10\n2;15/04/2023;20\n3;02/05/2023;30\n",
			func(t *dataset.Table) any { return []any{t.Column("jour").Type, t.Column("jour").Max} }, []any{dataset.Date, "2023-05-02"},
		},
		"days written in two ways that may be months": {
			"acte;jour;n\n1;2023-04-01;10\n2;05/04/2023;20\n3;02/05/2023;30\n",
			func(t *dataset.Table) any { return t.Column("jour").Type }, dataset.Text,
		},
		"years below names of groups, over two rows": {
			"Pays;Ventes;;Achats;\n;2021;2022;2021;2022\nFrance;10;12;20;22\nSuisse;30;33;5;6\n",
			func(t *dataset.Table) any { return []any{t.Rows, t.Columns[2].Name} }, []any{int64(2), "Ventes 2022"},
		},
		"an accountant's negatives": {
			"service;ecart\nVoirie;(1 200)\nSport;350\nParcs;(75)\n",
			func(t *dataset.Table) any { return *t.Column("ecart").Sum }, -925.0,
		},
		"a total coded in a category, in every group": {
			"departement;age;annee;licences\n54;0;2021;70\n54;1;2021;30\n54;2;2021;40\n55;0;2021;15\n55;1;2021;9\n55;2;2021;6\n54;0;2022;80\n54;1;2022;35\n54;2;2022;45\n",
			func(t *dataset.Table) any {
				return []any{t.Column("age").Totals, t.Column("age").Whole}
			}, []any{[]string{"0"}, "0"},
		},
		"a total under each part of the table": {
			"zone;bourg;lits\nNord;a;10\nNord;b;5\nTotal Nord;;15\nSud;c;20\nSud;d;1\nTotal Sud;;21\n",
			func(t *dataset.Table) any { return t.Column("zone").Totals }, []string{"Total Nord", "Total Sud"},
		},
		"a country, and a total of rows that nothing calls one": {
			"territoire;lits\nHaute\u00a0Rive;30\nBasse Rive;20\nOutre Rive;11\nLes Rives;61\nLes Îles;7\nFrance entière;68\n",
			func(t *dataset.Table) any { return t.Column("territoire").Totals }, []string{"Les Rives", "France entière"},
		},
		"a country that is not what stands above it": {
			"territoire;lits\nHaute Rive;30\nBasse Rive;20\nOutre Rive;11\nFrance entière;70\n",
			func(t *dataset.Table) any { return t.Column("territoire").Totals }, []string(nil),
		},
		"rates by other names": {
			"ville;Votants_RapportInscrits;TXCOUV_2014\nA;12,5;40\nB;13;50\n",
			func(t *dataset.Table) any {
				return []any{t.Columns[1].Additivity, t.Columns[2].Additivity}
			}, []any{dataset.Never, dataset.Never},
		},
		"years side by side, more than one query can count": {
			"rubrique;detail;" + strings.Join(slices.Repeat([]string{"v"}, 90), ";") + "\n" + wide(120, 90),
			func(t *dataset.Table) any { return len(t.Columns) }, 92,
		},
		"a department called Somme is no sum": {
			"departement;musees\nAisne;12\nOise;20\nSomme;17\nNord;40\n",
			func(t *dataset.Table) any { return t.Column("departement").Totals }, []string(nil),
		},
		"a supplier called Total is no total": {
			"fournisseur;commandes\nTotal;12\nShell;200\nEsso;17\nAvia;3\n",
			func(t *dataset.Table) any { return t.Column("fournisseur").Totals }, []string(nil),
		},
		"levels of territory, coarsest first": {
			"niveau;nom;naissances\nREG;Est;60\nDEP;Haut;40\nDEP;Bas;20\nCOM;a;25\nCOM;b;15\nCOM;c;20\n",
			func(t *dataset.Table) any {
				return []any{t.Column("niveau").Levels, t.Column("niveau").Within}
			}, []any{[]string{"REG", "DEP", "COM"}, []string{"nom"}},
		},
		"levels that add up to the same, whatever their column is called": {
			"kind;nom;naissances\nregion;Est;60\ncommune;a;25\ncommune;b;15\ncommune;c;20\n",
			func(t *dataset.Table) any { return t.Column("kind").Levels }, []string{"region", "commune"},
		},
		"kinds of beneficiaries are no levels": {
			"type;nom;aide\ncommune;a;25\ncommune;b;15\ncommune;c;20\nassociation;d;9\ndepartement;e;400\n",
			func(t *dataset.Table) any { return t.Column("type").Levels }, []string(nil),
		},
		"nor are those who are communes and departments alone": {
			"type;nom;aide\ncommune;a;25\ncommune;b;15\ncommune;c;20\ndepartement;e;400\n",
			func(t *dataset.Table) any { return t.Column("type").Levels }, []string(nil),
		},
		"what a row is, and rows that say nothing new": {
			"ville;mois;ventes\nToul;1;5\nToul;1;5\nToul;2;6\nMetz;1;7\n",
			func(t *dataset.Table) any { return []any{t.Key, t.Duplicates} }, []any{[]string{"ville", "mois"}, int64(1)},
		},
		"a rate with what it is made of": {
			"ville;reussite (%);recus;candidats\nA;50;40;80\nB;75;75;100\nC;20;12;60\n",
			func(t *dataset.Table) any {
				c := t.Column("reussite (%)")
				return []any{c.Additivity, c.Why, *c.Ratio}
			}, []any{dataset.Never, dataset.WhyRate, dataset.Ratio{Of: "recus", Over: "candidats", Scale: 100}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := c.check(read(t, "f.csv", c.text))
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestAdditivity(t *testing.T) {
	for header, want := range map[string]struct {
		additivity dataset.Additivity
		why        dataset.Why
		unit       string
	}{
		"montant":                     {dataset.Additive, "", ""},
		"nombre de taux contrôlés":    {dataset.Additive, "", ""},
		"Taux de chômage":             {dataset.Never, dataset.WhyRate, ""},
		"prix_ha":                     {dataset.Never, dataset.WhyPerUnit, "€/ha"},
		"loyerm2":                     {dataset.Never, dataset.WhyPerUnit, "€/m²"},
		"depense_par_habitant":        {dataset.Never, dataset.WhyPerUnit, "€/hab"},
		"Densité (hab/km²)":           {dataset.Never, dataset.WhyPerUnit, "hab/km²"},
		"niveau de vie médian":        {dataset.Never, dataset.WhyMean, ""},
		"indice de jeunesse":          {dataset.Never, dataset.WhyIndex, ""},
		"température":                 {dataset.Never, dataset.WhyLevel, ""},
		"surface_m2":                  {dataset.NotOverTime, dataset.WhyStock, "m²"},
		"encours de logements":        {dataset.NotOverTime, dataset.WhyStock, ""},
		"doses cumulées":              {dataset.NotOverTime, dataset.WhyCumulative, ""},
		"nombre de logements vendus":  {dataset.Additive, "", ""},
		"nb_communes":                 {dataset.NotOverTime, dataset.WhyStock, ""},
		"nb_communes_touchees":        {dataset.Additive, "", ""},
		"montant des investissements": {dataset.Additive, "", ""},
		"gaspillage_par_convive":      {dataset.Never, dataset.WhyPerUnit, ""},
		"pour_1000_naissances":        {dataset.Never, dataset.WhyRate, ""},
		"prêts pour 100 habitants":    {dataset.Never, dataset.WhyRate, ""},
		"nombre d'élèves par commune": {dataset.NotOverTime, dataset.WhyStock, ""},
	} {
		t.Run(header, func(t *testing.T) {
			var b strings.Builder
			b.WriteString("lieu;annee;" + header + "\n")
			for i, v := range []string{"12,5", "7,25", "9,5", "14,75"} {
				b.WriteString("ABCD"[i%2:i%2+1] + ";" + []string{"2019", "2020"}[i/2] + ";" + v + "\n")
			}
			c := read(t, "f.csv", b.String()).Columns[2]
			if c.Additivity != want.additivity || c.Why != want.why || c.Unit != want.unit {
				t.Errorf("got %q, %q, %q, want %q, %q, %q", c.Additivity, c.Why, c.Unit, want.additivity, want.why, want.unit)
			}
		})
	}
}
