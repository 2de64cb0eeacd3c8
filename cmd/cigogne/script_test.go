package main

import (
	"context"
	"os"
	"regexp"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && (os.Args[1] == "sqlworker" || os.Args[1] == "ask") { // the child of a test's own warehouse.Worker; of BenchmarkProcess
		os.Exit(run(context.Background(), os.Args[1:], stdio{in: os.Stdin, out: os.Stdout, err: os.Stderr, env: os.Getenv}))
	}
	testscript.Main(m, map[string]func(){
		"cigogne": func() {
			os.Exit(run(context.Background(), os.Args[1:], stdio{in: os.Stdin, out: os.Stdout, err: os.Stderr, env: os.Getenv}))
		},
	})
}

// TestScripts runs the real command as a user would, one script a subject.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"answerid": func(ts *testscript.TestScript, _ bool, args []string) { // NAME FILE N: the Nth answer_id of the file
				n, err := strconv.Atoi(args[2])
				ts.Check(err)
				all := regexp.MustCompile(`"answer_id":"([^"]+)"`).FindAllStringSubmatch(ts.ReadFile(args[1]), -1)
				if len(all) < n {
					ts.Fatalf("%d answer_ids in %s", len(all), args[1])
				}
				ts.Setenv(args[0], all[n-1][1])
			},
		},
		Setup: func(env *testscript.Env) error {
			env.Setenv("CIGOGNE_DATA", env.WorkDir+"/data")
			env.Setenv("LANG", "fr_FR.UTF-8")
			return nil
		},
	})
}
