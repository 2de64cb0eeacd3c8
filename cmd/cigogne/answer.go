package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"cigogne/internal/ledger"
)

func answerCommand(ctx context.Context, args []string, io stdio) error {
	var o options
	fs := flags("answer", io)
	o.register(fs)
	asJSON := fs.Bool("json", false, "print the answer as JSON")
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return errUsage
	}
	led, err := openLedger(ctx, o, io)
	if errors.Is(err, errNoLedger) {
		return unknown(rest[0], io)
	}
	if err != nil {
		return err
	}
	defer led.Close()
	a, err := led.Answer(ctx, rest[0])
	if errors.Is(err, ledger.ErrUnknown) {
		return unknown(rest[0], io)
	}
	if err != nil {
		return err
	}
	if *asJSON {
		return printJSON(io.out, a)
	}
	fmt.Fprintln(io.out, clean(a.Question)+"\n")
	fmt.Fprintln(io.out, io.shown(a))
	return nil
}

func feedbackCommand(ctx context.Context, args []string, io stdio) error {
	var o options
	fs := flags("feedback", io)
	o.register(fs)
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(rest) < 2 || rest[1] != "right" && rest[1] != "wrong" {
		return errUsage
	}
	led, err := openLedger(ctx, o, io)
	if errors.Is(err, errNoLedger) {
		return unknown(rest[0], io)
	}
	if err != nil {
		return err
	}
	defer led.Close()
	err = led.Judge(ctx, rest[0], rest[1] == "right", strings.Join(rest[2:], " "))
	if errors.Is(err, ledger.ErrUnknown) {
		return unknown(rest[0], io)
	}
	return err
}
