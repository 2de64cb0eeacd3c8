package main

import (
	"context"
	"os"
	"regexp"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
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
			"answerid": func(ts *testscript.TestScript, _ bool, args []string) { // NAME FILE: the first answer_id of the file
				found := regexp.MustCompile(`"answer_id":"([^"]+)"`).FindStringSubmatch(ts.ReadFile(args[1]))
				if found == nil {
					ts.Fatalf("no answer_id in %s", args[1])
				}
				ts.Setenv(args[0], found[1])
			},
		},
		Setup: func(env *testscript.Env) error {
			env.Setenv("CIGOGNE_DATA", env.WorkDir+"/data")
			env.Setenv("LANG", "fr_FR.UTF-8")
			return nil
		},
	})
}
