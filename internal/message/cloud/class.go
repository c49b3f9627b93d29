package cloud

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"tilgang/internal/message/email"
)

// The stages at which a call ends.
const (
	stageWait    = "wait"    // it was never made
	stageConnect = "connect" // it never left
	stageAccept  = "accept"  // AWS answered, or ought to have
)

// ours are codes that are about this installation or the moment, and not about
// the message: wrong or missing rights, a paused or suspended account, a sender
// or configuration set that nobody has set up, too much at a time.
const ours = "AccessDenied AccessDeniedException AuthFailure AuthorizationError AuthorizationErrorException ExpiredToken ExpiredTokenException " +
	"IncompleteSignature IncompleteSignatureException InvalidClientTokenId InvalidSecurity InvalidSignatureException MissingAuthenticationToken MissingAuthenticationTokenException " +
	"NotAuthorized OptInRequired RequestExpired SignatureDoesNotMatch UnrecognizedClientException InvalidAccessKeyId " +
	"AccountSuspendedException SendingPausedException MailFromDomainNotVerifiedException NotFoundException ConfigurationSetDoesNotExistException " +
	"LimitExceededException LimitExceeded RequestLimitExceeded RequestThrottled RequestThrottledException SlowDown Throttled ThrottledException Throttling ThrottlingException TooManyRequestsException " +
	"ServiceUnavailable ServiceUnavailableException ServiceQuotaExceededException ResourceNotFoundException"

// Refusal turns the error of a call into a Sender's: Retry where the message
// certainly stayed here, Permanent where it will never be taken, Unknown where
// nobody can say. The error names codes only: AWS's sentences quote addresses.
func Refusal(ctx context.Context, err error) *email.Error {
	var answer smithy.APIError
	if errors.As(err, &answer) {
		return answered(answer.ErrorCode(), status(err))
	}
	if code := status(err); code >= 400 {
		return answered("", code) // an answer that is no answer of AWS, such as a proxy's
	}
	var sent *smithyhttp.RequestSendError
	switch {
	case neverLeft(err):
		return email.Refuse(email.Retry, stageConnect, errors.New("AWS cannot be reached"))
	case ctx.Err() != nil:
		return email.Refuse(email.Unknown, stageAccept, context.Cause(ctx))
	case errors.As(err, &sent):
		return email.Refuse(email.Unknown, stageAccept, errors.New("the connection to AWS broke, or no answer came in time"))
	case status(err) != 0:
		return email.Refuse(email.Unknown, stageAccept, errors.New("AWS's answer cannot be read"))
	}
	return email.Refuse(email.Retry, stageWait, errors.New("the call could not be made: check region and credentials"))
}

// Before refuses a call whose context has ended already.
func Before(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	return email.Refuse(email.Retry, stageWait, context.Cause(ctx))
}

func answered(code string, status int) *email.Error {
	outcome := email.Permanent
	switch {
	case slices.Contains(strings.Fields(ours), code), status == 401, status == 403, status == 404, status == 408, status == 429, status == 503:
		outcome = email.Retry
	case status >= 500 || status < 400:
		outcome = email.Unknown
	}
	e := email.Refuse(outcome, stageAccept, errors.New(strings.TrimSpace(plain(code)+" "+strconv.Itoa(status))))
	e.Code = status
	return e
}

// status is the answer's HTTP status, 0 without an answer.
func status(err error) int {
	var answer *smithyhttp.ResponseError
	if !errors.As(err, &answer) || answer.Response == nil || answer.Response.Response == nil {
		return 0
	}
	return answer.HTTPStatusCode()
}

// neverLeft tells whether a call ended before anything of it was sent.
func neverLeft(err error) bool {
	var wire *net.OpError
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	var greeting tls.RecordHeaderError
	return errors.As(err, &wire) && wire.Op == "dial" || errors.As(err, &name) || errors.As(err, &certificate) || errors.As(err, &greeting)
}

// plain keeps a code to the letters of a code.
func plain(code string) string {
	kept := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '_' || r == '-' {
			return r
		}
		return -1
	}, code)
	return kept[:min(len(kept), 60)]
}
