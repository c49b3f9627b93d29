package people

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/roster/sheet"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
)

// Typed is what HR typed, by the staff file's column names. SealedNational
// stands in for a national number that was typed on the page before.
type Typed map[string]string

// SealedNational carries a national number's keyed hash from one page to the
// next, sealed.
const SealedNational = "national_sealed"

// NationalKey is the keyed hash under which a national number is kept: the
// number itself is stored nowhere.
func NationalKey(box *secret.Box, owner uuid.UUID, id sheet.NationalID) []byte {
	return box.Keyed("national", owner, id.Country()+":"+id.Digits())
}

// read turns typed values into a record by the staff file's own rules: a form
// is a file of one row. Roles have a form of their own.
func (s *Service) read(ctx context.Context, in Typed) (Record, []Problem, error) {
	t := tenant.MustFrom(ctx)
	row, err := oneRow(in, sheetOptions(t, s.db.Now()))
	if f, known := fault.As(err); known {
		return Record{}, []Problem{{Code: f.Code, Args: f.Args, Fatal: true}}, nil
	}
	if err != nil {
		return Record{}, nil, fmt.Errorf("read form: %w", err)
	}
	r := recordOf(row.Fields, t)
	if !row.Fields.NationalID.IsZero() {
		r.NationalKey = NationalKey(s.box, t.ID, row.Fields.NationalID)
	} else if r.NationalKey, err = s.unsealNational(ctx, in[SealedNational]); err != nil {
		return r, nil, err
	}
	return r, refusals(row), nil
}

// refusals are the problems that keep a form back: in a file a value that
// cannot be used is left out with a warning, in a form it is asked for again.
func refusals(row sheet.Row) (list []Problem) {
	for _, p := range row.Problems {
		if p.Fatal || p.Dropped {
			list = append(list, Problem{Column: p.Column, Code: p.Code, Args: p.Args, Fatal: true})
		}
	}
	return list
}

func oneRow(in Typed, opt sheet.Options) (sheet.Row, error) {
	columns := slices.DeleteFunc(sheet.Columns(), func(c string) bool { return c == sheet.Roles })
	cells := make([]string, len(columns))
	for i, c := range columns {
		cells[i] = in[c]
	}
	var file bytes.Buffer
	w := csv.NewWriter(&file)
	if err := w.WriteAll([][]string{columns, cells}); err != nil {
		return sheet.Row{}, fmt.Errorf("write row: %w", err)
	}
	reader, err := sheet.Open(&file, opt)
	if err != nil {
		return sheet.Row{}, err
	}
	row, err := reader.Next()
	if errors.Is(err, io.EOF) {
		return row, fault.New(fault.Invalid, "sheet.file.header_only")
	}
	return row, err
}

func sheetOptions(t *tenant.Tenant, now time.Time) sheet.Options {
	opt := sheet.Options{Languages: t.Languages, Zone: t.Zone, Today: now, Countries: map[string]string{}}
	for i, e := range t.LegalEmployers {
		if i == 0 {
			opt.LegalEmployer, opt.Country = e.Key, e.Country
		}
		opt.LegalEmployers = append(opt.LegalEmployers, e.Key)
		opt.Countries[e.Key] = e.Country
	}
	return opt
}

func recordOf(f sheet.Person, t *tenant.Tenant) Record {
	r := Record{
		LegalEmployer: f.LegalEmployer, EmployeeNumber: f.EmployeeNumber, GivenName: f.GivenName, FamilyName: f.FamilyName,
		WorkEmail: f.WorkEmail.Display, WorkEmailKey: f.WorkEmail.Key, PrivateEmail: f.PrivateEmail.Display, PrivateKey: f.PrivateEmail.Key,
		Phone: f.Phone, Language: f.Language, JobTitle: f.JobTitle, OrgUnit: f.OrgUnit, Manager: f.Manager,
		Start: day(f.Start), End: day(f.End), Silent: []string{sheet.Roles},
	}
	if r.LegalEmployer == "" && len(t.LegalEmployers) > 0 {
		r.LegalEmployer = t.LegalEmployers[0].Key
	}
	return r
}

func day(t time.Time) Date {
	if t.IsZero() {
		return ""
	}
	return DateOf(t, time.UTC)
}

// nationalPlace ties a carried national number to its tenant and use.
func nationalPlace(ctx context.Context) []string {
	owner, _ := db.TenantID(ctx)
	return []string{owner.String(), "people", "form", "national"}
}

// sealNational makes a keyed hash fit to travel in a form; empty for none.
func (s *Service) sealNational(ctx context.Context, key []byte) (string, error) {
	if len(key) == 0 {
		return "", nil
	}
	sealed, err := s.box.Seal(key, nationalPlace(ctx)...)
	if err != nil {
		return "", fmt.Errorf("seal national number: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(sealed), nil
}

// unsealNational refuses a text that is not ours.
func (s *Service) unsealNational(ctx context.Context, text string) ([]byte, error) {
	if text == "" {
		return nil, nil
	}
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil, fault.New(fault.Invalid, "http.form").Because(err)
	}
	key, err := s.box.Open(sealed, nationalPlace(ctx)...)
	if err != nil {
		return nil, fault.New(fault.Invalid, "http.form").Because(err)
	}
	return key, nil
}
