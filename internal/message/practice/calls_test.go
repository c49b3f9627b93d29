package practice_test

import (
	"slices"
	"testing"

	"tilgang/internal/message/practice"
	"tilgang/internal/message/sendertest"
	"tilgang/internal/message/voice"
)

func TestTheMailboxPassesTheSuiteOfCalls(t *testing.T) {
	sendertest.RunCalls(t, func(t *testing.T) (voice.Sender, func() []sendertest.ReceivedCall) {
		box, err := practice.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = box.Close() })
		return box.Calls(), func() (list []sendertest.ReceivedCall) {
			for _, e := range slices.Backward(box.List(practice.Filter{Channel: practice.Voice})) {
				list = append(list, sendertest.ReceivedCall{ID: e.ID, To: e.To, Said: e.Text})
			}
			return list
		}
	}, voice.Call.Plain)
}
