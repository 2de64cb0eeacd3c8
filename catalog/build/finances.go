package main

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strings"

	"cigogne/internal/lang"
)

// amounts are the columns of the regions' accounts that are carried over: those
// filled in for every year and region, and the debt, which is not from 2013 on.
var amounts = []struct{ from, to string }{
	{"total des produits de fonctionnement = a", "recettes_fonctionnement"},
	{"total des charges de fonctionnement = b", "depenses_fonctionnement"},
	{"total des emplois d'investissement = d", "depenses_investissement"},
	{"charges de personnel", "charges_personnel"},
	{"achats et charges externes", "achats"},
	{"charges financières", "charges_financieres"},
	{"subventions d'équipement versées", "subventions_equipement"},
	{"impôts locaux", "impots_locaux"},
	{"dotation globale de fonctionnement", "dotation_globale"},
	{"emprunts bancaires et dettes assimilées", "emprunts"},
	{"remboursement d'emprunts et dettes assimilées", "remboursements"},
	{"encours des dettes bancaires et assimilées", "dette"},
}

// regions are the regions until 2015, by the code that the file gives them, as
// they are written and with the one that each is in since 2016.
var regions = map[string][2]string{
	"011": {"Île-de-France", "Île-de-France"}, "021": {"Champagne-Ardenne", "Grand Est"}, "022": {"Picardie", "Hauts-de-France"}, "023": {"Haute-Normandie", "Normandie"},
	"024": {"Centre-Val de Loire", "Centre-Val de Loire"}, "025": {"Basse-Normandie", "Normandie"}, "026": {"Bourgogne", "Bourgogne-Franche-Comté"}, "031": {"Nord-Pas-de-Calais", "Hauts-de-France"},
	"041": {"Lorraine", "Grand Est"}, "042": {"Alsace", "Grand Est"}, "043": {"Franche-Comté", "Bourgogne-Franche-Comté"}, "052": {"Pays de la Loire", "Pays de la Loire"},
	"053": {"Bretagne", "Bretagne"}, "054": {"Poitou-Charentes", "Nouvelle-Aquitaine"}, "072": {"Aquitaine", "Nouvelle-Aquitaine"}, "073": {"Midi-Pyrénées", "Occitanie"},
	"074": {"Limousin", "Nouvelle-Aquitaine"}, "082": {"Rhône-Alpes", "Auvergne-Rhône-Alpes"}, "083": {"Auvergne", "Auvergne-Rhône-Alpes"}, "091": {"Languedoc-Roussillon", "Occitanie"},
	"093": {"Provence-Alpes-Côte d'Azur", "Provence-Alpes-Côte d'Azur"}, "094": {"Corse", "Corse"}, "101": {"Guadeloupe", "Guadeloupe"}, "102": {"Guyane", "Guyane"},
	"103": {"Martinique", "Martinique"}, "104": {"La Réunion", "La Réunion"},
}

func regionsFinances(_ *history, f publicFile, b []byte, dir string) error {
	rows, err := records(f, b, ',')
	if err != nil {
		return err
	}
	s := newSheet(rows[0])
	out := [][]string{{"annee", "region", "region_actuelle"}}
	for _, a := range amounts {
		out[0] = append(out[0], a.to)
	}
	for _, row := range rows[1:] {
		code, name := s.cell(row, "cog (code officiel géographique)"), s.cell(row, "nom")
		r, ok := regions[code]
		if last := r[0][strings.LastIndexAny(r[0], " -'")+1:]; !ok || !strings.Contains(lang.Fold(name), lang.Fold(last)) && code != "024" {
			return fmt.Errorf("region %q of code %q is not known", name, code)
		}
		line := []string{s.cell(row, "année"), r[0], r[1]}
		for _, a := range amounts {
			v, err := whole(s.cell(row, a.from))
			if err != nil {
				return fmt.Errorf("%s, %s: %w", name, a.from, err)
			}
			line = append(line, v)
		}
		out = append(out, line)
	}
	return cmp.Or(s.err, writeCSV(filepath.Join(dir, "finances_regions.csv"), sorted(out)))
}
