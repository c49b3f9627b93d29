// Package httpkit is the one way of a request and the parts that pages are
// built of.
//
//	request id, headers → site by host → asker → origin of a change → the
//	route's gate → handler → page, redirect or JSON; an error becomes a page
//	in one place
//
// Always true: a route without a gate does not answer; a change comes from a
// page of the same host; a body larger than its route takes is refused before
// it is read; a page is rendered whole or not at all; no cause of an error is
// ever shown. Addresses are built from configuration, never from the request.
package httpkit
