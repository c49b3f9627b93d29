package httpkit

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tilgang/internal/fault"
)

// Form is what a form sent. A field that comes twice is refused unless its
// route allows it: which of the two a reader takes must not matter.
type Form struct {
	values url.Values
}

// File is an uploaded file, read while it arrives.
type File struct {
	io.Reader
	Name string
}

// Get is a field's value.
func (f *Form) Get(name string) string { return f.values.Get(name) }

// All are the values of a field that may repeat.
func (f *Form) All(name string) []string { return f.values[name] }

// Names are the fields that were sent, in order.
func (f *Form) Names() []string { return slices.Sorted(maps.Keys(f.values)) }

// Has tells whether a field was sent.
func (f *Form) Has(name string) bool { return f.values.Has(name) }

// Form reads the body as a form, at most FormLimit bytes.
func (c *Ctx) Form() (*Form, error) {
	if c.form != nil {
		return c.form, nil
	}
	kind, _, err := mime.ParseMediaType(c.Header("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		if contentLength(c.Header("Content-Length")) <= 0 {
			c.form = &Form{values: url.Values{}}
			return c.form, nil
		}
		return nil, fault.New(fault.Invalid, "http.form")
	}
	body, err := io.ReadAll(c.bodyStream())
	if err != nil {
		return nil, fmt.Errorf("read form: %w", err)
	}
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, fault.New(fault.Invalid, "http.form").Because(err)
	}
	if err := c.checkValues(values); err != nil {
		return nil, err
	}
	c.form = &Form{values: values}
	return c.form, nil
}

func (c *Ctx) checkValues(values url.Values) error {
	if len(values) > 200 {
		return fault.New(fault.Invalid, "http.form")
	}
	for name, list := range values {
		if len(list) > 1 && !slices.Contains(c.route.Many, name) {
			return fault.New(fault.Invalid, "http.form")
		}
		for _, v := range append(list, name) {
			if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
				return fault.New(fault.Invalid, "http.form")
			}
		}
	}
	return nil
}

// Upload reads a multipart form up to its file and gives the file as a stream;
// fields must stand before it. The route's own limit holds.
func (c *Ctx) Upload(field string) (*File, error) {
	kind, params, err := mime.ParseMediaType(c.Header("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return nil, fault.New(fault.Invalid, "http.form")
	}
	body := c.bodyStream()
	parts := multipart.NewReader(body, params["boundary"])
	for range 20 {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fault.New(fault.Invalid, "http.form").Because(err)
		}
		if part.FormName() == field && part.FileName() != "" {
			return &File{Reader: part, Name: cleanName(part.FileName())}, nil
		}
	}
	return nil, fault.Field(field, "http.no_file")
}

// bodyStream is the body as it arrives, cut with an error at the route's limit.
func (c *Ctx) bodyStream() io.Reader {
	src := c.fiber.Context().RequestBodyStream()
	if src == nil {
		src = strings.NewReader(string(c.fiber.Body()))
	}
	return &limited{src: src, left: c.route.bodyLimit()}
}

// limited fails, instead of ending quietly, when more comes than is allowed.
type limited struct {
	src  io.Reader
	left int64
}

// Read implements io.Reader.
func (l *limited) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, fault.New(fault.TooLarge, "http.too_large")
	}
	if int64(len(p)) > l.left {
		p = p[:l.left]
	}
	n, err := l.src.Read(p)
	l.left -= int64(n)
	return n, err
}

// cleanName is an uploaded file's name as a label: no path, no control
// characters, at most 120 runes.
func cleanName(name string) string {
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == utf8.RuneError {
			return -1
		}
		return r
	}, name)
	if r := []rune(name); len(r) > 120 {
		name = string(r[:120])
	}
	return name
}

// bodyLimit is the largest body that the route takes, in bytes.
func (r Route) bodyLimit() int64 {
	if r.Upload > 0 {
		return r.Upload + FormLimit
	}
	return FormLimit
}

func contentLength(header string) int64 {
	n, err := strconv.ParseInt(header, 10, 64)
	if err != nil {
		return -1
	}
	return n
}
