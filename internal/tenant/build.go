package tenant

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// Source says which layer a value comes from.
type Source string

// The layers, from the lowest to the one that wins.
const (
	FromDefault Source = "default"
	FromFile    Source = "file"
	FromAdmin   Source = "admin"
)

// Build lays the stored layers over the defaults, field by field inside a
// section. It fails with Problems on an unknown section or key, on a value out
// of bounds and on a contradiction between the layers: call it before storing.
func Build(id uuid.UUID, slug, name, status string, version int64, file, admin map[string]json.RawMessage) (*Tenant, error) {
	t := base()
	r := newReader(string(FromFile))
	r.stored, t.Name = true, name
	r.layer(file, &t)
	r.file = string(FromAdmin)
	r.layer(admin, &t)
	t.finish()
	r.check(&t)
	if len(r.problems) > 0 {
		return nil, fmt.Errorf("build tenant %s: %w", slug, Problems(r.problems))
	}
	t.ID, t.Slug, t.Status, t.Version = id, slug, status, version
	return &t, nil
}

// layer reads one layer of stored sections over t.
func (r *reader) layer(values map[string]json.RawMessage, t *Tenant) {
	known := []string{}
	for _, s := range sections() {
		known = append(known, s.key)
		if raw, ok := values[s.key]; ok {
			s.read(r, at{nodeOf(decoded(raw)), s.key}, t)
		}
	}
	for _, k := range sortedKeys(values) {
		if !slices.Contains(known, k) {
			r.tell(at{path: pathWord(k)}, "unknown_key", "unknown section", didYouMean(k, known))
		}
	}
}

// Origin says which layer gives a field its value; field is a path inside the
// section such as "methods.totp", empty for a section that is a single value.
func Origin(section, field string, file, admin map[string]json.RawMessage) Source {
	switch {
	case sets(admin[section], field):
		return FromAdmin
	case sets(file[section], field):
		return FromFile
	}
	return FromDefault
}

func sets(raw json.RawMessage, field string) bool {
	v := decoded(raw)
	if field == "" {
		return v != nil
	}
	for _, key := range strings.Split(field, ".") {
		m, _ := v.(map[string]any)
		if v = m[key]; v == nil {
			return false
		}
	}
	return true
}

// decoded is a stored JSON value; nil when it cannot be read, which the readers
// then tell as a value that is missing.
func decoded(raw json.RawMessage) any {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil
	}
	return v
}

// encoded is v as JSON. It is made of maps, lists and scalars, which cannot fail.
func encoded(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	return raw
}
