package httpkit

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
)

// assetPrefix is where assets are served; a checksum of all of them follows,
// so that a script's relative import stays inside its own version.
const assetPrefix = "/static/"

var assetPath = regexp.MustCompile(`^/static/([0-9a-f]{16})/([a-z0-9_./-]+)$`)

// Assets serves the files of web/ under a checksum of their content.
type Assets struct {
	sum   string
	files map[string]*asset
}

type asset struct {
	mime   string
	plain  []byte
	brotli func() []byte
	gzip   func() []byte
}

// NewAssets reads every file of files; it fails on a type it cannot name.
func NewAssets(files fs.FS) (*Assets, error) {
	a := &Assets{files: map[string]*asset{}}
	sum := sha256.New()
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(name, ".go") {
			return err
		}
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%s %d\n", name, len(body))
		sum.Write(body)
		return a.add(name, body)
	})
	if err != nil {
		return nil, fmt.Errorf("read assets: %w", err)
	}
	a.sum = hex.EncodeToString(sum.Sum(nil))[:16]
	return a, nil
}

// URL is the address of the named file, e.g. "css/app.css".
func (a *Assets) URL(name string) string { return assetPrefix + a.sum + "/" + name }

// Open finds the file at a request's path in the best encoding that
// acceptEncoding allows. An older or newer version's address gets this
// version's file, so that a page never stands bare while replicas change.
func (a *Assets) Open(path, acceptEncoding string) (body []byte, contentType, encoding string, ok bool) {
	m := assetPath.FindStringSubmatch(path)
	if m == nil {
		return nil, "", "", false
	}
	f, ok := a.files[m[2]]
	if !ok {
		return nil, "", "", false
	}
	body, encoding = f.pick(acceptEncoding)
	return body, f.mime, encoding, true
}

// Immutable says whether path names this version, so that a browser may keep it for ever.
func (a *Assets) Immutable(path string) bool { return strings.HasPrefix(path, assetPrefix+a.sum+"/") }

func (a *Assets) add(name string, body []byte) error {
	mime, ok := mimeOf(name)
	if !ok {
		return fmt.Errorf("%s: unknown type", name)
	}
	f := &asset{mime: mime, plain: body}
	if !strings.HasPrefix(mime, "image/png") && !strings.HasPrefix(mime, "font/") {
		f.brotli = sync.OnceValue(func() []byte { return pressBrotli(body) })
		f.gzip = sync.OnceValue(func() []byte { return pressGzip(body) })
	}
	a.files[name] = f
	return nil
}

func (f *asset) pick(accept string) ([]byte, string) {
	switch {
	case f.brotli != nil && accepts(accept, "br"):
		return f.brotli(), "br"
	case f.gzip != nil && accepts(accept, "gzip"):
		return f.gzip(), "gzip"
	}
	return f.plain, ""
}

// accepts reads an Accept-Encoding header; a coding with q=0 is refused (RFC 9110 12.5.3).
func accepts(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(name), coding) {
			q := strings.ReplaceAll(params, " ", "")
			return strings.Trim(strings.TrimPrefix(q, "q="), "0.") != "" || q == ""
		}
	}
	return false
}

func mimeOf(name string) (string, bool) {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8", true
	case ".js":
		return "text/javascript; charset=utf-8", true
	case ".svg":
		return "image/svg+xml", true
	case ".png":
		return "image/png", true
	case ".ico":
		return "image/x-icon", true
	case ".json":
		return "application/json", true
	case ".woff2":
		return "font/woff2", true
	case ".txt":
		return "text/plain; charset=utf-8", true
	}
	return "", false
}

// pressBrotli works once per file, at the first browser that asks: the highest
// level would cost the start tens of milliseconds.
func pressBrotli(body []byte) []byte {
	var b bytes.Buffer
	w := brotli.NewWriterLevel(&b, brotli.BestCompression)
	_, _ = w.Write(body) // a bytes.Buffer takes everything
	_ = w.Close()
	return b.Bytes()
}

func pressGzip(body []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is a valid constant
	_, _ = w.Write(body)
	_ = w.Close()
	return b.Bytes()
}
