package document

import (
	"archive/zip"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"

	"tilgang/internal/audit"
	"tilgang/internal/authz"
	"tilgang/internal/tenant"
)

// The names inside an archive of everything.
const (
	sumsName      = "SHA256SUMS"
	signatureName = "SHA256SUMS.sig"
	listName      = "documents.json"
	keyName       = "signing-key.pem"
	readName      = "README.txt"
)

// signs is the use of the key that signs archives.
const signs = "document archive"

// SigningKey is the public half of the tenant's key for archives, as PEM. It
// stays the same for as long as the installation's root key does.
func (s *Service) SigningKey(t *tenant.Tenant) ([]byte, error) {
	public, ok := s.box.SigningKey(signs, t.ID).Public().(ed25519.PublicKey)
	if !ok {
		return nil, fmt.Errorf("not an Ed25519 key")
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return nil, fmt.Errorf("write public key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), nil
}

// Taken notes that the asker takes everything, before the first byte goes out.
func (s *Service) Taken(ctx context.Context, a authz.Actor, n int) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		return audit.Record(ctx, audit.Event{Action: "document.taken", Subject: audit.Subject{Kind: "person", ID: a.PersonID}, Detail: map[string]any{"documents": n}})
	})
}

// entry is a document in the list inside the archive.
type entry struct {
	File     string `json:"file"`
	Kind     Kind   `json:"kind"`
	Title    string `json:"title"`
	Date     string `json:"date"`
	Period   string `json:"period,omitempty"`
	Employer string `json:"legal_employer"`
	Media    string `json:"media_type"`
	Bytes    int64  `json:"bytes"`
	Sum      string `json:"sha256"`
}

// Archive writes documents as one ZIP archive while it goes: one piece of one
// file is in memory. Its sums are signed, so that whoever has the public key
// sees that nothing is missing, added or changed. An error leaves an archive
// without its end, which no program takes for whole.
func (s *Service) Archive(ctx context.Context, w io.Writer, list []Held, readme string) error {
	t := tenant.MustFrom(ctx)
	z := zip.NewWriter(w)
	sums, used := &strings.Builder{}, map[string]bool{}
	var entries []entry
	for _, h := range list {
		e := entry{
			File: unique(used, h.Year()+"/"+FileName(h)), Kind: h.Kind, Title: h.Title, Date: string(h.Dated), Period: h.Period, Employer: h.Employer, Media: h.Media, Bytes: h.Bytes,
		}
		sum, err := s.pack(ctx, z, h, e.File)
		if err != nil {
			return err
		}
		e.Sum = hex.EncodeToString(sum)
		fmt.Fprintf(sums, "%s  %s\n", e.Sum, e.File)
		entries = append(entries, e)
	}
	body, err := json.MarshalIndent(map[string]any{"employer": t.Name, "taken_at": s.db.Now().UTC().Format(time.RFC3339), "documents": entries}, "", "  ")
	if err != nil {
		return fmt.Errorf("write list: %w", err)
	}
	if err := put(z, listName, body); err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	fmt.Fprintf(sums, "%s  %s\n", hex.EncodeToString(sum[:]), listName)
	return s.signed(t, z, sums.String(), readme)
}

// signed ends an archive with its sums, their signature and how to check both.
func (s *Service) signed(t *tenant.Tenant, z *zip.Writer, sums, readme string) error {
	public, err := s.SigningKey(t)
	if err != nil {
		return err
	}
	for _, f := range []struct {
		name string
		body []byte
	}{
		{sumsName, []byte(sums)},
		{signatureName, ed25519.Sign(s.box.SigningKey(signs, t.ID), []byte(sums))},
		{keyName, public},
		{readName, []byte(readme)},
	} {
		if err := put(z, f.name, f.body); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("end archive: %w", err)
	}
	return nil
}

func (s *Service) pack(ctx context.Context, z *zip.Writer, h Held, name string) ([]byte, error) {
	in, err := s.Content(ctx, h.Document)
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }()
	// What is in there is packed already; storing it is as small and faster.
	out, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store, Modified: h.Dated.Time(time.UTC)})
	if err != nil {
		return nil, fmt.Errorf("begin %s: %w", name, err)
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(out, sum), in)
	if err == nil && n != h.Bytes {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, fmt.Errorf("pack %s: %w", name, err)
	}
	return sum.Sum(nil), nil
}

func put(z *zip.Writer, name string, body []byte) error {
	w, err := z.Create(name)
	if err == nil {
		_, err = w.Write(body)
	}
	if err != nil {
		return fmt.Errorf("pack %s: %w", name, err)
	}
	return nil
}

// FileName is a document's name as a file: date and title in letters, digits,
// spaces and a few signs that every system takes, and the ending of its type.
func FileName(h Held) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r), strings.ContainsRune(" -_,", r):
			return r
		case unicode.IsSpace(r):
			return ' '
		}
		return '-'
	}, h.Title)
	if r := []rune(name); len(r) > 80 {
		name = string(r[:80])
	}
	name = strings.Trim(name, " -")
	if name == "" {
		name = string(h.Kind)
	}
	return string(h.Dated) + " " + name + map[string]string{"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}[h.Media]
}

// unique gives a name that is not used yet; case is no difference everywhere.
func unique(used map[string]bool, name string) string {
	dot := strings.LastIndexByte(name, '.')
	for n := 1; ; n++ {
		one := name
		if n > 1 {
			one = name[:dot] + " (" + strconv.Itoa(n) + ")" + name[dot:]
		}
		if folded := strings.ToLower(one); !used[folded] {
			used[folded] = true
			return one
		}
	}
}
