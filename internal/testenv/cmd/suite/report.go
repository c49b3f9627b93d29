package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

var (
	errNoTests = errors.New("it ran no test")
	errFailed  = errors.New("something failed")
)

// result is how one phase went.
type result struct {
	name           string
	passed, failed int
	took           time.Duration
	err            error // beyond failed tests
}

func (r result) ok() bool { return r.failed == 0 && r.err == nil }

// report gathers the phases.
type report struct {
	out     io.Writer
	results []result
}

func (r *report) add(one result) { r.results = append(r.results, one) }

// finish prints a line per phase and, alone on the last line, the sum.
func (r *report) finish(ctx context.Context) error {
	_, _ = fmt.Fprintln(r.out)
	var passed, failed int
	var err error
	for _, one := range r.results {
		r.show(one)
		passed, failed = passed+one.passed, failed+one.failed
		if !one.ok() {
			err = errFailed
		}
	}
	_, _ = fmt.Fprintf(r.out, "%d passed, %d failed\n", passed, failed)
	if ctx.Err() != nil {
		return fmt.Errorf("interrupted: %w", ctx.Err())
	}
	return err
}

func (r *report) show(one result) {
	mark := "ok  "
	if !one.ok() {
		mark = "FAIL"
	}
	_, _ = fmt.Fprintf(r.out, "%s  %-26s %5d passed %4d failed %7.1fs", mark, one.name, one.passed, one.failed, one.took.Seconds())
	if one.err != nil {
		_, _ = fmt.Fprintf(r.out, "  %v", one.err)
	}
	_, _ = fmt.Fprintln(r.out)
}
