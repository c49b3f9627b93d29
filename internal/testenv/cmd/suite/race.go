package main

// unwatched are packages that the race detector does not look into: C that was
// translated to Go, ciphers, compression, parsers. Each computes on memory of
// its own, or on what it was handed for the length of a call, so that a race of
// ours cannot happen inside; watching each of its reads costs several times what
// it does. Not here: whatever holds our values for longer or passes them from
// one goroutine to another (database/sql, pgx, gorm, asynq, fasthttp, net/http,
// encoding/json, strings), nor what guards its first use by sync.Once or an
// atomic variable and fills it by means of a watched package: the detector would
// not see the guard.
func unwatched() []string {
	return []string{
		"modernc.org/sqlite/lib", "modernc.org/libc/...", "modernc.org/memory", "modernc.org/mathutil",
		"golang.org/x/crypto/argon2", "golang.org/x/crypto/blake2b",
		"crypto/internal/fips140/...", "math/big", "hash/crc32", "hash/adler32",
		"compress/flate", "github.com/klauspost/compress/flate", "github.com/andybalholm/brotli/...",
		"golang.org/x/net/html", "regexp/syntax", "text/template/parse", "image/png",
		"rsc.io/qr/...",
	}
}

// bulky are watched packages of generated code that tests hardly execute: not
// inlining their functions halves the time of the compiler.
func bulky() []string {
	return []string{"github.com/aws/...", "github.com/redis/go-redis/..."}
}

// raceFlags are the go command's for the race detector. Its checks of pointers are
// left out: they are of package unsafe, which nothing of ours uses.
func raceFlags() []string {
	const pointers = "-d=checkptr=0"
	flags := []string{"-race", "-shuffle=on", "-gcflags=all=" + pointers}
	for _, path := range unwatched() {
		flags = append(flags, "-gcflags="+path+"=-race=false")
	}
	for _, path := range bulky() {
		flags = append(flags, "-gcflags="+path+"=-l "+pointers)
	}
	return flags
}

// promptly ends a test program of the race detector as soon as it is through; by
// itself it waits a second for reports of other threads.
const promptly = "GORACE=atexit_sleep_ms=50"
