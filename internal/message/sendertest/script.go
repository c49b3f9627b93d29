package sendertest

// Stage is a point at which a Script may step in.
type Stage string

// The stages, in the order of a talk. Body is after the final dot.
const (
	Greet Stage = "greet"
	Hello Stage = "hello"
	Auth  Stage = "auth"
	From  Stage = "from"
	To    Stage = "to"
	Data  Stage = "data"
	Body  Stage = "body"
)

// Step is what a Script is asked about.
type Step struct {
	Stage Stage
	Conn  int    // which connection to the sink, from 1
	Mail  int    // which MAIL command on this connection, from 1; 0 before the first
	Arg   string // what followed the command, at most one line
}

// Reply is what a Script makes of it; the zero value lets the sink go on.
type Reply struct {
	Line   string // answered in its place, e.g. "550 5.1.1 unknown"
	Close  bool   // the line is closed, after Line if there is one
	Silent bool   // nothing is ever answered; at Body the mail is kept all the same
}

// Script decides step by step; it is called from many connections at once.
type Script func(Step) Reply
