package main

import (
	"context"

	"cigogne/internal/warehouse"
)

// sqlworkerCommand runs one checked SELECT that a model wrote, as a child that
// its parent can kill; see warehouse.Worker.
func sqlworkerCommand(ctx context.Context, args []string, io stdio) error {
	if len(args) > 0 {
		return errUsage
	}
	return warehouse.RunWorker(ctx, io.in, io.out)
}
