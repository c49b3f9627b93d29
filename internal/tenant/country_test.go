package tenant

import (
	"slices"
	"testing"
)

func TestPhoneCountries(t *testing.T) {
	for _, c := range []struct {
		name string
		t    Tenant
		want []string
	}{
		{"those of employers and languages", Tenant{Languages: []string{"nb", "nn", "en"}, LegalEmployers: []LegalEmployer{{Country: "NO"}, {Country: "SE"}}}, []string{"NO", "SE", "GB"}},
		{"those named", Tenant{Languages: []string{"nb"}, Mfa: MfaPolicy{SMS: SMSPolicy{Countries: []string{"DK"}}}}, []string{"DK"}},
		{"every language of ours has one", Tenant{Languages: Languages()}, []string{"NO", "DK", "SE", "FI", "GB", "DE", "PL"}},
	} {
		if got := c.t.PhoneCountries(); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
