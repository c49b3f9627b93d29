package roster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/google/uuid"

	"tilgang/internal/db"
)

// partSize is how much of a file is in memory and in one row, in bytes.
const partSize = 1 << 20

// storeParts writes a stream away in sealed pieces, each in a transaction of
// its own: no transaction waits for somebody's network.
func (s *Service) storeParts(ctx context.Context, id uuid.UUID, kind string, src io.Reader) error {
	buf := make([]byte, partSize)
	for n := 0; ; n++ {
		size, err := io.ReadFull(src, buf)
		if size > 0 {
			if err := s.storePart(ctx, id, kind, n, buf[:size]); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read file: %w", err)
		}
	}
}

func (s *Service) storePart(ctx context.Context, id uuid.UUID, kind string, n int, body []byte) error {
	sealed, err := s.box.Seal(body, partPlace(ctx, id, kind, n)...)
	if err != nil {
		return fmt.Errorf("seal part: %w", err)
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		return insertPart(ctx, partRow{ImportID: id, Kind: kind, Part: n, Sealed: sealed})
	})
}

// partPlace ties a sealed piece to where it lies.
func partPlace(ctx context.Context, id uuid.UUID, kind string, n int) []string {
	owner, _ := db.TenantID(ctx)
	return []string{owner.String(), "import_parts", id.String(), kind, strconv.Itoa(n)}
}

// partReader reads a stored file piece by piece, from its start or anywhere in
// it. It holds one piece for each way.
type partReader struct {
	s    *Service
	ctx  context.Context //nolint:containedctx // lives as long as one read of the file
	id   uuid.UUID
	kind string
	size int64
	next int
	rest bytes.Reader
	at   int // the piece in held
	held []byte
}

func (s *Service) openParts(ctx context.Context, row Import, kind string) *partReader {
	return &partReader{s: s, ctx: ctx, id: row.ID, kind: kind, size: row.Bytes}
}

// Size is the file's, in bytes.
func (r *partReader) Size() int64 { return r.size }

// ReadAt implements io.ReaderAt, for workbooks, whose directory stands at the
// end.
func (r *partReader) ReadAt(p []byte, off int64) (n int, err error) {
	for n < len(p) {
		if off >= r.size {
			return n, io.EOF
		}
		if err := r.hold(int(off / partSize)); err != nil {
			return n, err
		}
		from := int(off % partSize)
		if from >= len(r.held) {
			return n, io.ErrUnexpectedEOF
		}
		k := copy(p[n:], r.held[from:])
		n, off = n+k, off+int64(k)
	}
	return n, nil
}

// hold loads a piece unless it is the one at hand.
func (r *partReader) hold(n int) error {
	if r.held != nil && r.at == n {
		return nil
	}
	body, err := r.s.loadPart(r.ctx, r.id, r.kind, n)
	if err != nil {
		return err
	}
	r.at, r.held = n, body
	return nil
}

// Read implements io.Reader.
func (r *partReader) Read(p []byte) (int, error) {
	for r.rest.Len() == 0 {
		body, err := r.s.loadPart(r.ctx, r.id, r.kind, r.next)
		if errors.Is(err, db.ErrNotFound) {
			return 0, io.EOF
		}
		if err != nil {
			return 0, err
		}
		r.next++
		r.rest.Reset(body)
	}
	return r.rest.Read(p)
}

func (s *Service) loadPart(ctx context.Context, id uuid.UUID, kind string, n int) ([]byte, error) {
	var row partRow
	err := s.db.Read(ctx, func(ctx context.Context) (err error) { row, err = part(ctx, id, kind, n); return })
	if err != nil {
		return nil, err
	}
	body, err := s.box.Open(row.Sealed, partPlace(ctx, id, kind, n)...)
	if err != nil {
		return nil, fmt.Errorf("open part %d: %w", n, err)
	}
	return body, nil
}
