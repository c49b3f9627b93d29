// Package inboxtest answers as S3 does to what an inbox asks: for tests.
package inboxtest

import (
	"encoding/xml"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// Shelf is a store of buckets in memory.
type Shelf struct {
	URL string

	mu      sync.Mutex
	kept    map[string]string // bucket/key -> body
	asked   []string          // every key and prefix that was asked for
	broken  bool
	copies  int
	failing int // copies that are refused from now on
}

// New serves an empty one.
func New(tb testing.TB) *Shelf {
	tb.Helper()
	s := &Shelf{kept: map[string]string{}}
	server := httptest.NewServer(s)
	tb.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

// Config is how the AWS SDK reaches it.
func (s *Shelf) Config() aws.Config {
	return aws.Config{Region: "eu-north-1", BaseEndpoint: &s.URL, Credentials: credentials.NewStaticCredentialsProvider("key", "secret", "")}
}

// Put lays an object down.
func (s *Shelf) Put(name, body string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept[name] = body
}

// Get is an object's body; empty when there is none.
func (s *Shelf) Get(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept[name]
}

// Names are those that begin with a prefix, in order.
func (s *Shelf) Names(prefix string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.below(prefix)
}

func (s *Shelf) below(prefix string) (list []string) {
	for _, name := range slices.Sorted(maps.Keys(s.kept)) {
		if strings.HasPrefix(name, prefix) {
			list = append(list, name)
		}
	}
	return list
}

// Asked are the names and beginnings of names that were asked for.
func (s *Shelf) Asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// Break lets every answer be a refusal, or none any more.
func (s *Shelf) Break(yes bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = yes
}

// FailCopies refuses so many copies from now on.
func (s *Shelf) FailCopies(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failing = n
}

// ServeHTTP implements http.Handler.
func (s *Shelf) ServeHTTP(res http.ResponseWriter, req *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := strings.TrimPrefix(req.URL.Path, "/")
	body, there := s.kept[name]
	switch {
	case s.broken:
		res.WriteHeader(http.StatusForbidden)
	case req.Method == http.MethodGet && req.URL.Query().Get("list-type") == "2":
		s.list(res, strings.TrimSuffix(name, "/"), req.URL.Query())
	case req.Method == http.MethodPut && req.Header.Get("X-Amz-Copy-Source") != "":
		s.copy(res, name, req.Header.Get("X-Amz-Copy-Source"))
	case req.Method == http.MethodPut:
		text, _ := io.ReadAll(req.Body) // the test sees what is missing
		s.kept[name] = string(text)
	case req.Method == http.MethodDelete:
		delete(s.kept, name)
		res.WriteHeader(http.StatusNoContent)
	case !there:
		none(res)
	default:
		s.asked = append(s.asked, name)
		_, _ = io.WriteString(res, body)
	}
}

func none(res http.ResponseWriter) {
	res.Header().Set("Content-Type", "application/xml")
	res.WriteHeader(http.StatusNotFound)
	_, _ = io.WriteString(res, `<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>`)
}

func (s *Shelf) copy(res http.ResponseWriter, to, source string) {
	from, err := url.PathUnescape(strings.TrimPrefix(source, "/"))
	body, there := s.kept[from]
	if err != nil || !there {
		none(res)
		return
	}
	if s.failing > 0 {
		s.failing--
		res.WriteHeader(http.StatusForbidden)
		return
	}
	s.kept[to] = body
	s.copies++
	_, _ = io.WriteString(res, `<?xml version="1.0"?><CopyObjectResult><ETag>"x"</ETag></CopyObjectResult>`)
}

// listing is ListObjectsV2's answer; a page has three objects, so that every
// caller must turn it.
type listing struct {
	XMLName               xml.Name `xml:"ListBucketResult"`
	IsTruncated           bool
	NextContinuationToken string `xml:",omitempty"`
	KeyCount              int
	Contents              []object
	CommonPrefixes        []prefix
}

type (
	object struct{ Key string }
	prefix struct{ Prefix string }
)

const page = 3

func (s *Shelf) list(res http.ResponseWriter, bucket string, q url.Values) {
	s.asked = append(s.asked, bucket+"/"+q.Get("prefix"))
	var names []string
	seen := map[string]bool{}
	for _, name := range s.below(bucket + "/" + q.Get("prefix")) {
		key := strings.TrimPrefix(name, bucket+"/")
		rest := strings.TrimPrefix(key, q.Get("prefix"))
		if before, _, deep := strings.Cut(rest, "/"); deep && q.Get("delimiter") == "/" {
			key = q.Get("prefix") + before + "/"
		}
		if !seen[key] && key > q.Get("continuation-token") {
			seen[key] = true
			names = append(names, key)
		}
	}
	most := page
	if n, err := strconv.Atoi(q.Get("max-keys")); err == nil {
		most = min(most, n)
	}
	var out listing
	if len(names) > most {
		out.IsTruncated, out.NextContinuationToken = true, names[most-1]
		names = names[:most]
	}
	out.KeyCount = len(names)
	for _, key := range names {
		if q.Get("delimiter") == "/" && strings.HasSuffix(key, "/") {
			out.CommonPrefixes = append(out.CommonPrefixes, prefix{key})
		} else {
			out.Contents = append(out.Contents, object{key})
		}
	}
	res.Header().Set("Content-Type", "application/xml")
	_ = xml.NewEncoder(res).Encode(out)
}
