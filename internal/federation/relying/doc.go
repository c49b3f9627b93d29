// Package relying asks OpenID providers who somebody is: the address to go to,
// and what the answer is worth. It knows no employer, no page and no account.
//
//	Address (discovery, kept an hour) → the person at the provider → Redeem
//
// Invariants: the code flow with S256, state and nonce, and nothing else. Of an
// answer every part is checked (OpenID Connect Core 3.1.3.7, RFC 9207, RFC 9700):
// state, issuer of the response, signature by an asymmetric algorithm and a key
// of the provider, iss, aud, azp, exp, iat, nonce, at_hash, auth_time, acr, sub.
// A refusal says which in a word of ours, and holds nothing of what was sent. A
// call ends within Patience and reads no more than a bound; no redirect is
// followed. Whoever asks sees to it that a state is used once.
package relying
