package practice

import (
	"slices"
	"strings"
	"time"

	"tilgang/internal/message/render"
)

// Channel is the way a message would have gone.
type Channel string

// The channels.
const (
	Email Channel = "email"
	SMS   Channel = "sms"
	Voice Channel = "voice"
	Push  Channel = "push"
)

// Entry is one message as the mailbox shows it; its JSON is public.
type Entry struct {
	ID        string    `json:"id"`
	Tenant    string    `json:"tenant"`
	Kind      string    `json:"kind"`
	Channel   Channel   `json:"channel"`
	To        string    `json:"to"`
	From      string    `json:"from"`
	Subject   string    `json:"subject"`
	Text      string    `json:"text"`
	HTML      string    `json:"html"`
	Links     []string  `json:"links"` // the addresses in Text, in order
	CreatedAt time.Time `json:"created_at"`
}

// Filter narrows a List; empty fields match everything.
type Filter struct {
	Tenant  string
	Kind    string
	Channel Channel
	To      string // without regard to case
	Limit   int    // at most so many; 0: all that are kept
}

func (f Filter) matches(e *Entry) bool {
	return (f.Tenant == "" || f.Tenant == e.Tenant) &&
		(f.Kind == "" || f.Kind == e.Kind) &&
		(f.Channel == "" || f.Channel == e.Channel) &&
		(f.To == "" || strings.EqualFold(f.To, e.To))
}

// complete fills in what the mailbox itself knows.
func (e *Entry) complete(now time.Time) {
	if e.CreatedAt.IsZero() {
		e.CreatedAt = now
	}
	e.CreatedAt = e.CreatedAt.UTC()
	e.Links = render.Links(e.Text)
	if e.Links == nil {
		e.Links = []string{}
	}
}

// copied shares nothing that its receiver could change.
func (e *Entry) copied() Entry {
	c := *e
	c.Links = slices.Clone(e.Links)
	return c
}
