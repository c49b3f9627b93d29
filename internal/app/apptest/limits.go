package apptest

// CountHere lets wishes, sign-ins and robot checks be counted in this process,
// for tests of bounds: a queue that answers late would change them to a quarter.
func (w *World) CountHere() {
	w.T.Helper()
	w.App.Services.Limiter.Alone()
}
