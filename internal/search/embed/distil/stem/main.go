// Stem prints, for each word on standard input, the key under which the
// built-in embedding table holds it. distil.py runs it, so that the table is
// made with the very analysis that later reads it.
package main

import (
	"bufio"
	"fmt"
	"os"

	"cigogne/internal/search/embed"
)

func main() {
	in, out := bufio.NewScanner(os.Stdin), bufio.NewWriter(os.Stdout)
	for in.Scan() {
		fmt.Fprintln(out, embed.Key(in.Text()))
	}
	if err := in.Err(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if err := out.Flush(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
