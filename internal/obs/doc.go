// Package obs lets operators see what the program does: a log of one line per
// event, and metrics for Prometheus.
//
// Invariants of the log: an event is one line whatever its values hold; values
// longer than 2 KiB are cut; attributes with the name of a secret, and anything
// shaped like one of our tokens, are never written. Invariants of the metrics:
// labels come from short closed lists (route patterns, lanes, states), never
// from a request.
//
// Anyone above the ground may import it.
package obs
