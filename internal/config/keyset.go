package config

import (
	"fmt"
	"os"
	"path/filepath"

	"tilgang/internal/secret"
)

// Keyset loads the key material: the given content or file, else keyset.json in the data
// folder, which is made on the first start.
func (c Config) Keyset() (*secret.Keyset, error) {
	if c.KeysetJSON != "" {
		return secret.ParseKeyset([]byte(c.KeysetJSON.Plain()))
	}
	if !c.keysetDefault {
		return secret.LoadKeyset(c.KeysetPath)
	}
	if err := os.MkdirAll(filepath.Dir(c.KeysetPath), 0o700); err != nil {
		return nil, fmt.Errorf("make data folder: %w", err)
	}
	return secret.LoadOrCreateKeyset(c.KeysetPath)
}
