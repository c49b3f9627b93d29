package mfa

import (
	"time"

	"tilgang/internal/attempt"
	"tilgang/internal/factor"
	"tilgang/internal/httpkit"
	"tilgang/internal/tenant"
)

// Pictures are the pages that a guide shows.
func (p *Pages) Pictures() []httpkit.Picture {
	return []httpkit.Picture{
		{Name: "challenge", Path: "/mfa", Mark: "/mfa/recovery", Draw: challengePicture},
		{Name: "challenge-pass", Path: "/mfa", Mark: toPass, Draw: passPicture},
		{Name: "challenge-code", Path: "/mfa", Mark: "code", Draw: challengePicture},
		{Name: "recovery-code", Path: "/mfa/recovery", Mark: "code", Draw: func(c *httpkit.Ctx) httpkit.View { return recoverPage(c, example()) }},
		{Name: "setup", Path: "/mfa/setup", Draw: setupPicture},
	}
}

// example is somebody who is asked for the extra step.
func example() State {
	return State{Attempt: attempt.Attempt{Address: httpkit.ExampleAddress, Purpose: attempt.Signin}, Step: factor.Step{Kind: factor.StepChallenge}}
}

// challengePicture asks for what the employer's people set up first.
func challengePicture(c *httpkit.Ctx) httpkit.View {
	st := example()
	v := &ChallengePage{Base: frame(c, st)}
	v.Title = v.T("mfa.challenge.title")
	if c.Tenant().Mfa.Use(factor.TOTP) == tenant.Primary || c.Tenant().Mfa.Use(factor.Phone) == tenant.Off {
		v.app()
	} else {
		v.phone(c, st, factor.PhoneOnFile{Masked: httpkit.ExamplePhone}, factor.Sent{At: c.Now(), Until: c.Now().Add(10 * time.Minute), Live: true, By: factor.SMS})
		v.Again, v.Late = nil, nil
	}
	v.last(c, st)
	return v
}

func passPicture(c *httpkit.Ctx) httpkit.View {
	if c.Tenant().Mfa.AccessPass.Life == 0 {
		return nil
	}
	return challengePicture(c)
}

// setupPicture is the choice of ways as it is for who must have one.
func setupPicture(c *httpkit.Ctx) httpkit.View {
	st, policy := example(), c.Tenant().Mfa
	primaries := policy.Primaries()
	st.Step.Kind, st.Duty = factor.StepSetup, tenant.MfaDuty{Methods: primaries, Mandatory: len(primaries) > 0}
	st.Ways, st.Attempt.AMR = factor.Ways(st.Duty, policy), []string{attempt.Password}
	if len(st.Ways) == 0 {
		return nil
	}
	return setupPage(c, st)
}
