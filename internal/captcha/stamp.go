package captcha

import (
	"encoding/base64"
	"encoding/binary"
	"strings"
	"time"
)

// stamped is the time at which a form was shown, signed for the form and the
// host. It may be sent more than once, as by a double click: what it allows is
// bounded by the limits.
func (s *Service) stamped(action, host string, now time.Time) string {
	at := make([]byte, 8)
	binary.BigEndian.PutUint64(at, uint64(now.UnixMilli()))
	return base64.RawURLEncoding.EncodeToString(append(at, s.Box.Sign("form stamp", stampText(action, host, at))...))
}

// age is how long ago the form was shown; not sound for a stamp of another form,
// another host or from before FormLife.
func (s *Service) age(f Form) (age time.Duration, sound bool) {
	raw, err := base64.RawURLEncoding.DecodeString(f.Stamp)
	if err != nil || len(raw) < 8 || !s.Box.Verify("form stamp", stampText(f.Action, f.Host, raw[:8]), raw[8:]) {
		return 0, false
	}
	age = s.DB.Now().Sub(time.UnixMilli(int64(binary.BigEndian.Uint64(raw)))) //nolint:gosec // we wrote it
	return age, age >= 0 && age <= FormLife
}

// stampText is what is signed; neither word holds a line break.
func stampText(action, host string, at []byte) string {
	return strings.Join([]string{action, host, string(at)}, "\n")
}
