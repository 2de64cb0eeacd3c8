// Command train learns what the judge of plans goes by, from question sets whose
// answers are known, and prints how well it does on tables and databases that it
// has not learnt from.
//
//	go run ./cmd/train -sets A.jsonl,B.jsonl -out internal/plan/judge/weights
//
// A set is a file of questions (see question) over tables beside it. The same
// sets give the same weights, byte for byte. Trees are learnt by trees.py.
package main

import (
	"context"
	"encoding/gob"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"

	"cigogne/internal/plan/chat"
	"cigogne/internal/search/embed"
)

type options struct {
	sets            string
	folds           int
	lambda          float64
	rounds          int
	french, english float64
	changed         float64
	save            string
	load            string
	out             string
	errors          bool
	python          string
	replies, model  string
	links           bool
}

func main() {
	var o options
	flag.StringVar(&o.sets, "sets", "", "question sets, separated by commas; FILE:N takes one question in N")
	flag.IntVar(&o.folds, "folds", 5, "parts that tables and databases are split into")
	flag.Float64Var(&o.lambda, "lambda", 3, "how far weights are held down")
	flag.StringVar(&o.python, "python", "python3", "a Python that has lightgbm 4.7.0 and scipy, for the trees")
	flag.IntVar(&o.rounds, "rounds", 120, "rounds of the optimiser")
	flag.Float64Var(&o.french, "wrong-fr", 0.03, "share of the French questions that may be answered wrongly, for the threshold: over tables that are not our own more are")
	flag.Float64Var(&o.english, "wrong-en", 0.06, "the same of an English set")
	flag.Float64Var(&o.changed, "changed", 0.03, "share of plans with one thing changed that may be answered where a model wrote them, every kind counting as much")
	flag.StringVar(&o.save, "save", "", "keep what was collected in `FILE`")
	flag.StringVar(&o.load, "load", "", "fit what was collected in these `FILES`, separated by commas, instead")
	flag.StringVar(&o.out, "out", "", "write the weights and the report into `DIR`")
	flag.StringVar(&o.replies, "replies", "", "what a model wrote for the questions, kept in `FILE`, is learnt from too")
	flag.StringVar(&o.model, "model", "", "ask the model served at `URL` (.../v1) for the replies that are not kept yet")
	flag.BoolVar(&o.links, "links", false, "instead, print which cells that the sets' own SQL names are found, for tools/links")
	flag.BoolVar(&o.errors, "errors", false, "print what was answered wrongly in the first fold, the one that may be read")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options, out io.Writer) error {
	if o.links {
		questions, err := readSets(o.sets)
		if err != nil {
			return err
		}
		table, err := embed.Builtin()
		if err != nil {
			return err
		}
		return links(ctx, out, embed.Words{Static: table}, questions)
	}
	c, err := examples(ctx, o)
	if err != nil {
		return err
	}
	if o.save != "" {
		return save(o.save, c)
	}
	d := prune(c, seldom)
	all, err := crossValidate(d, o.folds, o.lambda, o.rounds)
	if err != nil {
		return err
	}
	learnt, err := believe(ctx, all, o)
	if err != nil {
		return err
	}
	if o.errors {
		showErrors(out, all.alone, o.folds)
	}
	text, found := report(all, o)
	if _, err := io.WriteString(out, text); err != nil || o.out == "" {
		return err
	}
	return write(d, learnt, o, text, found)
}

// seldom is the least number of questions a feature must stand in.
const seldom = 4

func readSets(names string) ([]question, error) {
	var questions []question
	for s := range strings.SplitSeq(names, ",") {
		qs, err := readSet(s)
		if err != nil {
			return nil, err
		}
		questions = append(questions, qs...)
	}
	return questions, nil
}

// examples collects the sets, or reads what was collected.
func examples(ctx context.Context, o options) (collected, error) {
	var c collected
	if o.load != "" {
		for _, name := range strings.Split(o.load, ",") {
			more, err := read(name)
			if err != nil {
				return c, err
			}
			c = join(c, more)
		}
		return c, nil
	}
	if o.sets == "" {
		return c, errors.New("name question sets with -sets")
	}
	questions, err := readSets(o.sets)
	if err != nil {
		return c, err
	}
	table, err := embed.Builtin()
	if err != nil {
		return c, err
	}
	cl := &collector{vectors: embed.Words{Static: table}, ids: map[string]int32{}}
	if o.replies != "" {
		var client *chat.Client
		if o.model != "" {
			client = chat.New(chat.Server{URL: o.model, Timeout: 10 * time.Minute}, slog.New(slog.DiscardHandler))
		}
		if cl.replies, err = openReplies(o.replies, client); err != nil {
			return c, err
		}
	}
	ex, err := cl.collect(ctx, questions)
	return collected{cl.names, ex}, err
}

// collected is what the fit learns from: features by number, and the examples.
type collected struct {
	Names    []string
	Examples []example
}

func save(name string, c collected) (err error) {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return gob.NewEncoder(f).Encode(c)
}

func read(name string) (collected, error) {
	var c collected
	f, err := os.Open(name)
	if err != nil {
		return c, err
	}
	defer f.Close()
	return c, gob.NewDecoder(f).Decode(&c)
}

// join puts two collections together, the features of the second numbered as
// those of the first. A question that both have is the second's.
func join(a, b collected) collected {
	again := map[string]bool{}
	for _, e := range b.Examples {
		again[e.Set+" "+e.ID] = true
	}
	a.Examples = slices.DeleteFunc(a.Examples, func(e example) bool { return again[e.Set+" "+e.ID] })
	ids := map[string]int32{}
	for i, n := range a.Names {
		ids[n] = int32(i)
	}
	to := make([]int32, len(b.Names))
	for i, n := range b.Names {
		if _, ok := ids[n]; !ok {
			ids[n] = int32(len(a.Names))
			a.Names = append(a.Names, n)
		}
		to[i] = ids[n]
	}
	for _, e := range b.Examples {
		for _, g := range e.Groups {
			for i := range g {
				g[i] = to[g[i]]
			}
		}
		for _, o := range e.Options {
			renumber(o.Own, to)
			for _, n := range o.Near {
				renumber(n.Own, to)
			}
		}
		a.Examples = append(a.Examples, e)
	}
	return a
}

func renumber(own []weighed, to []int32) {
	for i := range own {
		own[i].Feature = to[own[i].Feature]
	}
}
