package config

import "regexp"

func (r *reader) voice(value string) {
	r.cfg.Voice = Voice(value)
	if r.cfg.Voice != PracticeVoice && r.cfg.Voice != AWSVoice {
		r.problem("TILGANG_VOICE=%q is unknown: write aws for AWS End User Messaging, practice for the mailbox inside the demo, or remove it where nobody is called.", value)
	}
}

// origin is what AWS takes as an origination identity: a number in E.164, the id
// of a number or a pool, or an ARN of either.
var origin = regexp.MustCompile(`^(\+[1-9][0-9]{5,14}|(phone|pool)-[A-Za-z0-9]{1,64}|arn:aws[a-z-]*:sms-voice:[a-z0-9-]+:[0-9]{12}:(phone-number|pool)/[A-Za-z0-9_-]{1,64})$`)

func (r *reader) voiceOrigin(value string) {
	if !origin.MatchString(value) {
		r.problem("TILGANG_VOICE_ORIGIN=%q is nothing that AWS calls from: write a number as +4722000100, the id of a number (phone-…) or a pool (pool-…), or its ARN.", value)
	}
	r.cfg.AWS.VoiceOrigin = value
}

func (r *reader) voiceMaxPrice(value string) {
	if !price.MatchString(value) {
		r.problem("TILGANG_VOICE_MAX_PRICE=%q is no price: write US dollars for one minute of a call, such as 0.50.", value)
	}
	r.cfg.AWS.VoiceMaxPrice = value
}

func (r *reader) checkVoice() {
	c := &r.cfg
	sends := c.Mode == Serve || c.Mode == Worker
	switch {
	case sends && c.Voice == PracticeVoice:
		r.problem("TILGANG_VOICE=practice shows every call to every visitor, so %s refuses it: set TILGANG_VOICE=aws, or remove it where nobody is called.", c.Mode)
	case c.Voice == AWSVoice && c.AWS.VoiceOrigin == "":
		r.problem("TILGANG_VOICE=aws needs a number to call from: set TILGANG_VOICE_ORIGIN to a number, a pool or an ARN of your AWS account.")
	case c.Voice != AWSVoice && (c.AWS.VoiceEndpoint != "" || c.AWS.VoiceOrigin != "" || c.AWS.VoiceMaxPrice != ""):
		r.problem("TILGANG_VOICE_ENDPOINT, TILGANG_VOICE_ORIGIN or TILGANG_VOICE_MAX_PRICE is set but TILGANG_VOICE is not aws: set TILGANG_VOICE=aws or remove them.")
	}
}
