package table_test

import (
	"strings"
	"testing"

	"cigogne/internal/dataset"
)

// TestNumbersThatAreNames is of whole numbers that only their table tells from
// quantities.
func TestNumbersThatAreNames(t *testing.T) {
	got := read(t, "f.csv", "arret;ligne_1;ligne_2;ligne_3;montees\nA;7bis;11;3;120\nB;13;4;;80\nC;A;2;12;75\n")
	for name, want := range map[string]dataset.Role{"ligne_2": dataset.Code, "ligne_3": dataset.Code, "montees": dataset.Measure} {
		if c := got.Column(name); c.Role != want {
			t.Errorf("%s is %s, want %s", name, c.Role, want)
		}
	}
	got = read(t, "f.csv", "lot;note_1;note_2;note_3\nA;12;11;3\nB;13;4;8\nC;9;2;12\n")
	if c := got.Column("note_2"); c.Role != dataset.Measure {
		t.Errorf("note_2 is %s: all of its series are numbers", c.Role)
	}
	got = read(t, "f.csv", "station;o3;emissions_so2\nA;40;12\nB;52;3\n")
	if o3, so2 := got.Column("o3"), got.Column("emissions_so2"); o3.Additivity != dataset.Never || so2.Additivity != dataset.Additive {
		t.Errorf("o3 %s, emissions %s: what is in the air is no quantity, what is let out is", o3.Additivity, so2.Additivity)
	}
}

func TestKinds(t *testing.T) {
	for name, c := range map[string]struct {
		header string
		cells  []string
		kind   dataset.Kind
		role   dataset.Role
	}{
		"communes of Corsica and overseas":  {"depcom", []string{"2A041", "97101", "67482"}, dataset.KindCommune, dataset.Code},
		"a postcode":                        {"code postal", []string{"20000", "08000", "51100"}, dataset.KindPostcode, dataset.Code},
		"SIRET, damaged":                    {"siret", []string{"8,03E+13", "8,05E+13", "4,12E+13"}, dataset.KindSIRET, dataset.Code},
		"UAI":                               {"etab", []string{"0670079M", "0540038Y", "0510034A"}, dataset.KindUAI, dataset.Code},
		"RNA":                               {"assoc", []string{"W671000123", "W541000321", "W2A1000321"}, dataset.KindRNA, dataset.Code},
		"IBAN":                              {"compte bancaire", []string{"FR7630006000011234567890189", "DE89370400440532013000"}, dataset.KindIBAN, dataset.Code},
		"e-mail":                            {"contact", []string{"a@b.example", "c.d@e.example"}, dataset.KindEmail, dataset.Dimension},
		"telephone":                         {"standard", []string{"03 88 00 00 01", "03 88 00 00 02"}, dataset.KindPhone, dataset.Code},
		"longitude first":                   {"geo", []string{"[7.75, 48.58]", "[6.18, 49.12]"}, dataset.KindLonLat, dataset.Geometry},
		"latitude first":                    {"geo", []string{"48.58, 7.75", "49.12, 6.18"}, dataset.KindLatLon, dataset.Geometry},
		"Lambert-93":                        {"x_l93", []string{"1050123,4", "930456,7"}, dataset.KindLambertX, dataset.Geometry},
		"months as text":                    {"periode", []string{"Août", "février", "mars"}, dataset.KindMonth, dataset.Dimension},
		"half-years":                        {"TIME", []string{"2020-S1", "2020-S2", "2021-S1"}, dataset.KindHalf, dataset.Dimension},
		"school years":                      {"rentree", []string{"2019/2020", "2020/2021", "2021/2022"}, dataset.KindSchool, dataset.Dimension},
		"yes and no":                        {"bio", []string{"O", "N", "O"}, dataset.KindBoolean, dataset.Dimension},
		"accounts":                          {"article", []string{"6042", "6061", "7311"}, dataset.KindAccount, dataset.Code},
		"a vote of one or none is a number": {"nuls", []string{"0", "1", "1"}, dataset.KindBoolean, dataset.Measure},
		"no vote may be yes or no":          {"accord", []string{"F", "NC", "F"}, "", dataset.Dimension},
		"all of them no":                    {"fuite", []string{"Non", "non", "Non"}, dataset.KindBoolean, dataset.Dimension},
		"one letter is no truth":            {"bloc", []string{"F", "F", "F"}, "", dataset.Dimension},
		"links without their scheme":        {"site web", []string{"www.vosges.example/carte", "lac.example", "musee-du-sel.example/fr"}, dataset.KindURL, dataset.Key},
		"departments under any header":      {"origine", []string{"MEUSE", "Haute-Marne", "Côtes d'Armor"}, dataset.KindDepartmentName, dataset.Dimension},
		"former regions":                    {"origine", []string{"Lorraine", "Champagne-Ardenne", "Alsace"}, dataset.KindRegionName, dataset.Dimension},
		"rivers are no departments":         {"riviere", []string{"Meuse", "Moselle", "Marne"}, "", dataset.Dimension},
		"departments of three figures":      {"dep", []string{"029", "02A", "971"}, dataset.KindDepartment, dataset.Code},
		"intercommunalities":                {"Nom EPCI", []string{"CC du Lac", "CA des Deux Vals", "CU du Port"}, dataset.KindEPCIName, dataset.Dimension},
		"a point set apart by a full stop":  {"lieu", []string{"48.584. 7.745", "49.119. 6.175"}, dataset.KindLatLon, dataset.Geometry},
		"two numbers are no place":          {"taille", []string{"11.5, 20.1", "12.25, 21.5"}, "", dataset.Key},
		"codes by their prefix":             {"CDVOIE", []string{"12", "4", "310"}, "", dataset.Code},
		"kinds of address are none":         {"type_adresse", []string{"siège", "annexe", "dépôt"}, "", dataset.Key},
		"an address by post is no code":     {"Adresse postale", []string{"1 rue Haute", "2 rue Basse", "3 rue Haute"}, dataset.KindAddress, dataset.Dimension},
		"years, one damaged":                {"date_pose", []string{"1998", "2003", "2004", "2010", "2011", "2012", "2013", "2015", "2016", "201"}, "", dataset.Dimension},
		"years in German":                   {"Jahr", []string{"1998", "2003", "2004"}, dataset.KindYear, dataset.Year},
		"a balance is no account":           {"solde de la section", []string{"-120", "340", "12"}, "", dataset.Measure},
		"nothing known":                     {"essence", []string{"hêtre", "chêne", "orme"}, "", dataset.Key},
	} {
		t.Run(name, func(t *testing.T) {
			text := "n;" + c.header + "\n"
			for i, cell := range c.cells {
				text += strings.Repeat("x", i+1) + ";" + cell + "\n"
			}
			got := read(t, "f.csv", text).Columns[1]
			if got.Kind != c.kind || got.Role != c.role && c.role != dataset.Key {
				t.Errorf("got %q, %s, want %q, %s", got.Kind, got.Role, c.kind, c.role)
			}
		})
	}
}
