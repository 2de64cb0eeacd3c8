package main

import "context"

func chatCommand(ctx context.Context, args []string, io stdio) error { return nil }
