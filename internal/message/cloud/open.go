package cloud

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
)

// Timeout bounds one call, below the time that a delivery has for one message.
const Timeout = 30 * time.Second

// Options are what the installation decides.
type Options struct {
	Endpoint    string                  // instead of AWS's own, for tests and private endpoints; may be empty
	Region      string                  // instead of the variables' and the files'; may be empty
	Credentials aws.CredentialsProvider // instead of the usual chain; tests
	Timeout     time.Duration           // for one call; 0 means Timeout
}

// Open reads the usual AWS settings. It makes no call, except to the machine's
// own metadata service where credentials come from there. It fails without a
// region.
func Open(ctx context.Context, o Options) (aws.Config, error) {
	if o.Timeout == 0 {
		o.Timeout = Timeout
	}
	with := []func(*config.LoadOptions) error{
		config.WithRetryer(func() aws.Retryer { return aws.NopRetryer{} }),
		config.WithHTTPClient(awshttp.NewBuildableClient().WithTimeout(o.Timeout)), // the SDK's own: any other fails beside AWS_CA_BUNDLE
	}
	if o.Region != "" {
		with = append(with, config.WithRegion(o.Region))
	}
	if o.Credentials != nil {
		with = append(with, config.WithCredentialsProvider(o.Credentials))
	}
	if o.Endpoint != "" {
		with = append(with, config.WithBaseEndpoint(o.Endpoint))
	}
	cfg, err := config.LoadDefaultConfig(ctx, with...)
	if err != nil {
		return aws.Config{}, fmt.Errorf("read AWS settings: %w", err)
	}
	if cfg.Region == "" {
		return aws.Config{}, errors.New("no AWS region: set AWS_REGION")
	}
	return cfg, nil
}

// Ready tells whether there are credentials to sign with; it asks no service of
// AWS whether they are still good.
func Ready(ctx context.Context, cfg aws.Config) error {
	if _, err := cfg.Credentials.Retrieve(ctx); err != nil {
		return errors.New("no AWS credentials are to be found")
	}
	return nil
}
