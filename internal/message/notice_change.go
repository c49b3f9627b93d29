package message

import "tilgang/internal/message/render"

// The kinds that tell of what a person changed on the security page.
const (
	FactorRemoved  = "factor_removed"
	AddressAdded   = "address_added"   // to the addresses before it
	AddressRemoved = "address_removed" // to the address that went, and those that stay

	IdentityLinked   = "identity_linked"
	IdentityUnlinked = "identity_unlinked"
	IdentityMoved    = "identity_moved"   // to the owners of both accounts
	IdentityDecided  = "identity_decided" // HR said whether it is the person
	RecoveredByEID   = "recovered_by_eid" // a lost factor is being replaced
)

// The arguments of the kinds about identities.
const (
	ArgConnector = "connector" // what the employer calls the provider
	ArgTo        = "to_masked" // IdentityMoved: to where, masked; from where is ArgMasked
	ArgConfirmed = "confirmed" // IdentityDecided: "1" for yes
	ArgHours     = "hours"     // IdentityMoved: how long it can be taken back
)

func (n *notice) identity(key string) {
	n.head(key)
	n.Preheader = n.say(key+".preheader", "Hours", n.Args[ArgHours])
	n.add(render.Paragraph{Text: n.say(key+".text", "Name", n.Args[ArgConnector], "From", n.Args[ArgMasked], "To", n.Args[ArgTo], "Hours", n.Args[ArgHours])})
	n.security()
}

func (n *notice) identityDecided() {
	n.head("mail.identity_decided")
	text := n.say("mail.identity_decided.rejected")
	if n.Args[ArgConfirmed] == "1" {
		text = n.say("mail.identity_decided.confirmed")
	}
	n.add(render.Paragraph{Text: text})
	n.NotYou, n.deny = n.say("mail.contact_changed.not_you"), n.say("mail.not_me.suspect")
}

// ArgMasked is an address that a mail is about, masked: it may go to a mailbox
// that somebody else reads.
const ArgMasked = "masked"
