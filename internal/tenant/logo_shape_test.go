package tenant

import "testing"

func TestAWideLogoWritesTheNameItself(t *testing.T) {
	for box, want := range map[string]bool{
		"0 0 168 58": true, "0,0,120,60": true, "-4 -4 48.5 20": true,
		"0 0 119 60": false, "0 0 40 40": false, "0 0 10 90": false,
		"0 0 168 0": false, "0 0 168": false, "0 0 wide 58": false, "0 0 168 high": false, "": false,
	} {
		logo, err := CleanLogo([]byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="` + box + `"><path d="M0 0h9"/></svg>`))
		if err != nil {
			t.Fatal(err)
		}
		if got := (Branding{Logo: logo}).Wordmark(); got != want {
			t.Errorf("%q is a word: %v", box, got)
		}
	}
	if (Branding{}).Wordmark() {
		t.Error("no logo writes a name")
	}
}
