package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"strings"

	"cigogne/internal/plan/judge"
)

// treesPy learns; it wants Python with lightgbm 4.7.0.
//
//go:embed trees.py
var treesPy string

// judgement is something to be believed or not, and whether it is right.
type judgement struct {
	features []judge.Feature
	right    bool
	weight   float64
	fold     int
}

// boosting is how long trees are learnt, and how many judgements a leaf holds at least.
type boosting struct{ rounds, leaf int }

// learnBelief learns when to believe: for each fold from all others, and last
// from all.
func learnBelief(ctx context.Context, python string, list []judgement, folds int, how boosting) ([]string, error) {
	var in, out, failed bytes.Buffer
	if err := writeJudgements(&in, list, folds, how); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, python, "-c", treesPy)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = &in, &out, &failed
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("learn trees with %s (it wants lightgbm 4.7.0 and scipy): %w: %s", python, err, bytes.TrimSpace(failed.Bytes()))
	}
	var forests [][]any
	if err := json.Unmarshal(out.Bytes(), &forests); err != nil {
		return nil, fmt.Errorf("read trees: %w", err)
	}
	texts := make([]string, len(forests))
	for i, f := range forests {
		var b strings.Builder
		for _, t := range f {
			spell(&b, t)
		}
		texts[i] = b.String()
	}
	return texts, nil
}

func writeJudgements(w io.Writer, list []judgement, folds int, how boosting) error {
	ids := map[string]int{}
	names := []string{}
	var lines bytes.Buffer
	for _, j := range list {
		if len(j.features) == 0 {
			continue
		}
		sums := map[string]float64{}
		var order []string
		for _, f := range j.features {
			if _, ok := sums[f.Name]; !ok {
				order = append(order, f.Name)
			}
			sums[f.Name] += f.Value
		}
		fmt.Fprintf(&lines, "%d %g %d", j.fold, j.weight, count(j.right))
		for _, n := range order {
			if _, ok := ids[n]; !ok {
				ids[n] = len(names)
				names = append(names, n)
			}
			fmt.Fprintf(&lines, " %d:%.6g", ids[n], sums[n])
		}
		lines.WriteByte('\n')
	}
	head, err := json.Marshal(map[string]any{"names": names, "folds": folds, "rounds": how.rounds, "leaf": how.leaf})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s\n%s", head, lines.Bytes())
	return err
}

// spell writes a tree as judge.ReadBelief reads it.
func spell(b *strings.Builder, tree any) {
	switch t := tree.(type) {
	case float64:
		fmt.Fprintf(b, "\t\t%g\n", t)
	case []any:
		fmt.Fprintf(b, "%s\t%g\t%g\n", t[0], t[1], t[2])
		spell(b, t[3])
		spell(b, t[4])
	}
}
