package httpkit_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"tilgang/internal/httpkit"
	"tilgang/internal/httpkit/sitetest"
)

// readForm answers with the field "a" as the handler sees it.
func readForm(c *httpkit.Ctx) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	return c.Bytes("text/plain", []byte(fmt.Sprintf("a=%q all=%q", f.Get("a"), f.All("a"))))
}

func TestAFormIsReadOneWayOrNotAtAll(t *testing.T) {
	send := wire(t, portal(t,
		httpkit.Post("/form", httpkit.Public(), readForm),
		httpkit.Post("/many", httpkit.Public(), readForm).Repeats("a")))
	many := strings.TrimSuffix(strings.Repeat("x%d=1&", 201), "&")
	numbers := make([]any, 201)
	for i := range numbers {
		numbers[i] = i
	}
	cases := map[string]struct {
		path, body, want string
	}{
		"a field":                      {"/form", "a=%C3%A6+b", ` 200 `},
		"an empty form":                {"/form", "", " 200 "},
		"a field twice":                {"/form", "a=1&a=2", " 422 "},
		"a field twice, equal":         {"/form", "a=1&a=1", " 422 "},
		"a field that may repeat":      {"/many", "a=1&a=2", " 200 "},
		"another one on that route":    {"/many", "b=1&b=2", " 422 "},
		"a NUL in a value":             {"/form", "a=1%002", " 422 "},
		"a NUL in a name":              {"/form", "a%00=1", " 422 "},
		"a value that is no UTF-8":     {"/form", "a=%ff", " 422 "},
		"a name that is no UTF-8":      {"/form", "%ff=1", " 422 "},
		"half a percent sign":          {"/form", "a=%zz", " 422 "},
		"a semicolon between fields":   {"/form", "a=1;a=2", " 422 "},
		"two hundred and one fields":   {"/form", fmt.Sprintf(many, numbers...), " 422 "},
		"exactly the largest body":     {"/form", "a=" + strings.Repeat("x", httpkit.FormLimit-3), " 200 "},
		"a byte more than the largest": {"/form", "a=" + strings.Repeat("x", httpkit.FormLimit-1), " 413 "},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			answer := send(post(c.path, fmt.Sprintf("Content-Length: %d", len(c.body))) + c.body)
			if line, _, _ := strings.Cut(answer, "\r\n"); !strings.Contains(line+" ", c.want) {
				t.Errorf("%s, want %s", line, c.want)
			}
		})
	}
}

func TestABodyWithoutALengthIsBoundedAllTheSame(t *testing.T) {
	send := wire(t, portal(t, httpkit.Post("/form", httpkit.Public(), readForm)))
	chunk := strings.Repeat("x", 8<<10)
	small := send(post("/form", "Transfer-Encoding: chunked") + "3\r\na=1\r\n0\r\n\r\n")
	if !strings.Contains(small, " 200 ") || !strings.HasSuffix(small, `a="1" all=["1"]`) {
		t.Errorf("a small one: %s", small)
	}
	large := send(post("/form", "Transfer-Encoding: chunked") + "2\r\na=\r\n" + strings.Repeat("2000\r\n"+chunk+"\r\n", 40) + "0\r\n\r\n")
	if !strings.Contains(large, " 413 ") {
		t.Errorf("a large one: %.200s", large)
	}
}

func TestABodyThatIsNoFormIsRefused(t *testing.T) {
	h := portal(t, httpkit.Post("/form", httpkit.Public(), readForm))
	for _, kind := range []string{"application/json", "text/plain", "multipart/form-data; boundary=x", "", "a/b/c", "application/x-www-form-urlencoded2"} {
		if answer := h.Post("/form", form("a", "1"), "Content-Type", kind); answer.Status != 422 {
			t.Errorf("%q: %d", kind, answer.Status)
		}
	}
	if answer := h.Post("/form", form("a", "1"), "Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"); answer.Status != 200 {
		t.Errorf("with a charset: %d", answer.Status)
	}
}

