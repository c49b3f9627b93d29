package mfa_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/db"
	"tilgang/internal/factor"
	"tilgang/internal/httpkit/sitetest"
	"tilgang/internal/message"
	"tilgang/internal/phone"
	"tilgang/internal/tenant"
)

// The policies of phones.
const (
	byPhone  = "mfa: {methods: {phone: primary, totp: backup}, offer: mandatory}\n"
	backedUp = "mfa: {methods: {totp: primary, phone: backup}, offer: later, postponements: 3}\n"
)

// text stands for the outbox: it keeps texts as they are written.
func (w *world) text(ctx context.Context, t factor.Text) error {
	if !db.InTx(ctx) {
		return errors.New("a text outside the transaction of its fact")
	}
	w.texts = append(w.texts, t)
	return nil
}

// texted is the code in the newest text message.
func (w *world) texted() (code string) {
	w.Helper()
	if len(w.texts) == 0 {
		w.Fatal("no text message")
	}
	last := w.texts[len(w.texts)-1]
	w.do(func(ctx context.Context) error {
		words := sitetest.Texts(w).Localizer("en", time.UTC, w.clock.Now)
		for _, k := range w.phones.MessageKinds() {
			if k.Name == last.Kind {
				if k.Speak != nil {
					said, err := k.Speak(ctx, message.Message{RefID: last.RefID}, words, tenant.MustFrom(ctx))
					code = said.Digits
					return err
				}
				text, err := k.Text(ctx, message.Message{RefID: last.RefID, Args: map[string]string{factor.ArgHost: last.Host}}, words, tenant.MustFrom(ctx))
				code = text[strings.LastIndex(text, "#")+1:]
				return err
			}
		}
		return fmt.Errorf("no kind %s", last.Kind)
	})
	return code
}

// preset puts a phone on file.
func (w *world) preset(a account.Account) {
	w.Helper()
	if err := w.phones.PresetPhone(w.ctx, a.ID, phone.Number{E164: "+4520128215", Country: "DK"}); err != nil {
		w.Fatal(err)
	}
}

// phoned is somebody with a phone on file and saved codes.
func (w *world) phoned() (a account.Account, codes []string) {
	w.Helper()
	a = w.hire("Butiksassistent")
	w.preset(a)
	codes, err := w.factors.MakeCodes(w.ctx, a.ID)
	if err != nil {
		w.Fatal(err)
	}
	return a, codes
}

// lost is a browser of somebody who has just given two recovery codes under
// Security.
func (w *world) lost(a account.Account) *browser {
	w.Helper()
	b := w.comesFor(a, attempt.StepUp)
	for _, method := range []string{attempt.Recovery, attempt.Recovery2} {
		if err := w.attempts.Prove(w.ctx, b.id, method); err != nil {
			w.Fatal(err)
		}
	}
	return b
}
