package config

import "testing"

func TestWhereDocumentsAreKept(t *testing.T) {
	for value, want := range map[string]Files{
		"":                   {Folder: "var/files"},
		"file:/srv/papers":   {Folder: "/srv/papers"},
		"file:///srv/papers": {Folder: "/srv/papers"},
		"s3://papers":        {Bucket: "papers"},
		"s3://papers/a/b/":   {Bucket: "papers", Prefix: "a/b"},
	} {
		if got := mustLoad(t, Demo, "TILGANG_FILES="+value).Files; got != want {
			t.Errorf("%q: %+v", value, got)
		}
	}
	for _, bad := range []string{"papers", "file:", "https://papers", "s3://", "s3://Papers", "s3://papers?x=1", "s3://a@papers"} {
		if _, err := Load([]string{"TILGANG_FILES=" + bad}, Demo); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
	if _, err := Load([]string{"TILGANG_FILES_ENDPOINT=https://s3.example.org"}, Demo); err == nil {
		t.Error("an endpoint without a bucket is taken")
	}
}
