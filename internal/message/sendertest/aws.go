package sendertest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"tilgang/internal/message/cloud"
)

// The account that an AWS knows, and where it is.
const (
	awsKey    = "AKIDEXAMPLE"
	awsSecret = "not/a/real+secret"
	awsRegion = "eu-north-1"
)

// Call is one call that an AWS was sent and whose signature is right.
type Call struct {
	Path string
	Body string
}

// Answer is what an AWS gives back; a Status of 0 means its usual answer.
type Answer struct {
	Status int
	Type   string // the header X-Amzn-Errortype
	Body   string
	Delay  time.Duration // before the answer; the call is kept first
	HangUp bool          // the line is closed in place of an answer; the call is kept
}

// AWS stands for one service of AWS on loopback. It signs every call itself, by
// the published algorithm, and refuses those whose signature is another.
type AWS struct {
	*httptest.Server

	service string
	usual   func(n int) string
	script  func(Call) Answer

	mu    sync.Mutex
	calls []Call
}

// NewAWS starts a service: its name in signatures and its usual answer to the
// n-th call. script may be nil.
func NewAWS(t *testing.T, service string, usual func(n int) string, script func(Call) Answer) *AWS {
	t.Helper()
	a := &AWS{service: service, usual: usual, script: script}
	a.Server = httptest.NewServer(a)
	t.Cleanup(a.Close)
	return a
}

// Options open a connection to it.
func (a *AWS) Options() cloud.Options {
	return cloud.Options{
		Endpoint: a.URL, Region: awsRegion, Timeout: 5 * time.Second,
		Credentials: credentials.NewStaticCredentialsProvider(awsKey, awsSecret, ""),
	}
}

// WrongKey are credentials that it does not know.
func WrongKey() credentials.StaticCredentialsProvider {
	return credentials.NewStaticCredentialsProvider(awsKey, "another secret", "")
}

// Calls are those it took, oldest first.
func (a *AWS) Calls() []Call {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.calls)
}

// ServeHTTP takes one call.
func (a *AWS) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err == nil {
		err = checkSignature(r, body, a.service)
	}
	if err != nil {
		w.Header().Set("X-Amzn-Errortype", "SignatureDoesNotMatch")
		w.WriteHeader(http.StatusForbidden)
		_, _ = fmt.Fprintf(w, `{"message":%q}`, err)
		return
	}
	call := Call{Path: r.Method + " " + r.URL.Path, Body: string(body)}
	answer := Answer{}
	if a.script != nil {
		answer = a.script(call)
	}
	a.mu.Lock()
	if answer.Status == 0 || answer.Status == http.StatusOK {
		a.calls = append(a.calls, call)
	}
	n := len(a.calls)
	a.mu.Unlock()
	a.answer(w, r, answer, n)
}

func (a *AWS) answer(w http.ResponseWriter, r *http.Request, answer Answer, n int) {
	if answer.Delay > 0 {
		select {
		case <-time.After(answer.Delay):
		case <-r.Context().Done():
		}
	}
	if answer.HangUp {
		panic(http.ErrAbortHandler)
	}
	if answer.Type != "" {
		w.Header().Set("X-Amzn-Errortype", answer.Type)
	}
	if answer.Status == 0 {
		answer.Status, answer.Body = http.StatusOK, a.usual(n)
	}
	w.WriteHeader(answer.Status)
	_, _ = io.WriteString(w, answer.Body)
}

// checkSignature signs a call anew (AWS Signature Version 4) and compares.
func checkSignature(r *http.Request, body []byte, service string) error {
	algorithm, rest, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	parts := map[string]string{}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		parts[name] = value
	}
	moment := r.Header.Get("X-Amz-Date")
	if algorithm != "AWS4-HMAC-SHA256" || len(moment) != len("20060102T150405Z") {
		return errors.New("the call is not signed")
	}
	scope := strings.Join([]string{moment[:8], awsRegion, service, "aws4_request"}, "/")
	if parts["Credential"] != awsKey+"/"+scope {
		return fmt.Errorf("signed for %s", parts["Credential"])
	}
	signed := strings.Split(parts["SignedHeaders"], ";")
	if !slices.Contains(signed, "host") || !slices.Contains(signed, "x-amz-date") {
		return errors.New("host or date is not signed")
	}
	text := strings.Join([]string{algorithm, moment, scope, hash(canonical(r, body, signed))}, "\n")
	key := []byte("AWS4" + awsSecret)
	for part := range strings.SplitSeq(scope, "/") {
		key = mac(key, part)
	}
	if want := hex.EncodeToString(mac(key, text)); want != parts["Signature"] {
		return errors.New("the signature is another")
	}
	return nil
}

func canonical(r *http.Request, body []byte, signed []string) []byte {
	var headers strings.Builder
	for _, name := range signed {
		value := r.Header.Get(name)
		switch name {
		case "host":
			value = r.Host
		case "content-length":
			value = fmt.Sprint(r.ContentLength)
		}
		headers.WriteString(name + ":" + strings.Join(strings.Fields(value), " ") + "\n")
	}
	return []byte(strings.Join([]string{
		r.Method, r.URL.EscapedPath(), r.URL.Query().Encode(), headers.String(), strings.Join(signed, ";"), hash(body),
	}, "\n"))
}

func hash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func mac(key []byte, text string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(text))
	return m.Sum(nil)
}
