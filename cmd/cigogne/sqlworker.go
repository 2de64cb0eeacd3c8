package main

import (
	"github.com/spf13/cobra"

	"cigogne/internal/warehouse"
)

// sqlworkerCommand runs one checked SELECT that a model wrote, as a child that
// its parent can kill; see warehouse.Worker.
func sqlworkerCommand(p *program) *cobra.Command {
	return &cobra.Command{Use: "sqlworker", Hidden: true, Args: nothing, RunE: func(c *cobra.Command, _ []string) error {
		return warehouse.RunWorker(c.Context(), p.in, p.out)
	}}
}
