package people

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"tilgang/internal/db"
	"tilgang/internal/tenant"
)

// Query asks for a page of people.
type Query struct {
	Text   string // words; each must begin a word of name, address or number
	Unit   string // a unit's path key; covers the units below it
	Title  string // a job title
	State  string // "": all; staff, joiner, left: by dates on Today; waiting, in, confirmed, none: by account and invitation
	Today  Date
	After  string // cursor: what follows it
	Before string // cursor: what comes before it; only Browse asks
	Limit  int    // at most 200; 50 when 0
}

// Listed is one person of a page, with the employment that begins last.
type Listed struct {
	listedRow
}

// Name is the whole name.
func (l Listed) Name() string { return l.GivenName + " " + l.FamilyName }

// List gives a page of people and the cursor of the next, empty on the last.
func List(ctx context.Context, q Query) (page []Listed, next string, err error) {
	if q.Limit <= 0 || q.Limit > 200 {
		q.Limit = 50
	}
	rows, err := list(ctx, q)
	if err != nil {
		return nil, "", fmt.Errorf("list people: %w", err)
	}
	if len(rows) > q.Limit {
		rows = rows[:q.Limit]
		last := rows[len(rows)-1]
		next = cursorOf(last.FamilyName, last.GivenName, last.ID)
	}
	for _, row := range rows {
		page = append(page, Listed{row})
	}
	return page, next, nil
}

func cursorOf(family, given string, id uuid.UUID) string {
	body, err := json.Marshal([]string{family, given, id.String()})
	if err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(body)
}

// readCursor reads a cursor; one that is not ours starts from the beginning.
func readCursor(cursor string) (family, given string, id uuid.UUID) {
	var parts []string
	body, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || json.Unmarshal(body, &parts) != nil || len(parts) != 3 {
		return "", "", uuid.Nil
	}
	if id, err = uuid.Parse(parts[2]); err != nil {
		return "", "", uuid.Nil
	}
	return parts[0], parts[1], id
}

// words are the folded words searched for, at most five.
func (q Query) words() []string {
	words := Words(q.Text)
	return words[:min(len(words), 5)]
}

func (q Query) filters() (text string, args []any) {
	if q.Unit != "" {
		text += ` AND (u.path_key = @unit OR (u.path_key >= @unit_from AND u.path_key < @unit_to))`
		args = append(args, named("unit", q.Unit), named("unit_from", q.Unit+" > "), named("unit_to", q.Unit+" > \U0010FFFF"))
	}
	if q.Title != "" {
		text += ` AND e.job_title_key = @title`
		args = append(args, named("title", tenant.FoldTitle(q.Title)))
	}
	const account = `EXISTS (SELECT 1 FROM accounts a WHERE a.tenant_id = @tenant AND a.person_id = p.id AND a.anew_at IS NULL)`
	const invited = `EXISTS (SELECT 1 FROM invitations i WHERE i.tenant_id = @tenant AND i.person_id = p.id AND i.state = 'pending')`
	switch q.State {
	case "staff":
		text += ` AND e.start_date <= @today AND (e.end_date = '' OR e.end_date >= @today)`
	case "joiner":
		text += ` AND e.start_date > @today`
	case "left":
		text += ` AND e.end_date <> '' AND e.end_date < @today`
	case "in":
		return text + ` AND ` + account, args
	case "confirmed":
		return text + ` AND EXISTS (SELECT 1 FROM accounts a WHERE a.tenant_id = @tenant AND a.person_id = p.id AND a.password_hash = '' AND a.anew_at IS NULL)`, args
	case "waiting":
		return text + ` AND NOT ` + account + ` AND ` + invited, args
	case "none":
		return text + ` AND NOT ` + account + ` AND NOT ` + invited, args
	default:
		return text, args
	}
	return text, append(args, named("today", string(q.Today)))
}

// Words splits a text into folded words: lower case, without marks, so that
// "Ångström" is found by "ang".
func Words(text string) (words []string) {
	folded := strings.ToLower(text)
	if !plain(folded) {
		var err error
		strip := transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn)), norm.NFC)
		if folded, _, err = transform.String(strip, folded); err != nil {
			return nil
		}
	}
	for _, w := range strings.FieldsFunc(folded, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if r := []rune(w); len(r) > 40 {
			w = string(r[:40])
		}
		words = append(words, w)
	}
	return words
}

// plain tells whether a text has no mark to take off; the tools for that take
// kilobytes, and most words of a staff file need none.
func plain(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// tokensOf are the words that find a person.
func tokensOf(p *Person, numbers ...string) (rows []Token) {
	seen := map[string]bool{}
	local := func(address string) string { before, _, _ := strings.Cut(address, "@"); return before }
	for _, text := range append([]string{p.GivenName, p.FamilyName, local(p.WorkEmail), local(p.PrivateEmail)}, numbers...) {
		for _, w := range Words(text) {
			if !seen[w] {
				seen[w] = true
				rows = append(rows, Token{Token: w, PersonID: p.ID})
			}
		}
	}
	return rows
}

// Count is how many people the tenant has.
func Count(ctx context.Context) (int64, error) { return countPeople(ctx) }

// Titles lists the job titles in use, at most 500.
func Titles(ctx context.Context) ([]string, error) { return titles(ctx) }

// ByID gives a person; db.ErrNotFound when this tenant has none such.
func ByID(ctx context.Context, id uuid.UUID) (Person, error) { return personByID(ctx, id) }

// ByNational gives the person of a national number's keyed hash; db.ErrNotFound
// when this tenant has none such, and for no hash.
func ByNational(ctx context.Context, key []byte) (Person, error) {
	if len(key) == 0 {
		return Person{}, db.ErrNotFound
	}
	return personByNational(ctx, key)
}

// ByPrivate gives the persons of whom HR has a private address on record, at most
// two: whoever asks wants the one.
func ByPrivate(ctx context.Context, key string) ([]Person, error) {
	if key == "" {
		return nil, nil
	}
	return personsByPrivate(ctx, key)
}

// KnownNumbers tells which of the employee numbers the tenant has, in whatever
// case they are written.
func KnownNumbers(ctx context.Context, numbers []string) (map[string]bool, error) {
	rows, err := employmentsByNumber(ctx, numbers)
	if err != nil {
		return nil, fmt.Errorf("look up numbers: %w", err)
	}
	there, known := map[string]bool{}, map[string]bool{}
	for _, e := range rows {
		there[e.NumberKey] = true
	}
	for _, n := range numbers {
		known[n] = there[FoldNumber(n)]
	}
	return known, nil
}
