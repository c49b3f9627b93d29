// Package cloud is what the senders at AWS share: the connection, and what an
// answer means for a message.
//
// Region, credentials and proxies come from the usual AWS variables and files.
// The SDK never sends twice: the outbox alone decides about another try, since
// it knows how often there has been one. What a Sender reports names the
// provider's code, never its sentence, which may quote an address.
package cloud
