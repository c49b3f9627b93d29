package httpkit

import (
	"encoding/base64"
	"encoding/json"
	"time"
)

// flash is a word for the next page: a catalogue key, never a text.
type flash struct {
	Kind string         `json:"k"`
	Key  string         `json:"t"`
	N    *int           `json:"n,omitempty"`
	Args map[string]any `json:"a,omitempty"`
}

const flashLife = 2 * time.Minute

// Flash shows a notice on the next page: kind ok, info, warn or bad.
func (c *Ctx) Flash(kind, key string, kv ...any) {
	c.putFlash(flash{Kind: kind, Key: key, Args: pairs(kv)})
}

// FlashN is Flash in the plural form that n asks for.
func (c *Ctx) FlashN(kind, key string, n int, kv ...any) {
	c.putFlash(flash{Kind: kind, Key: key, N: &n, Args: pairs(kv)})
}

func (c *Ctx) putFlash(f flash) {
	body, err := json.Marshal(f)
	if err != nil {
		return
	}
	mac := c.kit.Box.Sign("flash", string(body))
	c.SetCookie("flash", base64.RawURLEncoding.EncodeToString(append(mac, body...)), flashLife)
}

func (c *Ctx) takeFlash() []Notice {
	raw := c.Cookie("flash")
	if raw == "" {
		return nil
	}
	c.DropCookie("flash")
	const macLen = 32
	body, err := base64.RawURLEncoding.DecodeString(raw)
	if err != nil || len(body) < macLen || !c.kit.Box.Verify("flash", string(body[macLen:]), body[:macLen]) {
		return nil
	}
	var f flash
	if json.Unmarshal(body[macLen:], &f) != nil {
		return nil
	}
	if f.N != nil {
		return []Notice{{Kind: f.Kind, Text: c.N(f.Key, *f.N, flat(f.Args)...)}}
	}
	return []Notice{{Kind: f.Kind, Text: c.Words().TMap(f.Key, f.Args)}}
}

func pairs(kv []any) map[string]any {
	if len(kv) == 0 {
		return nil
	}
	m := map[string]any{}
	for i := 0; i+1 < len(kv); i += 2 {
		if name, ok := kv[i].(string); ok {
			m[name] = kv[i+1]
		}
	}
	return m
}

func flat(m map[string]any) (kv []any) {
	for name, v := range m {
		kv = append(kv, name, v)
	}
	return kv
}
