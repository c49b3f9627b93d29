package message

import "tilgang/internal/message/render"

// The kinds that tell of what a person changed on the security page.
const (
	FactorRemoved  = "factor_removed"
	AddressAdded   = "address_added"   // to the addresses before it
	AddressRemoved = "address_removed" // to the address that went, and those that stay
)

// ArgMasked is an address that a mail is about, masked: it may go to a mailbox
// that somebody else reads.
const ArgMasked = "masked"

func (n *notice) factorRemoved() {
	n.Subject, n.Preheader = n.say("mail.factor_removed.subject"), n.say("mail.factor_removed.preheader")
	n.Heading = n.say("mail.factor_removed.heading")
	n.add(render.Paragraph{Text: n.say("mail.factor_removed.text", "Factor", n.factor())})
	n.security()
}

func (n *notice) addressAdded() {
	n.Subject, n.Preheader = n.say("mail.address_added.subject"), n.say("mail.address_added.preheader")
	n.Heading = n.say("mail.address_added.heading")
	n.add(render.Paragraph{Text: n.say("mail.address_added.text", "Masked", n.Args[ArgMasked])})
	n.security()
}

func (n *notice) addressRemoved() {
	n.Subject, n.Preheader = n.say("mail.address_removed.subject"), n.say("mail.address_removed.preheader")
	n.Heading = n.say("mail.address_removed.heading")
	n.add(render.Paragraph{Text: n.say("mail.address_removed.text", "Masked", n.Args[ArgMasked])})
	n.security()
}
