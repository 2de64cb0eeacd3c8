package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// groups are the columns the accounts are summed by; the amounts are whole euros.
var groups = []string{"BGT_ANNEE", "BGT_SECTION", "BGT_OPBUDG", "BGT_CODRD", "BGT_CONTNAT", "BGT_CONTNAT_LABEL", "BGT_FONCTION", "BGT_FONCTION_LABEL"}

const amount = "BGT_MTREAL"

func sumAccounts(_ *history, f publicFile, b []byte, dir string) error {
	rows, err := records(f, b, ',')
	if err != nil {
		return err
	}
	at := func(name string) int { return slices.Index(rows[0], name) }
	sums := map[string]int64{}
	for _, row := range rows[1:] {
		var key []string
		for _, g := range groups {
			// The file holds one CP1252 apostrophe read as a control character.
			key = append(key, strings.ReplaceAll(row[at(g)], "\u0092", "’"))
		}
		v, err := strconv.ParseFloat(row[at(amount)], 64)
		if err != nil || v != float64(int64(v)) {
			return fmt.Errorf("amount %q is not whole euros", row[at(amount)])
		}
		sums[strings.Join(key, "\x00")] += int64(v)
	}
	keys := make([]string, 0, len(sums))
	for k := range sums {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	out := [][]string{append(slices.Clone(groups), amount)}
	for _, k := range keys {
		out = append(out, append(strings.Split(k, "\x00"), strconv.FormatInt(sums[k], 10)))
	}
	return writeCSV(filepath.Join(dir, "comptes_region.csv"), out)
}
