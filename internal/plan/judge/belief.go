package judge

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// Belief is how far something is to be believed: boosted trees over features,
// which see what two features say together, and from where on it is enough.
type Belief struct {
	trees [][]node
	from  map[string]float64 // by what is done with it
}

// node is a question about one feature, or a leaf, whose feature is "".
// Nodes stand in preorder: the one after a question is that of small values.
type node struct {
	feature string
	most    float64 // of small values
	value   float64 // of a leaf; of a question, the mean below it
	large   int     // where the side of large values begins
}

// ReadBelief reads lines of tab-separated fields. Two fields are a name and
// from where on it is enough; three a node: its feature, the most that small
// values are, and its value in log odds. A node without a feature is a leaf;
// both sides of another follow it, small values first.
func ReadBelief(r io.Reader) (Belief, error) {
	b := Belief{from: map[string]float64{}}
	var tree []node
	var open []int // questions whose two sides are not both read
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		f := strings.Split(lines.Text(), "\t")
		numbers, err := floats(f[1:])
		switch {
		case err != nil || len(f) < 2 || len(f) > 3:
			return b, fmt.Errorf("read belief: %q is no threshold and no node", lines.Text())
		case len(f) == 2:
			b.from[f[0]] = numbers[0]
			continue
		}
		tree = append(tree, node{feature: f[0], most: numbers[0], value: numbers[1]})
		if f[0] != "" {
			open = append(open, len(tree)-1)
			continue
		}
		for len(open) > 0 && tree[open[len(open)-1]].large > 0 { // its other side ends here too
			open = open[:len(open)-1]
		}
		if len(open) == 0 {
			b.trees, tree = append(b.trees, tree), nil
			continue
		}
		tree[open[len(open)-1]].large = len(tree)
	}
	if len(tree) > 0 {
		return b, fmt.Errorf("read belief: the last tree is cut short")
	}
	return b, lines.Err()
}

func floats(fields []string) ([]float64, error) {
	out := make([]float64, len(fields))
	for i, f := range fields {
		if f == "" { // of a leaf
			continue
		}
		var err error
		if out[i], err = strconv.ParseFloat(f, 64); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Of is the probability, 0 to 1.
func (b Belief) Of(features []Feature) float64 {
	var s float64
	b.walk(features, func(_ string, worth float64) { s += worth })
	return 1 / (1 + math.Exp(-s))
}

// Why lists what each feature is worth, in log odds; "" is what holds before
// anything is known.
func (b Belief) Why(features []Feature) map[string]float64 {
	out := map[string]float64{}
	b.walk(features, func(feature string, worth float64) { out[feature] += worth })
	return out
}

// walk goes down each tree and tells at each step how much the answer to a
// question moves the value.
func (b Belief) walk(features []Feature, step func(feature string, worth float64)) {
	has := make(map[string]float64, len(features))
	for _, f := range features {
		has[f.Name] += f.Value
	}
	for _, t := range b.trees {
		step("", t[0].value)
		for i := 0; t[i].feature != ""; {
			next := i + 1
			if has[t[i].feature] > t[i].most {
				next = t[i].large
			}
			step(t[i].feature, t[next].value-t[i].value)
			i = next
		}
	}
}
