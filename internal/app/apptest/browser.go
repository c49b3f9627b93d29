package apptest

import (
	"bytes"
	"compress/gzip"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// Browser keeps cookies and follows redirects; it runs no scripts, so whatever
// it manages works without JavaScript.
type Browser struct {
	T      testing.TB
	Host   string // of the tenant, with port
	Lang   string // Accept-Language
	Steps  int    // forms sent and links followed by hand
	From   string // the address that a trusted proxy tells; empty: none
	client *http.Client
	jar    *jar
	Page   *Page // the page being looked at
}

// Page is an answer.
type Page struct {
	URL    *url.URL
	Status int
	Header http.Header
	Body   string
	Root   *html.Node
}

// Browser opens a fresh browser on a tenant's staff host.
func (w *World) Browser(slug string) *Browser { return w.BrowserOn(slug + "." + w.Base) }

// BrowserOn opens a fresh browser on any host of the product.
func (w *World) BrowserOn(host string) *Browser {
	w.T.Helper()
	jar, err := newJar()
	if err != nil {
		w.T.Fatal(err)
	}
	// *.localhost is this machine, whatever its resolver thinks.
	dialer := &net.Dialer{Timeout: 5 * time.Second}
	_, port, _ := net.SplitHostPort(w.Base)
	if w.port != "" {
		port = w.port
	}
	transport := &http.Transport{DialContext: dialTo(dialer, "127.0.0.1:"+port), MaxIdleConnsPerHost: 4}
	w.T.Cleanup(transport.CloseIdleConnections)
	client := &http.Client{Jar: jar, Transport: transport, Timeout: 30 * time.Second}
	if w.Wrap != nil {
		client.Transport = w.Wrap(transport)
	}
	return &Browser{T: w.T, Host: host, Lang: "en", client: client, jar: jar}
}

// Address is where a link of the page leads, which may be another host.
func (p *Page) Address(href string) string {
	u, err := p.URL.Parse(href)
	if err != nil {
		return href
	}
	return u.String()
}

// Get opens an address, a path of the browser's host or a whole one.
func (b *Browser) Get(address string) *Page {
	b.T.Helper()
	return b.do(b.request(http.MethodGet, address, nil))
}

// Follow clicks a link on the page by its words.
func (b *Browser) Follow(words string) *Page {
	b.T.Helper()
	for _, a := range b.Page.All("a") {
		if strings.Contains(Text(a), words) {
			b.Steps++
			return b.Get(b.Page.Address(attr(a, "href")))
		}
	}
	b.T.Fatalf("no link %q on %s\n%s", words, b.Page.URL, b.Page.Text())
	return nil
}

// Submit fills in the page's form that has the first of the fields (or, with
// none, a button of that name) and sends it. Fields come in pairs: name, value.
// A name that begins with "@" presses the button of that name and value.
func (b *Browser) Submit(fields ...string) *Page {
	b.T.Helper()
	form := b.Page.form(b.T, fields)
	values := b.Page.defaults(form)
	for i := 0; i+1 < len(fields); i += 2 {
		values.Set(strings.TrimPrefix(fields[i], "@"), fields[i+1])
	}
	b.Steps++
	action := attr(form, "action")
	if action == "" {
		action = b.Page.URL.String()
	}
	if strings.EqualFold(attr(form, "method"), "get") {
		return b.Get(action + "?" + values.Encode())
	}
	return b.Post(action, values)
}

// Post sends a form to an address as a page of the own host does.
func (b *Browser) Post(address string, values url.Values) *Page {
	b.T.Helper()
	req := b.request(http.MethodPost, address, strings.NewReader(values.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(req)
}

// Request makes a request that the test may change before Do sends it.
func (b *Browser) Request(method, address string, body io.Reader) *http.Request {
	b.T.Helper()
	return b.request(method, address, body)
}

// Do sends a request and follows its redirects.
func (b *Browser) Do(req *http.Request) *Page {
	b.T.Helper()
	return b.do(req)
}

// Raw sends a request and follows nothing.
func (b *Browser) Raw(req *http.Request) *Page {
	b.T.Helper()
	client := *b.client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return b.read(client.Do(req))
}

func (b *Browser) request(method, address string, body io.Reader) *http.Request {
	b.T.Helper()
	base := &url.URL{Scheme: "http", Host: b.Host, Path: "/"}
	if b.Page != nil && b.Page.URL.Host == b.Host {
		base = b.Page.URL
	}
	target, err := base.Parse(address)
	if err != nil {
		b.T.Fatal(err)
	}
	req, err := http.NewRequestWithContext(b.T.Context(), method, target.String(), body)
	if err != nil {
		b.T.Fatal(err)
	}
	req.Header.Set("Accept-Language", b.Lang)
	if b.From != "" {
		req.Header.Set("X-Forwarded-For", b.From)
	}
	req.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36")
	if method != http.MethodGet && method != http.MethodHead {
		req.Header.Set("Origin", "http://"+target.Host)
	}
	return req
}

func (b *Browser) do(req *http.Request) *Page {
	b.T.Helper()
	b.Page = b.read(b.client.Do(req))
	return b.Page
}

func (b *Browser) read(res *http.Response, err error) *Page {
	b.T.Helper()
	if err != nil {
		b.T.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.T.Fatal(err)
	}
	root, err := html.Parse(strings.NewReader(string(body)))
	if err != nil {
		b.T.Fatal(err)
	}
	if n := weight(res.Header, body); n > mostWeight {
		b.T.Errorf("%s weighs %d bytes compressed, more than the %d of docs/performance.md", res.Request.URL.Path, n, mostWeight)
	}
	return &Page{URL: res.Request.URL, Status: res.StatusCode, Header: res.Header, Body: string(body), Root: root}
}

// mostWeight is how heavy a page may be, compressed, in bytes.
const mostWeight = 30_000

// weight is how heavy a page is, compressed; 0 for what is none. A short one is
// not compressed to be weighed.
func weight(header http.Header, body []byte) int {
	if len(body) <= mostWeight || !strings.HasPrefix(header.Get("Content-Type"), "text/html") {
		return 0
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write(body) // into memory: it cannot fail
	_ = w.Close()
	return packed.Len()
}

// Cookie is the value of a cookie whose name ends so; empty when there is none.
func (b *Browser) Cookie(end string) string {
	for _, c := range b.Cookies() {
		if strings.HasSuffix(c.Name, end) {
			return c.Value
		}
	}
	return ""
}

// Cookies are the browser's cookies for its host.
func (b *Browser) Cookies() []*http.Cookie {
	return b.client.Jar.Cookies(&url.URL{Scheme: "http", Host: b.Host, Path: "/"})
}

// Forget makes the browser one that nobody has seen: it has no cookies and no
// page. What it has open to the server stays open.
func (b *Browser) Forget() {
	b.T.Helper()
	jar, err := newJar()
	if err != nil {
		b.T.Fatal(err)
	}
	b.client.Jar, b.jar, b.Page, b.Steps = jar, jar, nil, 0
}

// SetCookie plants a cookie, as an attacker would.
func (b *Browser) SetCookie(name, value string) {
	b.client.Jar.SetCookies(&url.URL{Scheme: "http", Host: b.Host, Path: "/"}, []*http.Cookie{{Name: name, Value: value, Path: "/"}})
}

func attr(n *html.Node, name string) string {
	i := slices.IndexFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
	if i < 0 {
		return ""
	}
	return n.Attr[i].Val
}
