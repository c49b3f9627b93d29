package apptest

import (
	"log/slog"

	"tilgang/internal/limit"
)

// CountHere lets wishes, sign-ins and robot checks be counted in this process,
// for tests of bounds: a queue that answers late would change them to a quarter.
func (w *World) CountHere() {
	w.T.Helper()
	l, s := limit.New(nil, w.Clock, slog.New(slog.DiscardHandler)), &w.App.Services
	s.Signin.Limiter, s.Reset.Limiter, s.Robots.Limiter = l, l, l
}
