package tenant

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"

	"gopkg.in/yaml.v3"
)

// Spec is a tenant's file that was read without a problem.
type Spec struct {
	Slug   string
	Name   string
	Tenant *Tenant // the file's values over the defaults; no id, status or version
	values map[string]json.RawMessage
}

// Values is what the file sets and nothing else, as one JSON value a section,
// ready to be stored. The logo travels inside "branding"; the name does not.
func (s *Spec) Values() map[string]json.RawMessage {
	out := map[string]json.RawMessage{}
	for k, v := range s.values {
		out[k] = v
	}
	return out
}

// ParseFile reads dir/tenant.yaml and, if it is there, dir/logo.svg. The last
// element of dir is the slug. What is wrong in the files comes as Problems.
func ParseFile(fsys fs.FS, dir string) (*Spec, error) {
	yaml, err := readAtMost(fsys, path.Join(dir, "tenant.yaml"), maxFile)
	if err != nil {
		return nil, fmt.Errorf("read tenant: %w", err)
	}
	logo, err := readAtMost(fsys, path.Join(dir, "logo.svg"), maxLogo)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read tenant: %w", err)
	}
	spec, problems := Parse(path.Base(dir), yaml, logo)
	if len(problems) > 0 {
		return nil, Problems(problems)
	}
	return spec, nil
}

// readAtMost reads a file up to one byte over the limit, which Parse then refuses.
func readAtMost(fsys fs.FS, name string, limit int64) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(io.LimitReader(f, limit+1))
}

// Parse reads a tenant's file of at most 256 KiB and its logo of at most 64 KiB;
// name is the slug. It returns a Spec or every problem, in the file's order.
func Parse(name string, yaml []byte, logo []byte) (*Spec, []Problem) {
	r := newReader(name + "/tenant.yaml")
	if !ValidSlug(name) {
		r.tell(at{}, "format", shown(name)+" cannot be a tenant's folder", "write 2 to 31 lower-case letters, digits and hyphens, a letter first; some words are reserved")
	}
	spec := &Spec{Slug: name, values: map[string]json.RawMessage{}}
	if root, ok := r.document(yaml); ok {
		r.root(root, logo, spec)
	}
	if len(r.problems) > 0 {
		sortProblems(r.problems)
		return nil, r.problems
	}
	return spec, nil
}

func newReader(file string) *reader {
	return &reader{file: file, marks: map[string]*yaml.Node{}}
}

// root reads the whole document over the defaults.
func (r *reader) root(root at, logo []byte, spec *Spec) {
	keys := []string{"name"}
	for _, s := range sections() {
		keys = append(keys, s.key)
	}
	o := r.object(root, keys...)
	r.required(root, o, "name", "languages", "time_zone", "legal_employers")
	t := base()
	r.text(o["name"], &t.Name, maxName)
	for _, s := range sections() {
		s.read(r, o[s.key], &t)
		if place := o[s.key]; !place.absent() {
			spec.values[s.key] = encoded(valueOf(place.node))
		}
	}
	if len(logo) > 0 {
		r.fileLogo(logo, &t.Branding, spec)
	}
	t.finish()
	r.check(&t)
	spec.Name, t.Slug, spec.Tenant = t.Name, spec.Slug, &t
}

// fileLogo checks the logo beside the file and lets it travel with the branding.
func (r *reader) fileLogo(svg []byte, into *Branding, spec *Spec) {
	beside := newReader(spec.Slug + "/logo.svg")
	beside.logo(at{}, svg, &into.Logo)
	r.problems = append(r.problems, beside.problems...)
	branding, _ := decoded(spec.values["branding"]).(map[string]any)
	if branding == nil {
		branding = map[string]any{}
	}
	branding["logo"] = string(into.Logo)
	spec.values["branding"] = encoded(branding)
}
