// Package limit bounds how much one network or one tenant may ask in a while,
// before anything costly is done.
//
// A Rule is a bucket that refills evenly (GCRA, the leaky bucket as a meter of
// ITU-T I.371): Burst tries at once, then Rate in every Per. The buckets live in
// Redis, where all replicas share them, and are gone with it at no harm: while
// Redis does not answer, each process keeps buckets of its own that are four
// times smaller, and asks Redis again every two seconds. Without a Redis the
// process keeps whole buckets itself.
//
// What must survive a restart, failures per account, is the package throttle's.
package limit
