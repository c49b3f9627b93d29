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

	"tilgang/internal/app"
	"tilgang/internal/config"
	"tilgang/internal/document"
	"tilgang/internal/document/parcel"
	"tilgang/internal/fault"
)

// deliverMemory is what the collector keeps a delivery within where it can
// (ours): four documents of the largest size, each in clear and sealed.
const deliverMemory = 128 << 20

func documents(ctx context.Context, args []string, out io.Writer) (err error) {
	flags := flag.NewFlagSet("document deliver", flag.ContinueOnError)
	slug := flags.String("tenant", "", "the employer's slug")
	dry := flags.Bool("dry-run", false, "judge only")
	words, rest := split(args)
	if err := flags.Parse(rest); err != nil {
		return errors.Join(errUsage, err)
	}
	if len(words) != 2 || words[0] != "deliver" || *slug == "" {
		return fmt.Errorf("%w: document deliver FOLDER|ARCHIVE --tenant SLUG [--dry-run]", errUsage)
	}
	a, err := open(ctx, config.Command)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	if ctx, err = operator(ctx, a, *slug); err != nil {
		return err
	}
	src, err := parcelAt(words[1])
	if err != nil {
		return inWords(a, err)
	}
	defer func() { err = errors.Join(err, src.Close()) }()
	debug.SetMemoryLimit(deliverMemory)
	bar := newBar(out)
	row, err := a.Services.Documents.Run(ctx, filepath.Base(words[1]), src, *dry, func(d document.Delivery) {
		done, total := d.Progress()
		bar.step(map[bool]string{true: "judging", false: "delivering"}[*dry], done, total)
	})
	bar.end()
	if err != nil {
		return inWords(a, err)
	}
	return delivered(ctx, a, row, *dry, out)
}

// inWords says a refusal in English; other errors are words already.
func inWords(a *app.App, err error) error {
	f, known := fault.As(err)
	if !known {
		return err
	}
	return errors.New(a.Catalog.Localizer("en", nil, a.DB.Now).TMap(f.Code, f.Args))
}

// parcelAt opens a folder or an archive.
func parcelAt(path string) (parcel.Source, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("open the delivery: %w", err)
	}
	if info.IsDir() {
		return parcel.OpenFolder(path)
	}
	f, err := os.Open(path) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, fmt.Errorf("open the delivery: %w", err)
	}
	src, err := parcel.OpenArchive(f, info.Size(), f)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return src, nil
}

// delivered tells what became of each row that gave no document.
func delivered(ctx context.Context, a *app.App, row document.Delivery, dry bool, out io.Writer) error {
	words := a.Catalog.Localizer("en", nil, a.DB.Now)
	fmt.Fprintf(out, "%d rows; %d new, %d corrected, %d delivered before, %d with problems\n", row.RowsRead, row.Fresh, row.Replaced, row.Same, row.Problems)
	for after := int64(0); ; {
		list, err := a.Services.Documents.Troubles(ctx, row.ID, after, 500)
		if err != nil {
			return err
		}
		for _, t := range list {
			after = t.Line
			fmt.Fprintf(out, "  row %d, %s: %s\n", t.Line, t.File, document.Say(words.TMap, t))
		}
		if len(list) == 0 {
			break
		}
	}
	if dry {
		fmt.Fprintln(out, "nothing was delivered (--dry-run)")
	}
	return nil
}
