package message

// The kinds that tell of what a person changed on the security page.
const (
	FactorRemoved  = "factor_removed"
	AddressAdded   = "address_added"   // to the addresses before it
	AddressRemoved = "address_removed" // to the address that went, and those that stay
)

// ArgMasked is an address that a mail is about, masked: it may go to a mailbox
// that somebody else reads.
const ArgMasked = "masked"
