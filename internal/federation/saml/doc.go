// Package saml asks SAML 2.0 providers who somebody is: the address to go to, and
// what the answer that a browser posts is worth. It knows no employer, no page and
// no account, and reaches no network: all that it must know of a provider stands
// in the employer's file.
//
//	Address (redirect binding) → the person at the provider → Read (POST binding)
//
// Invariants: nothing but the web browser profile that we began; an answer that
// nobody asked for is none. A document is plain before it is a tree: bounded, in
// UTF-8, without document type, comments, CDATA and processing instructions, and
// the same after a round trip. It has one assertion, and what is read is read from
// the bytes that the signature covers, never from the document that came. The
// signature is RSA with SHA-256 or better, over that one element, by a certificate
// of the employer's file; the algorithms are a list of ours. Then issuer, audience,
// recipient, InResponseTo, times, level and subject are checked. A refusal says
// which in a word of ours, and holds nothing of what was sent. Whoever asks sees to
// it that an assertion and a state are used once, and by the browser that asked.
package saml
