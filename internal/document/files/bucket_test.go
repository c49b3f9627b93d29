package files_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/uuid"

	"tilgang/internal/document/files"
	"tilgang/internal/secret"
)

// shelf answers as S3 does to what a Bucket asks.
type shelf struct {
	mu   sync.Mutex
	kept map[string][]byte
	sick bool
}

func (s *shelf) ServeHTTP(res http.ResponseWriter, req *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, there := s.kept[req.URL.Path]
	switch {
	case s.sick:
		res.WriteHeader(http.StatusForbidden)
	case req.Method == http.MethodPut:
		s.kept[req.URL.Path], _ = io.ReadAll(req.Body)
	case req.Method == http.MethodDelete:
		delete(s.kept, req.URL.Path)
		res.WriteHeader(http.StatusNoContent)
	case !there:
		res.Header().Set("Content-Type", "application/xml")
		res.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(res, `<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>`)
	default:
		_, _ = res.Write(body)
	}
}

func TestABucketKeepsGivesAndForgets(t *testing.T) {
	s := &shelf{kept: map[string][]byte{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	cfg := aws.Config{Region: "eu-north-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("key", "secret", "")}
	keys, err := secret.NewKeyset()
	if err != nil {
		t.Fatal(err)
	}
	box, err := keys.Box()
	if err != nil {
		t.Fatal(err)
	}
	v := files.NewVault(files.NewBucket(cfg, "papers", "tilgang"), box)
	owner, name, body := uuid.New(), uuid.NewString(), strings.Repeat("words ", 30_000)
	if err := v.Keep(t.Context(), owner, name, []byte(body)); err != nil {
		t.Fatal(err)
	}
	for path, kept := range s.kept {
		if !strings.HasPrefix(path, "/papers/tilgang/"+owner.String()+"/") || strings.Contains(string(kept), "words") {
			t.Errorf("%s holds %.40q", path, kept)
		}
	}
	if got, err := read(v, t, owner, name); err != nil || string(got) != body {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	s.sick = true
	if _, err := read(v, t, owner, name); err == nil || errors.Is(err, files.ErrNotFound) {
		t.Errorf("a store that refuses says %v", err)
	}
	s.sick = false
	if err := v.Delete(t.Context(), owner, name); err != nil || len(s.kept) != 0 {
		t.Errorf("%v, %d are left", err, len(s.kept))
	}
	if _, err := read(v, t, owner, name); !errors.Is(err, files.ErrNotFound) {
		t.Errorf("what is gone: %v", err)
	}
}
