package obs

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func logged(format string, use func(*slog.Logger)) string {
	var b strings.Builder
	use(NewLogger(&b, format, slog.LevelDebug))
	return b.String()
}

const aToken = "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE"

type person struct {
	Name     string
	Password string
	Factors  []map[string]string
}

type brokenStringer struct{ name string }

func (b *brokenStringer) String() string { return b.name }

func TestSecretsAreNotLogged(t *testing.T) {
	const word = "hunter2"
	link, _ := url.Parse("https://havn.example/invite/" + aToken)
	for name, use := range map[string]func(*slog.Logger){
		"by name":                     func(l *slog.Logger) { l.Info("x", "password", word) },
		"by a longer name":            func(l *slog.Logger) { l.Info("x", "current_password", word) },
		"by a name in camels":         func(l *slog.Logger) { l.Info("x", "resetToken", word) },
		"by a header's name":          func(l *slog.Logger) { l.Info("x", "Set-Cookie", word, "Authorization", word) },
		"a code":                      func(l *slog.Logger) { l.Info("x", "code", word, "recovery_codes", word) },
		"a national identity number":  func(l *slog.Logger) { l.Info("x", "national_id", word, "NationalID", word) },
		"on a derived logger":         func(l *slog.Logger) { l.With("client_secret", word).Info("x") },
		"in a group":                  func(l *slog.Logger) { l.Info("x", slog.Group("form", "password", word)) },
		"in a group with that name":   func(l *slog.Logger) { l.Info("x", slog.Group("cookies", "sid", word)) },
		"on a logger with that group": func(l *slog.Logger) { l.WithGroup("secrets").Info("x", "a", word) },
		"in a struct":                 func(l *slog.Logger) { l.Info("x", "person", person{Name: "Bo", Password: word}) },
		"deep in a struct": func(l *slog.Logger) {
			l.Info("x", "person", &person{Factors: []map[string]string{{"totp_secret": word}}})
		},
		"as bytes":                func(l *slog.Logger) { l.Info("x", "body", []byte(word)) },
		"a token in a path":       func(l *slog.Logger) { l.Info("x", "path", "/reset/"+aToken+"?a=1") },
		"a token in the message":  func(l *slog.Logger) { l.Info("GET /reset/" + aToken) },
		"a token in an error":     func(l *slog.Logger) { l.Info("x", "err", errors.New("no row for "+aToken)) },
		"a token in an address":   func(l *slog.Logger) { l.Info("x", "url", link) },
		"a token inside a struct": func(l *slog.Logger) { l.Info("x", "v", map[string]string{"path": aToken}) },
	} {
		for _, format := range []string{"json", "text"} {
			t.Run(name+" as "+format, func(t *testing.T) {
				got := logged(format, use)
				if strings.Contains(got, word) || strings.Contains(got, aToken) || strings.Count(got, "\n") != 1 {
					t.Fatal(got)
				}
			})
		}
	}
}

func TestHarmlessValuesAreLogged(t *testing.T) {
	var nobody *brokenStringer
	got := logged("json", func(l *slog.Logger) {
		l.Info("started", "status_code", 204, "fault_code", "invite.expired", "country_code", "45",
			"err", errors.New("no such row"), "nobody", nobody, "ready", true, "nothing", nil,
			"id", "0190a5b2-7c3e-7d1a-9f00-1234567890ab", "who", person{Name: "Bo"},
			"sum", strings.Repeat("a", 42), "hash", strings.Repeat("b", 44))
	})
	var line map[string]any
	if err := json.Unmarshal([]byte(got), &line); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]any{
		"msg": "started", "status_code": 204.0, "fault_code": "invite.expired", "country_code": "45",
		"err": "no such row", "ready": true, "nothing": nil, "id": "0190a5b2-7c3e-7d1a-9f00-1234567890ab",
		"sum": strings.Repeat("a", 42), "hash": strings.Repeat("b", 44), "nobody": "<nil>",
	} {
		if line[name] != want {
			t.Errorf("%s: %v, want %v", name, line[name], want)
		}
	}
	if who, _ := line["who"].(string); !strings.Contains(who, "Bo") {
		t.Errorf("who: %v", line["who"])
	}
}

func TestAnEventIsOneLineWhateverItHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nasty := rapid.StringOf(rapid.SampledFrom([]rune("a=\" \r\n\t\x00\x1b\u2028\u0085é{}")))
		format := rapid.SampledFrom([]string{"json", "text"}).Draw(t, "format")
		got := logged(format, func(l *slog.Logger) {
			l.With(nasty.Draw(t, "name"), nasty.Draw(t, "value")).
				Info(nasty.Draw(t, "message"), nasty.Draw(t, "name 2"), nasty.Draw(t, "value 2"), "err", errors.New(nasty.Draw(t, "error")))
		})
		if body := strings.TrimSuffix(got, "\n"); strings.ContainsAny(body, "\r\n\x00\x1b\u2028\u0085") {
			t.Fatalf("%q", got)
		}
	})
}

func TestLongValuesAreCut(t *testing.T) {
	long := "a" + strings.Repeat("å", 1<<20)
	got := logged("json", func(l *slog.Logger) {
		l.Info(long, "text", long, long, "long name", "err", errors.New(long), "list", []string{long})
	})
	if len(got) > 6*longest {
		t.Fatalf("%d bytes", len(got))
	}
	if !strings.Contains(got, cutMark) || strings.Contains(got, "\ufffd") {
		t.Fatal("not cut, or cut inside a character")
	}
}

func TestLevelAndRequestID(t *testing.T) {
	var b strings.Builder
	l := NewLogger(&b, "text", slog.LevelInfo)
	ctx := WithRequestID(context.Background(), "abc-12345")
	l.DebugContext(ctx, "unheard")
	l.With("a", 1).WithGroup("g").InfoContext(ctx, "heard", "b", 2)
	l.Info("without")
	if got := b.String(); strings.Count(got, "request_id=abc-12345") != 1 || strings.Contains(got, "unheard") ||
		!strings.Contains(got, "msg=without") {
		t.Fatal(got)
	}
}

func TestChooseRequestID(t *testing.T) {
	for given, keep := range map[string]bool{
		"0190a5b2-7c3e-7d1a-9f00-1234567890ab": true, "abcdefgh": true,
		"short": false, "": false, "with space in it": false, "line\r\nbreak-in": false,
		"<script>alert": false, strings.Repeat("a", 65): false, "under_score_in": false,
	} {
		got := ChooseRequestID(given)
		if (got == given) != keep || len(got) < 8 {
			t.Errorf("%q became %q", given, got)
		}
	}
	if NewRequestID() == NewRequestID() {
		t.Error("two requests have the same id")
	}
}
