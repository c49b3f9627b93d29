package parcel_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tilgang/internal/document/parcel"
)

// text is a parcel that is nothing but its list.
type text string

func (l text) File(name string) (io.ReadCloser, error) {
	if name != parcel.Manifest {
		return nil, fs.ErrNotExist
	}
	return io.NopCloser(strings.NewReader(string(l))), nil
}

func (text) Close() error { return nil }

func options() parcel.Options {
	return parcel.Options{Only: "one", Employers: map[string]string{"one": "one"}, Kinds: []string{"payslip", "letter"}, Languages: []string{"da"}, Latest: "2026-12-31"}
}

func rows(t interface{ Fatal(...any) }, list string) (all []parcel.Row) {
	r, err := parcel.Read(text(list), options())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, row)
	}
}

const top = "file,employee_number,kind,date,title\n"

func TestWhateverALineSaysItIsOneRowAndSpoilsNoOther(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		bad := strings.Map(func(c rune) rune {
			if c == '\n' || c == '\r' {
				return '_'
			}
			return c
		}, rapid.String().Draw(r, "line"))
		all := rows(r, top+"a.pdf,1,payslip,2026-01-25,One\n"+bad+"\nb.pdf,1,payslip,2026-02-25,Two\n")
		last := all[len(all)-1]
		if len(all) > 3 || all[0].File != "a.pdf" || last.File != "b.pdf" || last.Title != "Two" {
			r.Fatalf("%+v", all)
		}
		for _, row := range all {
			if len(row.Problems) == 0 && (!fs.ValidPath(row.File) || strings.ContainsAny(row.File, "\\:\x00")) {
				r.Fatalf("%q is a name", row.File)
			}
		}
	})
}

func TestALineThatIsTooLongIsOneRow(t *testing.T) {
	all := rows(t, top+`"`+strings.Repeat("x", 100_000)+"\nb.pdf,1,payslip,2026-02-25,Two\n")
	if len(all) != 2 || len(all[0].Problems) != 1 || len(all[1].Problems) != 0 || all[1].Line != 3 {
		t.Errorf("%d rows: %+v", len(all), all)
	}
}

func TestAmountsAreReadToTheHundredth(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.Int64Range(-1e13, 1e13).Draw(r, "hundredths")
		sign, abs := "", n
		if n < 0 {
			sign, abs = "-", -n
		}
		point := rapid.SampledFrom([]string{".", ","}).Draw(r, "point")
		list := strings.TrimSpace(top) + ",currency,gross,tax,net\n" + fmt.Sprintf("a.pdf,1,payslip,2026-01-25,One,EUR,\"%s%d%s%02d\",0,0\n", sign, abs/100, point, abs%100)
		row := rows(r, list)[0]
		if len(row.Problems) > 0 || row.Pay.Gross != n {
			r.Fatalf("%d: %+v", n, row)
		}
	})
	for _, bad := range []string{"1.5", "1e3", "1 000", "1.000,00", "NaN", "0x1", "", "9999999999999"} {
		row := rows(t, strings.TrimSpace(top)+",currency,gross,tax,net\n"+fmt.Sprintf("a.pdf,1,payslip,2026-01-25,One,EUR,\"%s\",0,0\n", bad))[0]
		if len(row.Problems) == 0 {
			t.Errorf("%q is an amount", bad)
		}
	}
}
