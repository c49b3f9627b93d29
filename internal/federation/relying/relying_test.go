package relying

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

func TestAGoodAnswerSaysWhoItIs(t *testing.T) {
	w := setUp(t)
	q := w.address()
	if q.Get("code_challenge_method") != "S256" || q.Get("code_challenge") == "" || q.Get("nonce") != w.asked.Nonce || q.Get("state") != w.asked.State ||
		q.Get("acr_values") != "substantial high" || q.Get("response_type") != "code" || q.Get("redirect_uri") != w.us.RedirectURL {
		t.Errorf("sent off with %v", q)
	}
	who, err := w.redeem(w.good())
	if err != nil || who.Subject != "sub-1" || who.Issuer != issuer || who.ACR != "substantial" || who.Number.Plain() != "13897248098" {
		t.Fatalf("%+v %v", who, err)
	}
	if s := fmt.Sprintf("%v %+v %s %q %d", who, who, who.Number, who.Number, who.Number); strings.Contains(s, "13897248098") {
		t.Error("the number shows: " + s)
	}
}

// Each case changes one thing about a good answer (P37, P39).
func TestEveryMalformedAnswerIsRefused(t *testing.T) {
	set := func(name string, to any) func(*world, *Answer) {
		return func(w *world, _ *Answer) { w.claims[name] = to }
	}
	for name, c := range map[string]struct {
		change func(*world, *Answer)
		why    string
	}{
		"alg none": {func(w *world, _ *Answer) { w.raw = w.unsigned }, WhyToken},
		"HS256 with the public key": {func(w *world, _ *Answer) {
			w.raw = func() string { return w.sign(w.public(), jose.HS256, w.claims) }
		}, WhyToken},
		"another key": {func(w *world, _ *Answer) {
			other, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
			w.raw = func() string { return w.sign(other, jose.ES256, w.claims) }
		}, WhyToken},
		"no token":                       {func(w *world, _ *Answer) { w.raw = func() string { return "" } }, WhyToken},
		"a token cut off":                {func(w *world, _ *Answer) { w.raw = func() string { return w.sign(w.key, jose.ES256, w.claims)[:80] } }, WhyToken},
		"another issuer":                 {set("iss", "https://evil.example"), WhyToken},
		"no issuer":                      {set("iss", ""), WhyToken},
		"another audience":               {set("aud", "somebody-else"), WhyToken},
		"expired":                        {set("exp", start.Add(-time.Minute).Unix()), WhyToken},
		"no end":                         {func(w *world, _ *Answer) { delete(w.claims, "exp") }, WhyToken},
		"two audiences, no azp":          {set("aud", []string{"tilgang", "other"}), WhyParty},
		"another azp":                    {set("azp", "other"), WhyParty},
		"issued in the future":           {set("iat", start.Add(5*time.Minute).Unix()), WhyIssued},
		"issued long ago":                {set("iat", start.Add(-time.Hour).Unix()), WhyIssued},
		"no time of issue":               {func(w *world, _ *Answer) { delete(w.claims, "iat") }, WhyIssued},
		"another nonce":                  {set("nonce", "n-of-another-visit"), WhyNonce},
		"no nonce":                       {func(w *world, _ *Answer) { delete(w.claims, "nonce") }, WhyNonce},
		"a lower acr":                    {set("acr", "low"), WhyLevel},
		"no acr":                         {func(w *world, _ *Answer) { delete(w.claims, "acr") }, WhyLevel},
		"no subject":                     {set("sub", ""), WhySubject},
		"a subject without end":          {set("sub", strings.Repeat("x", 256)), WhySubject},
		"signed in there yesterday":      {set("auth_time", start.Add(-24*time.Hour).Unix()), WhyStale},
		"another access token":           {set("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"), WhyTokenHash},
		"another state":                  {func(_ *world, a *Answer) { a.State = strings.Repeat("t", 43) }, WhyState},
		"no state":                       {func(_ *world, a *Answer) { a.State = "" }, WhyState},
		"another provider answers":       {func(_ *world, a *Answer) { a.Issuer = "https://evil.example" }, WhyIssuer},
		"nobody says who answers":        {func(_ *world, a *Answer) { a.Issuer = "" }, WhyIssuer},
		"no code":                        {func(_ *world, a *Answer) { a.Code = "" }, WhyCode},
		"another code":                   {func(_ *world, a *Answer) { a.Code = "another" }, WhyCode},
		"a code without end":             {func(_ *world, a *Answer) { a.Code = strings.Repeat("c", maxCode+1) }, WhyCode},
		"a code of another visit (PKCE)": {func(w *world, _ *Answer) { w.asked.Verifier += "x"; w.status = 400 }, WhyCode},
		"an error": {func(_ *world, a *Answer) {
			a.Error = `<script>alert(1)</script>`
		}, WhyProvider},
	} {
		t.Run(name, func(t *testing.T) {
			w := setUp(t)
			a := w.good()
			c.change(w, &a)
			who, err := w.redeem(a)
			if Why(err) != c.why || who.Subject != "" {
				t.Errorf("refused as %q, want %q: %v %v", Why(err), c.why, who, err)
			}
			if err != nil && (strings.Contains(err.Error(), "evil") || strings.Contains(err.Error(), "script")) {
				t.Errorf("the refusal repeats what was sent: %v", err)
			}
		})
	}
}

func TestACodeIsSentOnce(t *testing.T) {
	w := setUp(t)
	w.status = 400
	if _, err := w.redeem(w.good()); Why(err) != WhyCode || w.asks != 1 {
		t.Errorf("%v, sent %d times", err, w.asks)
	}
}

func TestWhatIsNoRefusal(t *testing.T) {
	w := setUp(t)
	a := w.good()
	a.Error = "access_denied"
	if _, err := w.redeem(a); !errors.Is(err, ErrCancelled) {
		t.Errorf("the person went back: %v", err)
	}
	a.Error = "temporarily_unavailable"
	if _, err := w.redeem(a); !errors.Is(err, ErrDown) {
		t.Errorf("the provider rests: %v", err)
	}
	w.status = 503
	if _, err := w.redeem(w.good()); !errors.Is(err, ErrDown) {
		t.Errorf("the token endpoint rests: %v", err)
	}
}

func TestADeadProvider(t *testing.T) {
	w := setUp(t)
	w.dead = true
	if _, err := w.client.Address(t.Context(), w.us, w.asked, "nb"); !errors.Is(err, ErrDown) {
		t.Errorf("never seen: %v", err)
	}
	w.dead = false
	w.address()
	w.clock.Move(2 * keep)
	w.dead = true
	if _, err := w.client.Address(t.Context(), w.us, w.asked, "nb"); err != nil {
		t.Errorf("seen before, discovery is believed: %v", err)
	}
	if _, err := w.redeem(w.good()); !errors.Is(err, ErrDown) {
		t.Errorf("and dies at the token endpoint: %v", err)
	}
}

func TestAnAddressThatIsNotEncryptedIsNotUsed(t *testing.T) {
	for _, name := range []string{"authorization_endpoint", "token_endpoint", "jwks_uri"} {
		w := setUp(t)
		w.metadata[name] = "http://id.example/plain"
		if _, err := w.client.Address(t.Context(), w.us, w.asked, "nb"); !errors.Is(err, ErrDown) {
			t.Errorf("%s: %v", name, err)
		}
	}
	w := setUp(t)
	w.metadata["issuer"] = "https://evil.example"
	if _, err := w.client.Address(t.Context(), w.us, w.asked, "nb"); !errors.Is(err, ErrDown) {
		t.Errorf("a document of another issuer: %v", err)
	}
}
