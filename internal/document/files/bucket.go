package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// Bucket is a Store in S3, or in what speaks its language.
type Bucket struct {
	client *s3.Client
	bucket string
	prefix string
}

// NewBucket uses a bucket; prefix stands before every name and may be empty. A
// call is tried three times: writing and deleting the same again changes
// nothing.
func NewBucket(cfg aws.Config, bucket, prefix string) *Bucket {
	client := s3.NewFromConfig(cfg, func(o *s3.Options) {
		o.UsePathStyle = cfg.BaseEndpoint != nil
		o.Retryer = retry.NewStandard()
		if cfg.BaseEndpoint != nil { // not every store that speaks S3 knows its newer checksums
			o.RequestChecksumCalculation, o.ResponseChecksumValidation = aws.RequestChecksumCalculationWhenRequired, aws.ResponseChecksumValidationWhenRequired
		}
	})
	return &Bucket{client: client, bucket: bucket, prefix: prefix}
}

// largest is the largest object that is ours, in bytes: a document of the
// largest size, sealed.
const largest = 16 << 20

func (b *Bucket) key(name string) *string { return aws.String(path.Join(b.prefix, name)) }

// Put implements Store.
func (b *Bucket) Put(ctx context.Context, name string, body []byte) error {
	_, err := b.client.PutObject(ctx, &s3.PutObjectInput{Bucket: &b.bucket, Key: b.key(name), Body: bytes.NewReader(body), ContentLength: aws.Int64(int64(len(body)))})
	if err != nil {
		return fmt.Errorf("put: %w", err)
	}
	return nil
}

// Get implements Store. The object is read at once: a slow reader holds no
// connection to the store, and no deadline of a call cuts the file.
func (b *Bucket) Get(ctx context.Context, name string) (io.ReadCloser, error) {
	out, err := b.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &b.bucket, Key: b.key(name)})
	var none *types.NoSuchKey
	if errors.As(err, &none) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("get: %w", err)
	}
	defer func() { _ = out.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(out.Body, largest+1))
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	if len(body) > largest {
		return nil, ErrDamaged
	}
	return io.NopCloser(bytes.NewReader(body)), nil
}

// Delete implements Store.
func (b *Bucket) Delete(ctx context.Context, name string) error {
	if _, err := b.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &b.bucket, Key: b.key(name)}); err != nil {
		return fmt.Errorf("delete: %w", err)
	}
	return nil
}
