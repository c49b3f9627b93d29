package httpkit_test

import (
	"fmt"
	"time"
)

// speech is a Localizer that shows which key was asked for.
type speech struct{}

func (speech) T(key string, _ ...any) string        { return "says " + key }
func (speech) N(key string, n int, _ ...any) string { return fmt.Sprint("says ", key, n) }
func (speech) Date(t time.Time) string              { return t.Format("2 January 2006") }
func (speech) DateTime(t time.Time) string          { return t.Format("2 January 2006 at 15:04") }
func (speech) Moment(t time.Time) string            { return "today at " + t.Format("15:04") }
func (speech) Number(n int) string                  { return fmt.Sprint(n) }
func (speech) Lang() string                         { return "en" }
