package table_test

import (
	"strings"
	"testing"

	"cigogne/internal/dataset"
)

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
