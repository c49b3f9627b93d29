package mydata

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/audit"
	"tilgang/internal/db"
	"tilgang/internal/outbox"
	"tilgang/internal/tenant"
)

// requestsFile is the file of requests, whose words are opened apart.
const requestsFile = "requests.json"

// Kinds are the jobs that make copies.
func (s *Service) Kinds() []outbox.Kind {
	return []outbox.Kind{{Name: EventAsked, Fleeting: true, Batch: func(ctx context.Context, rows []outbox.Row) map[uuid.UUID]error {
		failed := map[uuid.UUID]error{}
		for _, row := range rows {
			var args job
			err := row.Into(&args)
			if err == nil {
				err = s.Make(ctx, args.Copy)
			}
			if err != nil {
				failed[row.ID] = err
			}
		}
		return failed
	}}}
}

// Make makes the files of a copy, each in a transaction of its own, and tells its
// owner once. After a crash it is made again from the start, which changes
// nothing that is there; a copy that is gone or ready needs nothing.
func (s *Service) Make(ctx context.Context, id uuid.UUID) error {
	var row Copy
	var w who
	err := s.DB.Read(ctx, func(ctx context.Context) (err error) {
		if row, err = copyByID(ctx, id); err != nil {
			return err
		}
		acc, err := account.ByPerson(ctx, row.PersonID)
		if err != nil && !errors.Is(err, db.ErrNotFound) {
			return err
		}
		w = who{Person: row.PersonID, Account: acc.ID}
		return nil
	})
	for n, p := range Parts() {
		if err != nil || row.ReadyAt != nil {
			break
		}
		err = s.DB.Tx(ctx, func(ctx context.Context) error { return s.add(ctx, id, p, w, n+1) })
	}
	if err == nil && row.ReadyAt == nil {
		err = s.DB.Tx(ctx, func(ctx context.Context) error { return s.ready(ctx, row) })
	}
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	return err
}

// add makes one file. The copy's row is taken first, so that whoever deletes the
// copy waits.
func (s *Service) add(ctx context.Context, id uuid.UUID, p Part, w who, done int) error {
	if err := step(ctx, id, done); err != nil {
		return err
	}
	body, err := s.pack(ctx, p, w)
	if err != nil {
		return fmt.Errorf("read %s: %w", p.Table, err)
	}
	sealed, err := s.Box.Seal(body, filePlace(tenant.MustFrom(ctx).ID, id, p.File)...)
	if err != nil {
		return fmt.Errorf("seal %s: %w", p.File, err)
	}
	return insertFile(ctx, file{CopyID: id, Name: p.File, Sealed: sealed})
}

func filePlace(owner, id uuid.UUID, name string) []string {
	return []string{owner.String(), "mydata_files", id.String(), name}
}

// ready ends the making, once.
func (s *Service) ready(ctx context.Context, row Copy) error {
	if err := markReady(ctx, row.ID, db.Now(ctx).Add(keptFor)); err != nil {
		return err
	}
	if err := audit.Record(ctx, event("mydata.ready", row.PersonID, map[string]any{"copy": row.ID.String()})); err != nil {
		return err
	}
	return s.tell(ctx, row.PersonID, kindReady, row.ID)
}

// pack reads a part into packed JSON; what is in memory is the packed text and
// one row.
func (s *Service) pack(ctx context.Context, p Part, w who) ([]byte, error) {
	words, err := s.wordsOf(ctx, p, w)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	names, between := p.Names(), "[\n"
	err = p.each(ctx, w, func(values []*string) error {
		one := map[string]any{}
		for i, v := range values {
			one[names[i]] = value(v)
		}
		if said, there := words[fmt.Sprint(one["id"])]; there {
			one["words"], one["answer"] = said.Text, said.Reply
		}
		text, err := json.Marshal(one)
		if err != nil {
			return fmt.Errorf("write row: %w", err)
		}
		_, err = io.WriteString(z, between+string(text))
		between = ",\n"
		return err
	})
	end := "\n]\n"
	if between == "[\n" {
		end = "[]\n"
	}
	_, ended := io.WriteString(z, end)
	err = errors.Join(err, ended, z.Close())
	return out.Bytes(), err
}

// wordsOf opens the words of requests, by the request's id.
func (s *Service) wordsOf(ctx context.Context, p Part, w who) (map[string]Said, error) {
	words := map[string]Said{}
	if p.File != requestsFile {
		return words, nil
	}
	rows, err := requestsOf(ctx, w.Person)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		said, err := s.read(row)
		if err != nil {
			return nil, err
		}
		words[row.ID.String()] = said
	}
	return words, nil
}

// value is text as it is, but for objects and lists, which are no text to their
// reader.
func value(v *string) any {
	if v == nil {
		return nil
	}
	if (strings.HasPrefix(*v, "{") || strings.HasPrefix(*v, "[")) && json.Valid([]byte(*v)) {
		return json.RawMessage(*v)
	}
	return *v
}

// Archive writes a copy and files of documents as one ZIP archive while it goes.
// An error leaves an archive without its end, which no program takes for whole.
func (s *Service) Archive(ctx context.Context, w io.Writer, row Copy, papers []Paper, readme string) error {
	z := zip.NewWriter(w)
	var names []string
	err := s.DB.Read(ctx, func(ctx context.Context) (err error) { names, err = fileNames(ctx, row.ID); return })
	if err != nil {
		return fmt.Errorf("list the copy's files: %w", err)
	}
	if len(names) != len(Parts()) {
		return fmt.Errorf("the copy has %d files of %d: %w", len(names), len(Parts()), io.ErrUnexpectedEOF)
	}
	if err := put(z, "README.txt", strings.NewReader(readme)); err != nil {
		return err
	}
	for _, name := range names {
		if err := s.unpack(ctx, z, row, name); err != nil {
			return err
		}
	}
	used := map[string]bool{}
	for _, p := range papers {
		in, err := p.Open(ctx)
		if err != nil {
			return err
		}
		err = put(z, unused(used, "documents/"+p.Name), in)
		if err := errors.Join(err, in.Close()); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("end archive: %w", err)
	}
	return nil
}

// unpack opens one file of a copy into an archive.
func (s *Service) unpack(ctx context.Context, z *zip.Writer, row Copy, name string) error {
	var f file
	err := s.DB.Read(ctx, func(ctx context.Context) (err error) { f, err = fileOf(ctx, row.ID, name); return })
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	packed, err := s.Box.Open(f.Sealed, filePlace(row.TenantID, row.ID, name)...)
	if err != nil {
		return fmt.Errorf("open %s: %w", name, err)
	}
	in, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return fmt.Errorf("unpack %s: %w", name, err)
	}
	return put(z, name, in)
}

func put(z *zip.Writer, name string, in io.Reader) error {
	out, err := z.Create(name)
	if err == nil {
		_, err = io.Copy(out, in)
	}
	if err != nil {
		return fmt.Errorf("pack %s: %w", name, err)
	}
	return nil
}

// unused gives a name that is not used yet; case is no difference everywhere.
func unused(used map[string]bool, name string) string {
	one := name
	for n := 2; used[strings.ToLower(one)]; n++ {
		dot := strings.LastIndexByte(name, '.')
		one = name[:dot] + " (" + strconv.Itoa(n) + ")" + name[dot:]
	}
	used[strings.ToLower(one)] = true
	return one
}
