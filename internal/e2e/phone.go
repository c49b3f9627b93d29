package e2e

import (
	"regexp"
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

// Called is the code said in the newest call to a number; what waits is
// delivered first.
func (s *Stage) Called(number string) string {
	s.T.Helper()
	s.Work()
	list := s.App.Services.Mailbox.List(practice.Filter{Channel: practice.Voice, Kind: "phone_call", To: number, Limit: 1})
	if len(list) == 0 {
		s.T.Fatalf("no call to %s", number)
	}
	code := regexp.MustCompile(`([0-9] ){5}[0-9]`).FindAllString(list[0].Text, -1)
	if len(code) != 2 || code[0] != code[1] {
		s.T.Fatalf("the code is not said twice: %s", list[0].Text)
	}
	return code[0]
}
