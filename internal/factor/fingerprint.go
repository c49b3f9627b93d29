package factor

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"tilgang/internal/tenant"
)

// Fingerprint names a policy: 16 hex digits that change with every value of it.
// Skip ends the offer until the fingerprint is another one.
func Fingerprint(p tenant.MfaPolicy) string {
	var b strings.Builder
	fmt.Fprintf(&b, "1|%s|%s|%s|%s|%s|%d", p.Use("totp"), p.Use("phone"), p.Use("push"), p.Use("passkey"), p.Offer, p.Postponements)
	for _, q := range p.Requirements {
		fmt.Fprintf(&b, "|%q|%q|%q|%q|%s|%d|%q", q.Roles, q.JobTitles, q.OrgUnits, q.Standings, q.From.UTC().Format(time.RFC3339), q.Postponements, q.Methods)
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:8])
}
