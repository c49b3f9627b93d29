package inbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tilgang/internal/document/parcel"
)

// Bucket is a Place in S3, or in what speaks its language.
type Bucket struct {
	client *s3.Client
	bucket string
	prefix string // empty, or with a slash at its end
}

// NewBucket watches the part of a bucket whose names begin with the prefix; an
// empty one is the whole bucket. A call is tried three times.
func NewBucket(cfg aws.Config, bucket, prefix string) *Bucket {
	client := s3.NewFromConfig(cfg, func(o *s3.Options) {
		o.UsePathStyle = cfg.BaseEndpoint != nil
		o.Retryer = retry.NewStandard()
		if cfg.BaseEndpoint != nil { // not every store that speaks S3 knows its newer checksums
			o.RequestChecksumCalculation, o.ResponseChecksumValidation = aws.RequestChecksumCalculationWhenRequired, aws.ResponseChecksumValidationWhenRequired
		}
	})
	if prefix != "" {
		prefix += "/"
	}
	return &Bucket{client: client, bucket: bucket, prefix: prefix}
}

// Ready implements Place.
func (b *Bucket) Ready(ctx context.Context) (ready []string, err error) {
	pages := s3.NewListObjectsV2Paginator(b.client, &s3.ListObjectsV2Input{Bucket: &b.bucket, Prefix: &b.prefix, Delimiter: aws.String("/")})
	for pages.HasMorePages() && len(ready) < most {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list the inbox: %w", err)
		}
		for _, one := range page.CommonPrefixes {
			name := strings.TrimSuffix(strings.TrimPrefix(aws.ToString(one.Prefix), b.prefix), "/")
			if !proper(name) || len(ready) == most {
				continue
			}
			whole, err := b.Complete(ctx, name)
			if err != nil {
				return nil, err
			}
			if whole {
				ready = append(ready, name)
			}
		}
	}
	return ready, nil
}

// Complete implements Place: the list is there.
func (b *Bucket) Complete(ctx context.Context, name string) (bool, error) {
	list := b.prefix + name + "/" + parcel.Manifest
	out, err := b.client.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &b.bucket, Prefix: &list, MaxKeys: aws.Int32(1)})
	if err != nil {
		return false, fmt.Errorf("look for a list: %w", err)
	}
	return len(out.Contents) == 1 && aws.ToString(out.Contents[0].Key) == list, nil
}

// Open implements Place.
func (b *Bucket) Open(ctx context.Context, name string) (parcel.Source, error) {
	return &source{b: b, ctx: ctx, at: b.prefix + name + "/"}, nil
}

// source reads a delivery where it lies.
type source struct {
	b   *Bucket
	ctx context.Context //nolint:containedctx // lives as long as one pass over the delivery
	at  string
}

// longest is the longest list, in bytes (ours): that of as many documents as an
// archive may have.
const longest = 64 << 20

// File implements parcel.Source. All is read at once, so that a slow store of
// ours holds no connection to theirs, and no deadline of a call cuts the list.
func (s *source) File(name string) (io.ReadCloser, error) {
	out, err := s.b.client.GetObject(s.ctx, &s3.GetObjectInput{Bucket: &s.b.bucket, Key: aws.String(s.at + name)})
	var none *types.NoSuchKey
	if errors.As(err, &none) {
		return nil, &parcel.Flaw{Code: "document.file.missing"}
	}
	if err != nil {
		return nil, fmt.Errorf("get: %w", err)
	}
	defer func() { _ = out.Body.Close() }()
	most := int64(parcel.MaxFile) + 1 // one more says that it is too large
	if name == parcel.Manifest {
		most = longest
	}
	body, err := io.ReadAll(io.LimitReader(out.Body, most))
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	if len(body) == longest {
		return nil, &parcel.Flaw{Code: "document.file.large"}
	}
	return io.NopCloser(bytes.NewReader(body)), nil
}

// Close implements parcel.Source.
func (*source) Close() error { return nil }

// hands are how many objects are moved at once.
const hands = 8

// Move implements Place: each object is copied and then deleted, the list when
// all others are.
func (b *Bucket) Move(ctx context.Context, name, to string, still func() error) error {
	from, into := b.prefix+name+"/", b.prefix+to+"/"
	pages := s3.NewListObjectsV2Paginator(b.client, &s3.ListObjectsV2Input{Bucket: &b.bucket, Prefix: &from})
	last := false
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err == nil {
			err = still()
		}
		if err != nil {
			return fmt.Errorf("list a delivery: %w", err)
		}
		var keys []string
		for _, o := range page.Contents {
			if key := strings.TrimPrefix(aws.ToString(o.Key), from); key == parcel.Manifest {
				last = true
			} else {
				keys = append(keys, key)
			}
		}
		if err := b.carry(ctx, from, into, keys); err != nil {
			return err
		}
	}
	if !last {
		return nil
	}
	return b.carryOne(ctx, from+parcel.Manifest, into+parcel.Manifest)
}

func (b *Bucket) carry(ctx context.Context, from, into string, keys []string) error {
	work, errs := make(chan string), make([]error, hands)
	var wait sync.WaitGroup
	for hand := range hands {
		wait.Go(func() {
			for key := range work {
				if errs[hand] == nil {
					errs[hand] = b.carryOne(ctx, from+key, into+key)
				}
			}
		})
	}
	for _, key := range keys {
		work <- key
	}
	close(work)
	wait.Wait()
	return errors.Join(errs...)
}

func (b *Bucket) carryOne(ctx context.Context, from, to string) error {
	where := b.bucket + "/" + strings.ReplaceAll((&url.URL{Path: from}).EscapedPath(), "+", "%2B")
	_, err := b.client.CopyObject(ctx, &s3.CopyObjectInput{Bucket: &b.bucket, CopySource: &where, Key: &to})
	var none *types.NoSuchKey
	if errors.As(err, &none) {
		return nil // moved before
	}
	if err != nil {
		return fmt.Errorf("copy to %s: %w", path.Dir(to), err)
	}
	if _, err := b.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &b.bucket, Key: &from}); err != nil {
		return fmt.Errorf("delete what was copied: %w", err)
	}
	return nil
}

// Tell implements Place.
func (b *Bucket) Tell(ctx context.Context, name string, body []byte) error {
	_, err := b.client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &b.bucket, Key: aws.String(b.prefix + name), Body: bytes.NewReader(body), ContentLength: aws.Int64(int64(len(body))), ContentType: aws.String("text/plain; charset=utf-8"),
	})
	if err != nil {
		return fmt.Errorf("write a report: %w", err)
	}
	return nil
}
