package ses_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tilgang/internal/clock"
	"tilgang/internal/message/cloud"
	"tilgang/internal/message/email"
	"tilgang/internal/message/sendertest"
	"tilgang/internal/message/ses"
)

func usual(n int) string { return fmt.Sprintf(`{"MessageId":"ses-%d"}`, n) }

func TestSESPassesTheSenderSuite(t *testing.T) {
	sendertest.Run(t, func(t *testing.T) (email.Sender, func() []sendertest.ReceivedMail) {
		far := sendertest.NewAWS(t, "ses", usual, nil)
		return open(t, far.Options(), ses.Options{}), func() (list []sendertest.ReceivedMail) {
			for _, c := range far.Calls() {
				list = append(list, read(t, c).mail(t))
			}
			return list
		}
	})
}

func open(t *testing.T, o cloud.Options, with ses.Options) *ses.Sender {
	t.Helper()
	cfg, err := cloud.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	with.Clock = clock.NewFake(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
	return ses.New(cfg, with)
}

// call is what SES is sent.
type call struct {
	Content struct {
		Raw struct{ Data []byte }
	}
	ConfigurationSetName string
	EmailTags            []struct{ Name, Value string }
	Destination          any
	FromEmailAddress     string
}

func read(t *testing.T, c sendertest.Call) (in call) {
	t.Helper()
	if c.Path != "POST /v2/email/outbound-emails" {
		t.Fatalf("called %s", c.Path)
	}
	if err := json.Unmarshal([]byte(c.Body), &in); err != nil {
		t.Fatal(err)
	}
	return in
}

func (c call) mail(t *testing.T) sendertest.ReceivedMail {
	t.Helper()
	m, err := sendertest.Parse(c.Content.Raw.Data)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestWhatIsSent(t *testing.T) {
	far := sendertest.NewAWS(t, "ses", usual, nil)
	s := open(t, far.Options(), ses.Options{ConfigurationSet: "everybody"})
	m := sendertest.Example("0192-abc")
	m.ReplyTo = "hr@havn.example"
	receipt, err := s.Send(t.Context(), m)
	if err != nil || receipt.ProviderID != "ses-1" {
		t.Fatalf("%+v, %v", receipt, err)
	}
	in := read(t, far.Calls()[0])
	got := in.mail(t)
	if got.Header.Get(ses.Header) != "0192-abc" || got.Header.Get("Reply-To") != "<hr@havn.example>" || got.From.Address != m.From || got.To.Address != m.To {
		t.Fatalf("headers %v", got.Header)
	}
	if got.Header.Get("List-Unsubscribe") != "" || got.Header.Get("Bcc") != "" || in.ConfigurationSetName != "everybody" {
		t.Fatalf("%v %q", got.Header, in.ConfigurationSetName)
	}
	tags := map[string]string{}
	for _, tag := range in.EmailTags {
		tags[tag.Name] = tag.Value
	}
	if tags["tilgang-id"] != "0192-abc" || tags["tilgang-tenant"] != "havn" || tags["tilgang-kind"] != "invite" {
		t.Fatalf("tags %v", tags)
	}
	t.Run("a tenant's own configuration set goes before", func(t *testing.T) {
		m.ID, m.Stream = "0192-abd", "havn-own"
		if _, err := s.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		if got := read(t, far.Calls()[1]).ConfigurationSetName; got != "havn-own" {
			t.Fatal(got)
		}
	})
}

func TestWhatAnAnswerMeans(t *testing.T) {
	const names = `{"message":"Email address is not verified: mette@work.example"}`
	for name, c := range map[string]struct {
		answer sendertest.Answer
		want   email.Outcome
	}{
		"too much at a time":      {sendertest.Answer{Status: 429, Type: "TooManyRequestsException", Body: names}, email.Retry},
		"the day's quota is used": {sendertest.Answer{Status: 400, Type: "LimitExceededException", Body: names}, email.Retry},
		"an address is rejected":  {sendertest.Answer{Status: 400, Type: "MessageRejected", Body: names}, email.Permanent},
		"a bad request":           {sendertest.Answer{Status: 400, Type: "BadRequestException", Body: names}, email.Permanent},
		"sending is paused":       {sendertest.Answer{Status: 400, Type: "SendingPausedException", Body: names}, email.Retry},
		"the domain is not ready": {sendertest.Answer{Status: 400, Type: "MailFromDomainNotVerifiedException", Body: names}, email.Retry},
		"no configuration set":    {sendertest.Answer{Status: 404, Type: "NotFoundException", Body: names}, email.Retry},
		"no right to send":        {sendertest.Answer{Status: 403, Type: "AccessDeniedException", Body: names}, email.Retry},
		"the service is away":     {sendertest.Answer{Status: 503, Type: "ServiceUnavailableException", Body: names}, email.Retry},
		"the service broke":       {sendertest.Answer{Status: 500, Type: "InternalFailure", Body: names}, email.Unknown},
		"a proxy's error page":    {sendertest.Answer{Status: 502, Body: "<html>bad gateway</html>"}, email.Unknown},
		"an answer of rubbish":    {sendertest.Answer{Status: 200, Body: "<html>"}, email.Unknown},
		"an answer without an id": {sendertest.Answer{Status: 200, Body: "{}"}, email.Unknown},
		"the line breaks":         {sendertest.Answer{HangUp: true}, email.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			var calls atomic.Int64 // the far end counts in goroutines of its own
			far := sendertest.NewAWS(t, "ses", usual, func(sendertest.Call) sendertest.Answer { calls.Add(1); return c.answer })
			_, err := open(t, far.Options(), ses.Options{}).Send(t.Context(), sendertest.Example("x-1"))
			if got := email.Class(err); got != c.want {
				t.Fatalf("%s, want %s: %v", got, c.want, err)
			}
			if strings.Contains(err.Error(), "mette") {
				t.Fatalf("the error names an address: %v", err)
			}
			if calls.Load() != 1 {
				t.Fatalf("called %d times", calls.Load())
			}
		})
	}
}

func TestNobodyAnswers(t *testing.T) {
	t.Run("a slow answer may still have been a yes", func(t *testing.T) {
		far := sendertest.NewAWS(t, "ses", usual, func(sendertest.Call) sendertest.Answer { return sendertest.Answer{Delay: 5 * time.Second} })
		o := far.Options()
		o.Timeout = 100 * time.Millisecond
		_, err := open(t, o, ses.Options{}).Send(t.Context(), sendertest.Example("x-1"))
		if email.Class(err) != email.Unknown || len(far.Calls()) != 1 {
			t.Fatalf("%v after %d calls", err, len(far.Calls()))
		}
	})
	t.Run("and so may one that the caller no longer waits for", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		far := sendertest.NewAWS(t, "ses", usual, func(sendertest.Call) sendertest.Answer {
			cancel() // once the mail is there
			return sendertest.Answer{Delay: 5 * time.Second}
		})
		_, err := open(t, far.Options(), ses.Options{}).Send(ctx, sendertest.Example("x-1"))
		if email.Class(err) != email.Unknown {
			t.Fatal(err)
		}
	})
	t.Run("nothing left where nobody listens", func(t *testing.T) {
		far := sendertest.NewAWS(t, "ses", usual, nil)
		s := open(t, far.Options(), ses.Options{})
		far.Close()
		if _, err := s.Send(t.Context(), sendertest.Example("x-1")); email.Class(err) != email.Retry {
			t.Fatal(err)
		}
	})
	t.Run("a stranger's key is not the mail's fault", func(t *testing.T) {
		far := sendertest.NewAWS(t, "ses", usual, nil)
		o := far.Options()
		o.Credentials = sendertest.WrongKey()
		if _, err := open(t, o, ses.Options{}).Send(t.Context(), sendertest.Example("x-1")); email.Class(err) != email.Retry || len(far.Calls()) != 0 {
			t.Fatal(err)
		}
	})
}

