package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// production is an environment with which serve starts.
func production(more ...string) []string {
	return append([]string{
		"HOME=/root",
		"TILGANG_DATABASE_URL=postgres://app:dbsecret@db:5432/tilgang",
		"TILGANG_REDIS_URL=rediss://:redissecret@queue:6379/0",
		"TILGANG_KEYSET=/run/keyset.json",
		"TILGANG_BASE_URL=https://People.Example.org/",
		"TILGANG_LISTEN=:8080",
		"TILGANG_TRUSTED_PROXIES=10.1.2.3/8, 192.0.2.7",
		"TILGANG_MAIL=smtp",
		"TILGANG_SMTP_URL=smtp://mailer:mail%40secret@mail.example.org?tls=tls",
		"TILGANG_SMTP_CONNECTIONS=4",
		"TILGANG_LOG=text,debug",
		"TILGANG_METRICS_LISTEN=127.0.0.1:9090",
		"TILGANG_FILES=s3://papers/tilgang/",
	}, more...)
}

func mustLoad(t *testing.T, mode Mode, environ ...string) Config {
	t.Helper()
	c, err := Load(environ, mode)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestServeReadsAllItsSettings(t *testing.T) {
	c := mustLoad(t, Serve, production()...)
	if diff := cmp.Diff(SMTP{
		Host: "mail.example.org", Port: 465, User: "mailer", Password: "mail@secret",
		TLS: ImplicitTLS, Connections: 4, Timeout: c.SMTP.Timeout,
	}, c.SMTP); diff != "" {
		t.Error(diff)
	}
	for what, pair := range map[string][2]any{
		"database":    {c.DatabaseURL.Plain(), "postgres://app:dbsecret@db:5432/tilgang"},
		"queue":       {c.RedisURL.Plain(), "rediss://:redissecret@queue:6379/0"},
		"keyset":      {c.KeysetPath, "/run/keyset.json"},
		"base":        {c.BaseURL, "https://people.example.org"},
		"host parent": {c.HostParent(), "people.example.org"},
		"secure":      {c.Secure(), true},
		"public":      {c.Public(), true},
		"embedded":    {c.Embedded(), false},
		"proxies":     {fmt.Sprint(c.TrustedProxies), fmt.Sprint([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.0.2.7/32")})},
		"log":         {c.Log, Log{"text", slog.LevelDebug}},
		"metrics":     {c.MetricsListen, "127.0.0.1:9090"},
		"files":       {c.Files, Files{Bucket: "papers", Prefix: "tilgang"}},
		"warnings":    {len(c.Warnings), 0},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %v, want %v", what, pair[0], pair[1])
		}
	}
}

func TestDemoNeedsNothing(t *testing.T) {
	c := mustLoad(t, Demo, "PATH=/bin", "TILGANG_MAIL=")
	for what, pair := range map[string][2]any{
		"mail": {c.Mail, Practice}, "base": {c.BaseURL, "http://localhost:8080"},
		"host parent": {c.HostParent(), "localhost:8080"}, "secure": {c.Secure(), false},
		"listen": {c.Listen, "127.0.0.1:8080"}, "data": {c.DataDir, "var"},
		"keyset": {c.KeysetPath, filepath.Join("var", "keyset.json")}, "embedded": {c.Embedded(), true},
		"public": {c.Public(), false}, "log": {c.Log.Format, "text"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %v, want %v", what, pair[0], pair[1])
		}
	}
}

func TestTwoCopiesSideBySideHaveTheirOwnBase(t *testing.T) {
	if got := mustLoad(t, Demo, "TILGANG_LISTEN=127.0.0.1:8090").HostParent(); got != "localhost:8090" {
		t.Fatal(got)
	}
}

func TestBaseURL(t *testing.T) {
	for value, want := range map[string]string{
		"https://a.example":          "a.example",
		"https://a.example:443":      "a.example",
		"http://a.example:80/":       "a.example",
		"http://a.example:443":       "a.example:443",
		"https://A.Example:8443":     "a.example:8443",
		"https://a.example/path":     "",
		"https://a.example?x=1":      "",
		"https://bo:secret@a.exampl": "",
		"http://127.0.0.1:8080":      "",
		"https://[::1]:8080":         "",
		"ftp://a.example":            "",
		"a.example":                  "",
		"https://":                   "",
	} {
		c, err := Load([]string{"TILGANG_BASE_URL=" + value}, Demo)
		if (err == nil) != (want != "") || c.HostParent() != want {
			t.Errorf("%s: %q, %v", value, c.HostParent(), err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the problem shows the password", value)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		mode    Mode
		environ []string
		want    string
	}{
		"a misspelt name":                        {Demo, []string{"TILGANG_DATABSE_URL=x"}, "use TILGANG_DATABASE_URL if"},
		"a name in lower case":                   {Demo, []string{"tilgang_listen=x"}, "use TILGANG_LISTEN if"},
		"a file for what is no secret":           {Demo, []string{"TILGANG_LISTEN_FILE=x"}, "TILGANG_LISTEN_FILE is not a setting"},
		"a database of another kind":             {Demo, []string{"TILGANG_DATABASE_URL=mysql://a:b@c/d"}, "TILGANG_DATABASE_URL is not readable"},
		"a queue of another kind":                {Demo, []string{"TILGANG_REDIS_URL=localhost:6379"}, "TILGANG_REDIS_URL is not readable"},
		"an address without a port":              {Demo, []string{"TILGANG_LISTEN=localhost"}, "no address"},
		"a port that is not there":               {Demo, []string{"TILGANG_LISTEN=127.0.0.1:70000"}, "no address"},
		"port zero":                              {Demo, []string{"TILGANG_LISTEN=127.0.0.1:0"}, "no address"},
		"a proxy that is a name":                 {Demo, []string{"TILGANG_TRUSTED_PROXIES=proxy.example"}, "no network"},
		"trust in everyone":                      {Demo, []string{"TILGANG_TRUSTED_PROXIES=0.0.0.0/0"}, "trusts everyone"},
		"trust in everyone by IPv6":              {Demo, []string{"TILGANG_TRUSTED_PROXIES=::/0"}, "trusts everyone"},
		"a mail way nobody knows":                {Demo, []string{"TILGANG_MAIL=pigeon"}, "is unknown"},
		"a log word nobody knows":                {Demo, []string{"TILGANG_LOG=json loud"}, `"loud"`},
		"no connection at all":                   {Demo, []string{"TILGANG_SMTP_CONNECTIONS=0"}, "from 1 to 100"},
		"too many connections":                   {Demo, []string{"TILGANG_SMTP_CONNECTIONS=101"}, "from 1 to 100"},
		"a mail server by another scheme":        {Demo, []string{"TILGANG_SMTP_URL=https://mail"}, "TILGANG_SMTP_URL is not readable"},
		"an option of the mail server unknown":   {Demo, []string{"TILGANG_SMTP_URL=smtp://mail?starttls=1"}, `"starttls"`},
		"an encryption unknown":                  {Demo, []string{"TILGANG_SMTP_URL=smtp://mail?tls=ssl"}, `tls="ssl"`},
		"a mail port out of range":               {Demo, []string{"TILGANG_SMTP_URL=smtp://mail:99999"}, "port"},
		"mail by a server that is not named":     {Demo, []string{"TILGANG_MAIL=smtp"}, "needs a server"},
		"a mail server that is not used":         {Demo, []string{"TILGANG_SMTP_URL=smtp://mail"}, "is not smtp"},
		"the demo on all interfaces":             {Demo, []string{"TILGANG_LISTEN=:8080"}, "this machine only"},
		"the demo on another address":            {Demo, []string{"TILGANG_LISTEN=192.0.2.1:8080"}, "this machine only"},
		"the demo's metrics beyond loopback":     {Demo, []string{"TILGANG_METRICS_LISTEN=0.0.0.0:9090"}, "this machine only"},
		"serve with the practice mailbox":        {Serve, []string{"TILGANG_MAIL=practice"}, "serve refuses it"},
		"serve without mail":                     {Serve, nil, "TILGANG_MAIL is not set"},
		"a worker with the practice mailbox":     {Worker, production("TILGANG_MAIL=practice"), "worker refuses it"},
		"a worker with its own queue":            {Worker, production("TILGANG_REDIS_URL="), "shared queue"},
		"metrics on the port of the pages":       {Serve, production("TILGANG_METRICS_LISTEN=:8080"), "port of their own"},
		"serve with a shared database, own keys": {Serve, production("TILGANG_KEYSET="), "TILGANG_KEYSET is not set"},
		"a command with keys of its own":         {Command, production("TILGANG_KEYSET="), "TILGANG_KEYSET is not set"},
		"migrate without the owner":              {Migrate, production(), "needs the owner"},
		"an owner without a database":            {Migrate, []string{"TILGANG_DATABASE_OWNER_URL=postgres://a:b@c/d"}, "set both"},
		"a mail password in clear":               {Serve, production("TILGANG_SMTP_URL=smtp://a:b@mail?tls=none"), "without encryption"},
		"a text way nobody knows":                {Demo, []string{"TILGANG_SMS=pigeon"}, "is unknown"},
		"serve with texts for every visitor":     {Serve, production("TILGANG_SMS=practice"), "serve refuses it"},
		"a worker with texts for every visitor":  {Worker, production("TILGANG_SMS=practice"), "worker refuses it"},
		"SNS elsewhere that is not used":         {Serve, production("TILGANG_SNS_ENDPOINT=https://sns.internal"), "is not sns"},
		"a price of texts that is not used":      {Serve, production("TILGANG_SNS_MAX_PRICE=0.10"), "is not sns"},
		"SES elsewhere that is not used":         {Serve, production("TILGANG_SES_ENDPOINT=https://ses.internal"), "is not ses"},
		"SNS in clear":                           {Serve, production("TILGANG_SMS=sns", "TILGANG_SNS_ENDPOINT=http://sns.internal"), "leaves encryption out"},
		"an address of SNS that is none":         {Serve, production("TILGANG_SMS=sns", "TILGANG_SNS_ENDPOINT=sns.internal"), "is not readable"},
		"a price that is none":                   {Serve, production("TILGANG_SMS=sns", "TILGANG_SNS_MAX_PRICE=cheap"), "is no price"},
		"a caller nobody knows":                  {Demo, []string{"TILGANG_VOICE=pigeon"}, "is unknown"},
		"serve with calls for every visitor":     {Serve, production("TILGANG_VOICE=practice"), "serve refuses it"},
		"a worker with calls for every visitor":  {Worker, production("TILGANG_VOICE=practice"), "worker refuses it"},
		"calls from nowhere":                     {Serve, production("TILGANG_VOICE=aws"), "TILGANG_VOICE_ORIGIN"},
		"calls from what is no number":           {Serve, production("TILGANG_VOICE=aws", "TILGANG_VOICE_ORIGIN=Nordlys"), "is nothing that AWS calls from"},
		"an origin of calls that is not used":    {Serve, production("TILGANG_VOICE_ORIGIN=+4722000100"), "is not aws"},
		"calls in clear":                         {Serve, production("TILGANG_VOICE=aws", "TILGANG_VOICE_ORIGIN=+4722000100", "TILGANG_VOICE_ENDPOINT=http://voice.internal"), "leaves encryption out"},
		"a price of calls that is none":          {Serve, production("TILGANG_VOICE=aws", "TILGANG_VOICE_ORIGIN=+4722000100", "TILGANG_VOICE_MAX_PRICE=dear"), "is no price"},
		"a configuration set that is none":       {Demo, []string{"TILGANG_SES_CONFIGURATION_SET=a b"}, "is no name"},
		"a secret file that is not there":        {Demo, []string{"TILGANG_REDIS_URL_FILE=/nonexistent"}, "cannot be opened"},
		"a secret file that is a folder":         {Demo, []string{"TILGANG_REDIS_URL_FILE=/"}, "cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Load(last(c.environ), c.mode)
			var problems Problems
			if !errors.As(err, &problems) || len(problems) != 1 || !strings.Contains(problems[0], c.want) {
				t.Fatalf("got %q, want one problem about %q", err, c.want)
			}
			if !strings.HasSuffix(problems[0], ".") {
				t.Errorf("%q is no sentence", problems[0])
			}
		})
	}
}

// last keeps the last value of each name, also when that is nothing.
func last(environ []string) []string {
	values, order := map[string]string{}, []string{}
	for _, line := range environ {
		name, value, _ := strings.Cut(line, "=")
		if _, seen := values[name]; !seen {
			order = append(order, name)
		}
		values[name] = value
	}
	lines := make([]string, 0, len(order))
	for _, name := range order {
		lines = append(lines, name+"="+values[name])
	}
	return lines
}

func TestAllProblemsAreToldAtOnceWithoutValuesOfSecrets(t *testing.T) {
	_, err := Load([]string{
		"TILGANG_LISTEN=x", "TILGANG_LOG=y", "TILGANG_PASWORD=hunter2",
		"TILGANG_DATABASE_URL=postgres//app:hunter2@db", "TILGANG_SMTP_URL=smtp://a:hunter2@m:bad",
	}, Demo)
	var problems Problems
	if !errors.As(err, &problems) || len(problems) != 5 {
		t.Fatalf("%d problems: %v", len(problems), err)
	}
	if strings.Contains(err.Error(), "hunter2") {
		t.Fatal(err)
	}
}

func TestWarnings(t *testing.T) {
	for name, c := range map[string]struct {
		environ []string
		want    string
	}{
		"public without https":                        {production("TILGANG_BASE_URL=http://people.example.org"), "not https"},
		"nowhere to keep documents":                   {production("TILGANG_FILES="), "TILGANG_FILES"},
		"the owner's password where it is not needed": {production("TILGANG_DATABASE_OWNER_URL=postgres://o:p@db/t"), "only for migrate"},
	} {
		t.Run(name, func(t *testing.T) {
			got := mustLoad(t, Serve, last(c.environ)...).Warnings
			if len(got) != 1 || !strings.Contains(got[0], c.want) {
				t.Fatalf("%q", got)
			}
		})
	}
}

func TestSecretsFromFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "redis")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("are read without the line end", func(t *testing.T) {
		write("redis://queue:6379\n")
		if got := mustLoad(t, Demo, "TILGANG_REDIS_URL_FILE="+path).RedisURL.Plain(); got != "redis://queue:6379" {
			t.Fatalf("%q", got)
		}
	})
	for name, c := range map[string]struct{ content, more, want string }{
		"are refused beside the value itself": {"redis://a", "TILGANG_REDIS_URL=redis://b", "both set"},
		"are refused when empty":              {" \n", "", "is empty"},
		"are refused when huge":               {strings.Repeat("x", largestFile+1), "", "larger than 64 KiB"},
	} {
		t.Run(name, func(t *testing.T) {
			write(c.content)
			_, err := Load([]string{"TILGANG_REDIS_URL_FILE=" + path, c.more}, Demo)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatal(err)
			}
		})
	}
}

func TestKeyset(t *testing.T) {
	dir := t.TempDir()
	made := mustLoad(t, Demo, "TILGANG_DATA_DIR="+filepath.Join(dir, "var"))
	keys, err := made.Keyset()
	if err != nil {
		t.Fatal(err)
	}
	data, err := keys.Encode()
	if err != nil {
		t.Fatal(err)
	}
	t.Run("content by file needs no private mode, as mounted secrets are readable by their group", func(t *testing.T) {
		path := filepath.Join(dir, "mounted")
		if err := os.WriteFile(path, data, 0o640); err != nil {
			t.Fatal(err)
		}
		c := mustLoad(t, Demo, "TILGANG_KEYSET_FILE="+path)
		if _, err := c.Keyset(); err != nil || c.KeysetPath != "" {
			t.Fatalf("%v, path %q", err, c.KeysetPath)
		}
		if strings.Contains(fmt.Sprintf("%+v", c), "sealing") {
			t.Fatal("printing the settings shows the keys")
		}
	})
	t.Run("a named file is never made", func(t *testing.T) {
		path := filepath.Join(dir, "absent.json")
		if _, err := mustLoad(t, Demo, "TILGANG_KEYSET="+path).Keyset(); !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
	})
	t.Run("path and content together are refused", func(t *testing.T) {
		path := filepath.Join(dir, "var", "keyset.json")
		_, err := Load([]string{"TILGANG_KEYSET=" + path, "TILGANG_KEYSET_FILE=" + path}, Demo)
		if err == nil || !strings.Contains(err.Error(), "both set") {
			t.Fatal(err)
		}
	})
}

func TestPrintingTheSettingsShowsNoPassword(t *testing.T) {
	c := mustLoad(t, Serve, production("TILGANG_DATABASE_OWNER_URL=postgres://o:ownersecret@db/t")...)
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("start", "config", c)
	all := log.String() + fmt.Sprintf("%v %+v %#v", c, c, c)
	for _, leak := range []string{"dbsecret", "redissecret", "mail@secret", "mail%40secret", "ownersecret"} {
		if strings.Contains(all, leak) {
			t.Errorf("%q leaked", leak)
		}
	}
}

func TestAmazonCarriesMailAndTexts(t *testing.T) {
	c := mustLoad(t, Serve, last(production("TILGANG_MAIL=ses", "TILGANG_SMTP_URL=", "TILGANG_SES_ENDPOINT=http://127.0.0.1:9000/", "TILGANG_SES_CONFIGURATION_SET=all",
		"TILGANG_SMS=sns", "TILGANG_SNS_ENDPOINT=https://sns.internal", "TILGANG_SNS_MAX_PRICE=0.10"))...)
	want := AWS{SESEndpoint: "http://127.0.0.1:9000", SNSEndpoint: "https://sns.internal", SESConfigurationSet: "all", SMSMaxPrice: "0.10"}
	if c.Mail != SESMail || c.SMS != SNS || c.AWS != want {
		t.Fatalf("%s %s %+v", c.Mail, c.SMS, c.AWS)
	}
	if c := mustLoad(t, Demo); c.SMS != PracticeSMS {
		t.Fatalf("the demo's texts go to %q", c.SMS)
	}
	if c := mustLoad(t, Serve, production()...); c.SMS != NoSMS {
		t.Fatalf("texts go to %q", c.SMS)
	}
}

func TestAmazonCalls(t *testing.T) {
	for _, origin := range []string{"+4722000100", "pool-0a1b2c", "phone-0a1b2c", "arn:aws:sms-voice:eu-north-1:123456789012:phone-number/phone-0a1b2c"} {
		c := mustLoad(t, Serve, production("TILGANG_VOICE=aws", "TILGANG_VOICE_ORIGIN="+origin, "TILGANG_VOICE_ENDPOINT=https://voice.internal/", "TILGANG_VOICE_MAX_PRICE=0.30")...)
		if want := (AWS{VoiceEndpoint: "https://voice.internal", VoiceOrigin: origin, VoiceMaxPrice: "0.30"}); c.Voice != AWSVoice || c.AWS != want {
			t.Fatalf("%s %+v", c.Voice, c.AWS)
		}
	}
	if c := mustLoad(t, Demo); c.Voice != PracticeVoice {
		t.Fatalf("the demo's calls go to %q", c.Voice)
	}
	if c := mustLoad(t, Serve, production()...); c.Voice != NoVoice {
		t.Fatalf("calls go to %q", c.Voice)
	}
}
