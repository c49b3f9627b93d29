package files

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"

	"github.com/google/uuid"

	"tilgang/internal/secret"
)

var (
	// ErrNotFound says that there is no object of a name.
	ErrNotFound = errors.New("files: no such object")
	// ErrDamaged says that an object does not open: cut, changed, or another's.
	ErrDamaged = errors.New("files: the object is damaged")
	// errName refuses a name that is not one of ours.
	errName = errors.New("files: not a name of ours")
)

// Store keeps objects by name; internal/app chooses which. Errors other than
// ErrNotFound are the store's own trouble.
type Store interface {
	// Put writes an object, in place of one that is there.
	Put(ctx context.Context, name string, body []byte) error
	// Get reads an object from its start.
	Get(ctx context.Context, name string) (io.ReadCloser, error)
	// Delete removes an object; one that is gone is no error.
	Delete(ctx context.Context, name string) error
}

// piece is how much of an object is sealed, and in memory, at a time, in bytes.
const piece = 64 << 10

// mark begins every object, so that another way of keeping them can follow.
const mark = "tilgang sealed file 1\n"

// Vault seals objects of tenants into a Store.
type Vault struct {
	store Store
	box   *secret.Box
}

// NewVault makes a vault over a store.
func NewVault(store Store, box *secret.Box) *Vault { return &Vault{store: store, box: box} }

// ourName is what a caller may name an object: an id, and a part's number.
var ourName = regexp.MustCompile(`^[0-9a-f-]{36}(\.[0-9]{1,6})?$`)

// key is an object's name in the store.
func key(owner uuid.UUID, name string) (string, error) {
	if owner == uuid.Nil || !ourName.MatchString(name) {
		return "", errName
	}
	return owner.String() + "/" + name[34:36] + "/" + name, nil
}

// Keep seals body under a name of the owner's.
func (v *Vault) Keep(ctx context.Context, owner uuid.UUID, name string, body []byte) error {
	at, err := key(owner, name)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	out.Grow(len(mark) + len(body) + (len(body)/piece+1)*64)
	out.WriteString(mark)
	for n := 0; ; n++ {
		some := body[:min(piece, len(body))]
		body = body[len(some):]
		sealed, err := v.box.Seal(some, place(owner, name, n, len(body) == 0)...)
		if err != nil {
			return fmt.Errorf("seal file: %w", err)
		}
		var size [4]byte
		binary.BigEndian.PutUint32(size[:], uint32(len(sealed))) //nolint:gosec // a piece and its seal
		out.Write(size[:])
		out.Write(sealed)
		if len(body) == 0 {
			break
		}
	}
	if err := v.store.Put(ctx, at, out.Bytes()); err != nil {
		return fmt.Errorf("keep file: %w", err)
	}
	return nil
}

// place ties a piece to where it belongs.
func place(owner uuid.UUID, name string, n int, last bool) []string {
	return []string{owner.String(), "files", name, strconv.Itoa(n), strconv.FormatBool(last)}
}

// Open reads what Keep sealed. The first piece is opened here, so that what is
// damaged or gone says so before anything is sent.
func (v *Vault) Open(ctx context.Context, owner uuid.UUID, name string) (io.ReadCloser, error) {
	at, err := key(owner, name)
	if err != nil {
		return nil, err
	}
	src, err := v.store.Get(ctx, at)
	if err != nil {
		return nil, fmt.Errorf("open file: %w", err)
	}
	o := &opened{v: v, owner: owner, name: name, src: src, in: bufio.NewReaderSize(src, piece+64)}
	head := make([]byte, len(mark))
	if _, err := io.ReadFull(o.in, head); err != nil || string(head) != mark {
		return nil, errors.Join(o.blame(err), src.Close())
	}
	if err := o.more(); err != nil {
		return nil, errors.Join(err, src.Close())
	}
	return o, nil
}

// Delete removes an object of the owner's.
func (v *Vault) Delete(ctx context.Context, owner uuid.UUID, name string) error {
	at, err := key(owner, name)
	if err != nil {
		return err
	}
	if err := v.store.Delete(ctx, at); err != nil {
		return fmt.Errorf("delete file: %w", err)
	}
	return nil
}

// opened is an object on its way out.
type opened struct {
	v     *Vault
	owner uuid.UUID
	name  string
	src   io.Closer
	in    *bufio.Reader
	n     int
	last  bool
	plain bytes.Reader
}

// more opens the next piece.
func (o *opened) more() error {
	var size [4]byte
	if _, err := io.ReadFull(o.in, size[:]); err != nil {
		return o.blame(err)
	}
	length := binary.BigEndian.Uint32(size[:])
	if length > piece+1024 {
		return ErrDamaged
	}
	sealed := make([]byte, length)
	if _, err := io.ReadFull(o.in, sealed); err != nil {
		return o.blame(err)
	}
	_, err := o.in.Peek(1)
	o.last = errors.Is(err, io.EOF)
	if err != nil && !o.last {
		return o.blame(err)
	}
	plain, err := o.v.box.Open(sealed, place(o.owner, o.name, o.n, o.last)...)
	if err != nil {
		return fmt.Errorf("%w: piece %d: %w", ErrDamaged, o.n, err)
	}
	o.n++
	o.plain.Reset(plain)
	return nil
}

// blame tells a cut object from a store that stopped answering.
func (o *opened) blame(err error) error {
	if err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return ErrDamaged
	}
	return fmt.Errorf("read file: %w", err)
}

// Read implements io.Reader.
func (o *opened) Read(p []byte) (int, error) {
	for o.plain.Len() == 0 {
		if o.last {
			return 0, io.EOF
		}
		if err := o.more(); err != nil {
			return 0, err
		}
	}
	return o.plain.Read(p)
}

// Close implements io.Closer.
func (o *opened) Close() error { return o.src.Close() }
