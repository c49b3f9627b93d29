package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"tilgang/internal/config"
)

// doctor says what works and what does not, each with the next step.
func doctor(ctx context.Context, _ []string, out io.Writer) error {
	a, err := open(ctx, config.Command)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }()
	bad := 0
	for _, check := range a.Checks(ctx) {
		mark := "ok  "
		if check.Err != nil {
			mark = "BAD "
			bad++
		}
		fmt.Fprintln(out, mark, check.Name)
		if check.Err != nil {
			fmt.Fprintln(out, "     ", check.Err, "\n     ", check.Next)
		}
	}
	if bad > 0 {
		return errors.New("not everything works")
	}
	return nil
}