// readFile answers with the uploaded file's name and length.
func readFile(c *httpkit.Ctx) error {
	file, err := c.Upload("file")
	if err != nil {
		return err
	}
	n, err := io.Copy(io.Discard, file)
	if err != nil {
		return err
	}
	return c.Bytes("text/plain", []byte(fmt.Sprintf("%q %d", file.Name, n)))
}

func part(name, file, body string) string {
	head := fmt.Sprintf("Content-Disposition: form-data; name=%q", name)
	if file != "" {
		head += fmt.Sprintf("; filename=%q", file)
	}
	return "--x\r\n" + head + "\r\n\r\n" + body + "\r\n"
}

func TestAnUploadIsReadWhileItArrives(t *testing.T) {
	const most = 1 << 20
	send := wire(t, portal(t, httpkit.Post("/upload", httpkit.Public(), readFile).Uploads(most)))
	cases := map[string]struct{ body, want string }{
		"a file":                       {part("file", "staff.csv", "a;b"), `"staff.csv" 3`},
		"a file after fields":          {part("a", "", "1") + part("file", "staff.csv", "a;b"), `"staff.csv" 3`},
		"a file with a path":           {part("file", "../../etc/passwd", "x"), `"passwd" 1`},
		"a file with a Windows path":   {part("file", `C:\staff\list.csv`, "x"), `"list.csv" 1`},
		"a large file":                 {part("file", "staff.csv", strings.Repeat("x", most)), `"staff.csv" 1048576`},
		"a file larger than the route": {part("file", "staff.csv", strings.Repeat("x", most+httpkit.FormLimit)), " 413 "},
		"no file":                      {part("a", "", "1"), " 422 "},
		"a file under another name":    {part("other", "staff.csv", "x"), " 422 "},
		"twenty-one fields first":      {strings.Repeat(part("a", "", "1"), 21) + part("file", "staff.csv", "x"), " 422 "},
		"no parts at all":              {"", " 422 "},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			body := c.body + "--x--\r\n"
			answer := send("POST /upload HTTP/1.1\r\nHost: havn.localhost:8080\r\nOrigin: " + sitetest.Origin + "\r\nConnection: close\r\n" +
				"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: " + fmt.Sprint(len(body)) + "\r\n\r\n" + body)
			if !strings.Contains(answer, c.want) {
				t.Errorf("%.300s, want %s", answer, c.want)
			}
		})
	}
	t.Run("an upload cut short", func(t *testing.T) {
		answer := send("POST /upload HTTP/1.1\r\nHost: havn.localhost:8080\r\nOrigin: " + sitetest.Origin + "\r\nConnection: close\r\n" +
			"Content-Type: multipart/form-data; boundary=x\r\nTransfer-Encoding: chunked\r\n\r\n" + fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(part("file", "a.csv", "x"))-2, part("file", "a.csv", "x")[:len(part("file", "a.csv", "x"))-2]))
		if strings.Contains(answer, " 200 ") {
			t.Errorf("%.300s", answer)
		}
	})
	t.Run("a form instead", func(t *testing.T) {
		if answer := send(post("/upload", "Content-Length: 3") + "a=1"); !strings.Contains(answer, " 422 ") {
			t.Errorf("%.300s", answer)
		}
	})
}

// Two lengths are two requests to whoever reads the other one.
func TestARequestOfTwoLengthsIsNotAnswered(t *testing.T) {
	send := wire(t, portal(t, httpkit.Post("/form", httpkit.Public(), readForm)))
	for name, headers := range map[string][]string{
		"a length and chunks":  {"Content-Length: 3", "Transfer-Encoding: chunked"},
		"two lengths":          {"Content-Length: 3", "Content-Length: 4"},
		"an unknown encoding":  {"Transfer-Encoding: xchunked"},
		"a negative length":    {"Content-Length: -1"},
		"a length with a sign": {"Content-Length: +3"},
	} {
		t.Run(name, func(t *testing.T) {
			if answer := send(post("/form", headers...) + "a=1"); strings.Contains(answer, "200 OK") {
				t.Errorf("%.200s", answer)
			}
		})
	}
}
