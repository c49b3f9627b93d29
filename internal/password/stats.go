package password

// Stats are the pool's figures for metrics. The first five are of this moment,
// the others count since the start.
type Stats struct {
	Workers  int // hashes that may run at a time
	Running  int // hashes that do
	Slots    int // requests that may wait
	Waiting  int // requests that do
	Tenants  int // tenants that wait
	Hashes   uint64
	Refused  uint64 // no slot, or given up for a tenant with fewer
	TimedOut uint64 // waited longer than MaxWait
	Left     uint64 // the caller went away
	Panics   uint64
}

// Stats gives the figures.
func (p *Pool) Stats() Stats {
	s := p.queue.stats()
	s.Hashes, s.Panics = p.hashes.Load(), p.panics.Load()
	return s
}
