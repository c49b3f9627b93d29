package e2e

import (
	"strings"

	"tilgang/internal/message/practice"
)

// Texted is the code in the newest text message to a number; what waits is
// delivered first.
func (s *Stage) Texted(number string) string {
	s.T.Helper()
	s.Work()
	list := s.App.Services.Mailbox.List(practice.Filter{Channel: practice.SMS, Kind: "phone_code", To: number, Limit: 1})
	if len(list) == 0 {
		s.T.Fatalf("no text message to %s", number)
	}
	return list[0].Text[strings.LastIndex(list[0].Text, "#")+1:]
}
