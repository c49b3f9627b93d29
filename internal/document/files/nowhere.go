package files

import (
	"context"
	"errors"
	"io"
)

// Nowhere is the Store of an installation that was given none: it keeps nothing
// and says so.
type Nowhere struct{}

var errNowhere = errors.New("files: TILGANG_FILES is not set")

// Put implements Store.
func (Nowhere) Put(context.Context, string, []byte) error { return errNowhere }

// Get implements Store.
func (Nowhere) Get(context.Context, string) (io.ReadCloser, error) { return nil, errNowhere }

// Delete implements Store.
func (Nowhere) Delete(context.Context, string) error { return errNowhere }
