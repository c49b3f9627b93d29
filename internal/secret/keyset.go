package secret

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
)

const (
	keysetVersion = 1
	rootBytes     = 32
	largestKeyset = 64 << 10 // bytes; some 150 rotations
)

// ErrKeyset means that a keyset cannot be read; the text says why, without its content.
var ErrKeyset = errors.New("keyset")

// Keyset is the installation's key material: sealing keys that rotate, and one root key for
// hashes and signatures that never does, because hashes cannot be made anew.
type Keyset struct {
	sealing *keyset.Handle
	root    []byte
}

// keysetFile is the stored form; sealing is Tink's own JSON.
type keysetFile struct {
	Version int             `json:"version"`
	Root    []byte          `json:"root"`
	Sealing json.RawMessage `json:"sealing"`
}

// NewKeyset makes fresh keys: XAES-256-GCM for sealing, 256 bits for the root.
func NewKeyset() (*Keyset, error) {
	sealing, err := keyset.NewHandle(aead.XAES256GCM192BitNonceKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("make sealing key: %w", err)
	}
	root := make([]byte, rootBytes)
	fill(root)
	return &Keyset{sealing: sealing, root: root}, nil
}

// ParseKeyset reads what Encode wrote; anything else, or over 64 KiB, is ErrKeyset.
func ParseKeyset(data []byte) (*Keyset, error) {
	if len(data) > largestKeyset {
		return nil, fmt.Errorf("%w: larger than 64 KiB", ErrKeyset)
	}
	var file keysetFile
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&file); err != nil {
		// The decoder's own text may quote key material.
		return nil, fmt.Errorf("%w: not a keyset in JSON", ErrKeyset)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, fmt.Errorf("%w: text after the end", ErrKeyset)
	}
	return file.keyset()
}

func (f keysetFile) keyset() (*Keyset, error) {
	if f.Version != keysetVersion {
		return nil, fmt.Errorf("%w: version %d, this program reads %d", ErrKeyset, f.Version, keysetVersion)
	}
	if len(f.Root) != rootBytes {
		return nil, fmt.Errorf("%w: root key is %d bytes, not %d", ErrKeyset, len(f.Root), rootBytes)
	}
	sealing, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(f.Sealing)))
	if err != nil {
		return nil, fmt.Errorf("%w: sealing keys unreadable", ErrKeyset)
	}
	return &Keyset{sealing: sealing, root: f.Root}, nil
}

// Encode is the keyset in clear as JSON, for a file of mode 0600 or a secret store.
func (k *Keyset) Encode() ([]byte, error) {
	var sealing bytes.Buffer
	if err := insecurecleartextkeyset.Write(k.sealing, keyset.NewJSONWriter(&sealing)); err != nil {
		return nil, fmt.Errorf("encode sealing keys: %w", err)
	}
	file := keysetFile{Version: keysetVersion, Root: k.root, Sealing: sealing.Bytes()}
	data, err := json.MarshalIndent(file, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode keyset: %w", err)
	}
	return append(data, '\n'), nil
}

// Rotate is the same keyset with a new sealing key in front; the old ones still open what they
// sealed, the root stays. Every replica must have the result before one seals with it.
func (k *Keyset) Rotate() (*Keyset, error) {
	manager := keyset.NewManagerFromHandle(k.sealing)
	id, err := manager.Add(aead.XAES256GCM192BitNonceKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("add sealing key: %w", err)
	}
	if err := manager.SetPrimary(id); err != nil {
		return nil, fmt.Errorf("choose sealing key: %w", err)
	}
	sealing, err := manager.Handle()
	if err != nil {
		return nil, fmt.Errorf("rotate keyset: %w", err)
	}
	return &Keyset{sealing: sealing, root: k.root}, nil
}

// Box makes the Box that seals and hashes with these keys.
func (k *Keyset) Box() (*Box, error) {
	sealer, err := aead.New(k.sealing)
	if err != nil {
		return nil, fmt.Errorf("open keyset: %w", err)
	}
	return &Box{sealer: sealer, root: k.root}, nil
}

// Format is "[redacted]" for every verb.
func (*Keyset) Format(s fmt.State, verb rune) { Redacted("").Format(s, verb) }
