package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// event is one line of `go test -json`; see `go doc cmd/test2json`.
type event struct {
	Action      string
	Package     string
	ImportPath  string // of build-output and build-fail
	Test        string
	Output      string
	Elapsed     float64
	FailedBuild string
}

// line is output that is shown only if its test, or its package, fails.
type line struct{ test, text string }

// tally counts tests and prints one line per package, and the whole output of
// what failed.
type tally struct {
	out            io.Writer
	passed, failed int

	lines map[string][]line // by package
	tests map[string]int    // finished, by package
	wrong map[string]int    // failed, by package
	build map[string]string // compiler output, by import path
}

func newTally(out io.Writer) *tally {
	return &tally{out: out, lines: map[string][]line{}, tests: map[string]int{}, wrong: map[string]int{}, build: map[string]string{}}
}

// read takes in a whole stream; a line that is no event is passed through.
func (t *tally) read(stream io.Reader) error {
	reader := bufio.NewReader(stream)
	for {
		text, err := reader.ReadString('\n')
		if text != "" {
			t.take(text)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read test events: %w", err)
		}
	}
}

func (t *tally) take(text string) {
	var e event
	if !strings.HasPrefix(text, "{") || json.Unmarshal([]byte(text), &e) != nil {
		_, _ = io.WriteString(t.out, text)
		return
	}
	switch {
	case e.Action == "build-output":
		t.build[e.ImportPath] += e.Output
	case e.Action == "output":
		t.lines[e.Package] = append(t.lines[e.Package], line{e.Test, e.Output})
	case e.Test != "":
		t.endTest(e)
	default:
		t.endPackage(e)
	}
}

// endTest counts. A skipped test counts as failed: here nothing is skipped.
func (t *tally) endTest(e event) {
	switch e.Action {
	case "pass":
		t.passed++
		t.tests[e.Package]++
		t.lines[e.Package] = slices.DeleteFunc(t.lines[e.Package], func(l line) bool { return l.test == e.Test })
	case "fail":
		t.failed++
		t.tests[e.Package]++
		t.wrong[e.Package]++
	case "skip":
		t.failed++
		t.wrong[e.Package]++
		_, _ = fmt.Fprintf(t.out, "SKIPPED %s %s: a test that cannot run must fail\n", short(e.Package), e.Test)
	}
}

func (t *tally) endPackage(e event) {
	switch e.Action {
	case "pass":
		if t.wrong[e.Package] == 0 {
			_, _ = fmt.Fprintf(t.out, "ok    %-40s %4d tests %6.1fs\n", short(e.Package), t.tests[e.Package], e.Elapsed)
			break
		}
		t.showFailure(e)
	case "fail":
		if t.wrong[e.Package] == 0 {
			t.failed++ // it did not build, panicked outside a test or ran out of time
		}
		t.showFailure(e)
	default:
		return
	}
	delete(t.lines, e.Package)
}

func (t *tally) showFailure(e event) {
	_, _ = fmt.Fprintf(t.out, "\nFAIL  %-40s %4d of %d tests %6.1fs\n", short(e.Package), t.wrong[e.Package], t.tests[e.Package], e.Elapsed)
	_, _ = io.WriteString(t.out, t.build[e.FailedBuild])
	for _, l := range t.lines[e.Package] {
		_, _ = io.WriteString(t.out, l.text)
	}
	_, _ = fmt.Fprintln(t.out)
}

func short(path string) string { return strings.TrimPrefix(path, module) }
