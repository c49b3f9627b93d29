package sns_test

import (
	"fmt"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tilgang/internal/message/cloud"
	"tilgang/internal/message/email"
	"tilgang/internal/message/sendertest"
	"tilgang/internal/message/sms"
	"tilgang/internal/message/sns"
)

func usual(n int) string {
	return fmt.Sprintf(`<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>sns-%d</MessageId></PublishResult></PublishResponse>`, n)
}

func refusal(code string) string {
	return `<ErrorResponse><Error><Type>Sender</Type><Code>` + code + `</Code><Message>Invalid parameter: +4520123456</Message></Error><RequestId>r</RequestId></ErrorResponse>`
}

func open(t *testing.T, o cloud.Options) *sns.Sender {
	t.Helper()
	cfg, err := cloud.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return sns.New(cfg, sns.Options{})
}

// read gives a call's fields and its attributes by name.
func read(t *testing.T, c sendertest.Call) (form url.Values, with map[string]string) {
	t.Helper()
	form, err := url.ParseQuery(c.Body)
	if err != nil || form.Get("Action") != "Publish" {
		t.Fatalf("%v: %s", err, c.Body)
	}
	with = map[string]string{}
	for i := 1; form.Get(fmt.Sprintf("MessageAttributes.entry.%d.Name", i)) != ""; i++ {
		entry := fmt.Sprintf("MessageAttributes.entry.%d.", i)
		with[form.Get(entry+"Name")] = form.Get(entry + "Value.StringValue")
	}
	return form, with
}

func TestSNSPassesTheSenderSuite(t *testing.T) {
	sendertest.RunTexts(t, func(t *testing.T) (sms.Sender, func() []sendertest.ReceivedText) {
		far := sendertest.NewAWS(t, "sns", usual, nil)
		return open(t, far.Options()), func() (list []sendertest.ReceivedText) {
			for _, c := range far.Calls() {
				form, with := read(t, c)
				list = append(list, sendertest.ReceivedText{ID: with["tilgang.id"], From: with["AWS.SNS.SMS.SenderID"], To: form.Get("PhoneNumber"), Body: form.Get("Message")})
			}
			return list
		}
	})
}

func TestWhatIsSent(t *testing.T) {
	far := sendertest.NewAWS(t, "sns", usual, nil)
	s := open(t, far.Options())
	for i, c := range []struct{ from, to, name, number string }{
		{"Havn", "+4520123456", "Havn", ""},
		{"Havn Retail", "+4520123456", "Havn-Retail", ""},
		{"", "+4520123456", "", ""},
		{"+4512345678", "+4520123456", "", "+4512345678"},
		{"Havn", "+12015550123", "", ""}, // no names as senders in North America
	} {
		text := sendertest.ExampleText(fmt.Sprintf("t-%d", i))
		text.From, text.To = c.from, c.to
		receipt, err := s.Send(t.Context(), text)
		if err != nil || receipt.ProviderID != fmt.Sprintf("sns-%d", i+1) {
			t.Fatalf("%+v, %v", receipt, err)
		}
		_, with := read(t, far.Calls()[i])
		if with["AWS.SNS.SMS.SenderID"] != c.name || with["AWS.MM.SMS.OriginationNumber"] != c.number {
			t.Errorf("%q to %s: %v", c.from, c.to, with)
		}
		if with["AWS.SNS.SMS.SMSType"] != "Transactional" || with["AWS.SNS.SMS.MaxPrice"] != sns.MaxPrice {
			t.Errorf("attributes %v", with)
		}
	}
}

func TestWhatAnAnswerMeans(t *testing.T) {
	for name, c := range map[string]struct {
		answer sendertest.Answer
		want   email.Outcome
	}{
		"too much at a time":      {sendertest.Answer{Status: 400, Body: refusal("Throttling")}, email.Retry},
		"throttled":               {sendertest.Answer{Status: 429, Body: refusal("Throttled")}, email.Retry},
		"the number is rejected":  {sendertest.Answer{Status: 400, Body: refusal("InvalidParameter")}, email.Permanent},
		"the owner opted out":     {sendertest.Answer{Status: 400, Body: refusal("OptedOut")}, email.Permanent},
		"no right to send":        {sendertest.Answer{Status: 403, Body: refusal("AuthorizationError")}, email.Retry},
		"the service is away":     {sendertest.Answer{Status: 503, Body: refusal("ServiceUnavailable")}, email.Retry},
		"the service broke":       {sendertest.Answer{Status: 500, Body: refusal("InternalError")}, email.Unknown},
		"an answer of rubbish":    {sendertest.Answer{Status: 200, Body: "{}{"}, email.Unknown},
		"an answer without an id": {sendertest.Answer{Status: 200, Body: usual(1)[:strings.Index(usual(1), "<PublishResult>")] + "<PublishResult></PublishResult></PublishResponse>"}, email.Unknown},
		"the line breaks":         {sendertest.Answer{HangUp: true}, email.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			var calls atomic.Int64 // the far end counts in goroutines of its own
			far := sendertest.NewAWS(t, "sns", usual, func(sendertest.Call) sendertest.Answer { calls.Add(1); return c.answer })
			_, err := open(t, far.Options()).Send(t.Context(), sendertest.ExampleText("x-1"))
			if got := email.Class(err); got != c.want {
				t.Fatalf("%s, want %s: %v", got, c.want, err)
			}
			if strings.Contains(err.Error(), "4520123456") {
				t.Fatalf("the error names a number: %v", err)
			}
			if calls.Load() != 1 {
				t.Fatalf("called %d times", calls.Load())
			}
		})
	}
}

func TestNobodyAnswers(t *testing.T) {
	far := sendertest.NewAWS(t, "sns", usual, func(sendertest.Call) sendertest.Answer { return sendertest.Answer{Delay: 5 * time.Second} })
	o := far.Options()
	o.Timeout = 100 * time.Millisecond
	if _, err := open(t, o).Send(t.Context(), sendertest.ExampleText("x-1")); email.Class(err) != email.Unknown || len(far.Calls()) != 1 {
		t.Fatalf("%v after %d calls", err, len(far.Calls()))
	}
	o = far.Options()
	o.Credentials = sendertest.WrongKey()
	s := open(t, o)
	if err := s.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Send(t.Context(), sendertest.ExampleText("x-2")); email.Class(err) != email.Retry || len(far.Calls()) != 1 {
		t.Fatal(err)
	}
}
