package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/mattn/go-isatty"

	"tilgang/internal/app"
	"tilgang/internal/authz"
	"tilgang/internal/config"
	"tilgang/internal/db"
	"tilgang/internal/people"
	"tilgang/internal/roster"
	"tilgang/internal/tenancy"
)

// importMemory is what the collector keeps an import within where it can (ours):
// what a file's rows leave to be remembered grows with the file, garbage need
// not. It is no bound; a file that needs more gets it.
const importMemory = 64 << 20

func person(ctx context.Context, args []string, out io.Writer) (err error) {
	flags := flag.NewFlagSet("person import", flag.ContinueOnError)
	slug := flags.String("tenant", "", "the employer's slug")
	dry := flags.Bool("dry-run", false, "preview only")
	words, rest := split(args)
	if err := flags.Parse(rest); err != nil {
		return errors.Join(errUsage, err)
	}
	if len(words) != 2 || words[0] != "import" || *slug == "" {
		return fmt.Errorf("%w: person import FILE --tenant SLUG [--dry-run]", errUsage)
	}
	a, err := open(ctx, config.Command)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	ctx, err = operator(ctx, a, *slug)
	if err != nil {
		return err
	}
	f, err := os.Open(words[1])
	if err != nil {
		return fmt.Errorf("open the staff file: %w", err)
	}
	defer func() { _ = f.Close() }()
	debug.SetMemoryLimit(importMemory)
	bar := newBar(out)
	row, err := a.Services.Roster.Run(ctx, filepath.Base(words[1]), f, *dry, bar.show)
	bar.end()
	if err != nil {
		return err
	}
	return report(ctx, a, row, out)
}

// split parts the words of a call from its flags, wherever those stand.
func split(args []string) (words, flags []string) {
	for i := 0; i < len(args); i++ {
		if !strings.HasPrefix(args[i], "-") {
			words = append(words, args[i])
			continue
		}
		flags = append(flags, args[i])
		takesNext := !strings.Contains(args[i], "=") && strings.TrimLeft(args[i], "-") != "dry-run"
		if takesNext && i+1 < len(args) {
			i++
			flags = append(flags, args[i])
		}
	}
	return words, flags
}

// operator is the context of a tenant's, acting as the one at the keyboard.
func operator(ctx context.Context, a *app.App, slug string) (context.Context, error) {
	t, err := a.Directory.BySlug(ctx, slug)
	if errors.Is(err, db.ErrNotFound) {
		return ctx, fmt.Errorf("there is no employer %q; `tilgang tenant list` shows them", slug)
	}
	if err != nil {
		return ctx, err
	}
	return authz.With(tenancy.Enter(ctx, t), authz.Actor{Kind: authz.Command}), nil
}

func report(ctx context.Context, a *app.App, row roster.Import, out io.Writer) error {
	words := a.Catalog.Localizer("en", nil, a.DB.Now)
	fmt.Fprintf(out, "%s: %d rows; %d created, %d changed, %d left alone, %d to decide, %d with problems\n",
		row.State, row.LinesRead, row.Created, row.Changed, row.Same, row.Proposed, row.Problems)
	actions := []people.Action{people.Refuse, people.Propose, people.Create, people.Change, people.Rehire}
	for after := int64(0); ; {
		lines, err := a.Services.Roster.Lines(ctx, row.ID, actions, after, 500)
		if err != nil {
			return err
		}
		for _, l := range lines {
			after = l.Number
			for _, p := range l.Problems {
				fmt.Fprintf(out, "  row %d, %s: %s\n", l.Number, p.Column, words.TMap(p.Code, p.Args))
			}
			if l.Action == people.Propose {
				fmt.Fprintf(out, "  row %d: %s may be a person you have; decide on the page of the import\n", l.Number, l.Record.Name())
			}
		}
		if len(lines) == 0 {
			break
		}
	}
	switch row.State { //nolint:exhaustive // only these two need a word
	case roster.Failed:
		return errors.New(words.T(row.Error))
	case roster.Preview:
		fmt.Fprintln(out, "nothing was changed (--dry-run)")
		return a.Services.Roster.Drop(ctx, row.ID)
	}
	return nil
}

// bar shows progress: a bar on a terminal, a plain line every tenth in a pipe.
type bar struct {
	out      io.Writer
	terminal bool
	shown    string
	tenth    int64
}

func newBar(out io.Writer) *bar {
	f, ok := out.(*os.File)
	return &bar{out: out, terminal: ok && isatty.IsTerminal(f.Fd()), tenth: -1}
}

func (b *bar) show(row roster.Import) {
	done, total := row.Progress()
	b.step(map[bool]string{true: "applying", false: "reading"}[row.State == roster.Applying], done, total)
}

func (b *bar) step(step string, done, total int64) {
	if !b.terminal {
		if tenth := done * 10 / total; tenth != b.tenth || step != b.shown {
			b.tenth, b.shown = tenth, step
			fmt.Fprintf(b.out, "%s %d of %d\n", step, done, total)
		}
		return
	}
	const width = 40
	full := int(min(done, total) * width / total)
	fmt.Fprintf(b.out, "\r%-9s [%s%s] %d of %d", step, strings.Repeat("#", full), strings.Repeat(" ", width-full), done, total)
	b.shown = step
}

func (b *bar) end() {
	if b.terminal && b.shown != "" {
		fmt.Fprintln(b.out)
	}
}