func TestSettings(t *testing.T) {
	far := sendertest.NewAWS(t, "ses", usual, nil)
	for _, name := range []string{"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} {
		t.Setenv(name, "")
	}
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	t.Setenv("AWS_CONFIG_FILE", t.TempDir()+"/none")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", t.TempDir()+"/none")
	t.Run("no region is a sentence", func(t *testing.T) {
		if _, err := cloud.Open(t.Context(), cloud.Options{Endpoint: far.URL}); err == nil || !strings.Contains(err.Error(), "AWS_REGION") {
			t.Fatal(err)
		}
	})
	t.Run("no credentials are found out before a mail is", func(t *testing.T) {
		t.Setenv("AWS_REGION", "eu-north-1")
		s := open(t, cloud.Options{Endpoint: far.URL}, ses.Options{})
		if err := s.Ready(t.Context()); err == nil {
			t.Fatal("ready without credentials")
		}
		if _, err := s.Send(t.Context(), sendertest.Example("x-1")); email.Class(err) != email.Retry {
			t.Fatal(err)
		}
	})
	t.Run("the usual variables are enough, with a bundle of certificates too", func(t *testing.T) {
		t.Setenv("AWS_REGION", "eu-north-1")
		t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
		t.Setenv("AWS_SECRET_ACCESS_KEY", "not/a/real+secret")
		s := open(t, cloud.Options{Endpoint: far.URL}, ses.Options{})
		if err := s.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Send(t.Context(), sendertest.Example("x-1")); err != nil {
			t.Fatal(err)
		}
	})
	if got := far.Calls(); len(got) != 1 || slices.Contains([]string{http.MethodGet}, got[0].Path) {
		t.Fatalf("%d calls", len(got))
	}
}
