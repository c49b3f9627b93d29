package pinpoint_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tilgang/internal/message/cloud"
	"tilgang/internal/message/email"
	"tilgang/internal/message/pinpoint"
	"tilgang/internal/message/sendertest"
	"tilgang/internal/message/voice"
)

const origin = "+4722000100"

func usual(n int) string { return fmt.Sprintf(`{"MessageId":"call-%d"}`, n) }

func refusal(kind string) string {
	return `{"__type":"` + kind + `","Message":"bad number +4740008215"}`
}

func open(t *testing.T, o cloud.Options) *pinpoint.Sender {
	t.Helper()
	cfg, err := cloud.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return pinpoint.New(cfg, pinpoint.Options{Origin: origin})
}

// sent is what a call of the API asks for.
type sent struct {
	DestinationPhoneNumber, OriginationIdentity, MessageBody, MessageBodyTextType, VoiceId, MaxPricePerMinute string
	TimeToLive                                                                                                int
	Context                                                                                                   map[string]string
}

func read(t *testing.T, c sendertest.Call) (s sent) {
	t.Helper()
	if err := json.Unmarshal([]byte(c.Body), &s); err != nil {
		t.Fatalf("%v: %s", err, c.Body)
	}
	return s
}

func TestPinpointPassesTheSenderSuite(t *testing.T) {
	sendertest.RunCalls(t, func(t *testing.T) (voice.Sender, func() []sendertest.ReceivedCall) {
		far := sendertest.NewAWS(t, "sms-voice", usual, nil)
		return open(t, far.Options()), func() (list []sendertest.ReceivedCall) {
			for _, c := range far.Calls() {
				s := read(t, c)
				list = append(list, sendertest.ReceivedCall{ID: s.Context["tilgang-id"], To: s.DestinationPhoneNumber, Said: s.MessageBody})
			}
			return list
		}
	}, voice.Call.SSML)
}

func TestWhatIsAskedFor(t *testing.T) {
	far := sendertest.NewAWS(t, "sms-voice", usual, nil)
	s := open(t, far.Options())
	for i, c := range []struct{ language, speaker string }{{"nb", "LIV"}, {"nn", "LIV"}, {"da", "NAJA"}, {"sv", "ASTRID"}, {"en", "EMMA"}} {
		call := sendertest.ExampleCall(fmt.Sprintf("c-%d", i))
		call.Language = c.language
		receipt, err := s.Send(t.Context(), call)
		if err != nil || receipt.ProviderID != fmt.Sprintf("call-%d", i+1) {
			t.Fatalf("%+v, %v", receipt, err)
		}
		got := read(t, far.Calls()[i])
		if got.VoiceId != c.speaker || got.OriginationIdentity != origin || got.MessageBodyTextType != "SSML" || got.MaxPricePerMinute != pinpoint.MaxPrice || got.TimeToLive != 120 {
			t.Errorf("%s: %+v", c.language, got)
		}
	}
}

func TestWhatAnAnswerMeans(t *testing.T) {
	for name, c := range map[string]struct {
		answer sendertest.Answer
		want   email.Outcome
	}{
		"throttled":               {sendertest.Answer{Status: 400, Body: refusal("ThrottlingException")}, email.Retry},
		"the money is spent":      {sendertest.Answer{Status: 402, Body: refusal("ServiceQuotaExceededException")}, email.Retry},
		"no such origin":          {sendertest.Answer{Status: 400, Body: refusal("ResourceNotFoundException")}, email.Retry},
		"the number is rejected":  {sendertest.Answer{Status: 400, Body: refusal("ValidationException")}, email.Permanent},
		"no right to call":        {sendertest.Answer{Status: 400, Body: refusal("AccessDeniedException")}, email.Retry},
		"the service broke":       {sendertest.Answer{Status: 500, Body: refusal("InternalServerException")}, email.Unknown},
		"an answer of rubbish":    {sendertest.Answer{Status: 200, Body: "{}{"}, email.Unknown},
		"an answer without an id": {sendertest.Answer{Status: 200, Body: "{}"}, email.Unknown},
		"the line breaks":         {sendertest.Answer{HangUp: true}, email.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			var calls atomic.Int64 // the far end counts in goroutines of its own
			far := sendertest.NewAWS(t, "sms-voice", usual, func(sendertest.Call) sendertest.Answer { calls.Add(1); return c.answer })
			_, err := open(t, far.Options()).Send(t.Context(), sendertest.ExampleCall("x-1"))
			if got := email.Class(err); got != c.want {
				t.Fatalf("%s, want %s: %v", got, c.want, err)
			}
			if strings.Contains(err.Error(), "4740008215") {
				t.Fatalf("the error names a number: %v", err)
			}
			if calls.Load() != 1 {
				t.Fatalf("called %d times", calls.Load())
			}
		})
	}
}

func TestNobodyAnswers(t *testing.T) {
	far := sendertest.NewAWS(t, "sms-voice", usual, func(sendertest.Call) sendertest.Answer { return sendertest.Answer{Delay: 5 * time.Second} })
	o := far.Options()
	o.Timeout = 100 * time.Millisecond
	if _, err := open(t, o).Send(t.Context(), sendertest.ExampleCall("x-1")); email.Class(err) != email.Unknown || len(far.Calls()) != 1 {
		t.Fatalf("%v after %d calls", err, len(far.Calls()))
	}
	o = far.Options()
	o.Credentials = sendertest.WrongKey()
	s := open(t, o)
	if err := s.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Send(t.Context(), sendertest.ExampleCall("x-2")); email.Class(err) != email.Retry || len(far.Calls()) != 1 {
		t.Fatal(err)
	}
}
