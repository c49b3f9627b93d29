package recovery

import (
	"strings"
	"time"

	"tilgang/internal/httpkit"
)

// stateTag is where a recovery stands, in a word.
func stateTag(b *httpkit.Base, s State) httpkit.Tag {
	switch s {
	case Waiting:
		return httpkit.Tag{Kind: "wait", Text: b.T("recovery.state.waiting")}
	case Cooling:
		return httpkit.Tag{Kind: "info", Text: b.T("recovery.state.cooling")}
	case Open:
		return httpkit.Tag{Kind: "warn", Text: b.T("recovery.state.open")}
	case Lapsed, Over:
	}
	return httpkit.Tag{Kind: "plain", Text: b.T("recovery.state.over")}
}

// waitsFor says what happens next, and until when.
func waitsFor(b *httpkit.Base, r Recovery, s State, missing int) string {
	switch s {
	case Waiting:
		return b.N("recovery.waits.approval", missing, "Until", b.Moment(r.ClosesAt))
	case Cooling:
		return b.T("recovery.waits.clock", "When", b.Moment(*r.OpensAt))
	case Open:
		return b.T("recovery.waits.person", "Until", b.Moment(r.ClosesAt))
	case Lapsed, Over:
	}
	return endingWords(b, r)
}

// endingWords says how it ended.
func endingWords(b *httpkit.Base, r Recovery) string {
	switch r.Ending {
	case Used:
		return b.T("recovery.ending.used")
	case Removed:
		return b.T("recovery.ending.removed")
	case Refused:
		return b.T("recovery.ending.refused")
	case Cancelled:
		return b.T("recovery.ending.cancelled")
	case Stopped:
		return b.T("recovery.ending.stopped")
	case Proven:
		return b.T("recovery.ending.proven")
	case Timeout:
	}
	return b.T("recovery.ending.lapsed")
}

// rows are the facts of a case.
func rows(b *httpkit.Base, c Case) []httpkit.SummaryRow {
	tag := stateTag(b, c.State)
	list := []httpkit.SummaryRow{
		{Label: b.T("recovery.row.state"), Tag: &tag, Sub: waitsFor(b, c.Recovery, c.State, c.Missing())},
		{Label: b.T("recovery.fact.starter"), Text: c.Starter, Sub: part(b, c.StarterRole) + ", " + b.Moment(c.CreatedAt)},
		{Label: b.T("recovery.fact.reason"), Text: c.Reason},
	}
	if len(c.Approvers) > 0 {
		list = append(list, httpkit.SummaryRow{Label: b.T("recovery.fact.approvers"), Text: strings.Join(c.Approvers, ", "), Sub: b.Moment(c.Approvals[len(c.Approvals)-1].CreatedAt)})
	}
	if c.OpensAt != nil && c.State != Over {
		list = append(list, httpkit.SummaryRow{Label: b.T("recovery.fact.opens"), Text: b.Moment(*c.OpensAt)})
	}
	if at, ended := endOf(c.Recovery, c.State); ended {
		list = append(list, httpkit.SummaryRow{Label: b.T("recovery.row.ended"), Text: b.Moment(at), Sub: c.EndedName})
	}
	return list
}

func endOf(r Recovery, s State) (time.Time, bool) {
	switch {
	case r.EndedAt != nil:
		return *r.EndedAt, true
	case s == Lapsed:
		return r.ClosesAt, true
	}
	return time.Time{}, false
}
