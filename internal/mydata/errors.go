package mydata

// Refusals that a page takes note of; the keys are their words.
const (
	codeOwn      = "mydata.case.own"
	codeAnswered = "mydata.case.answered"
)
