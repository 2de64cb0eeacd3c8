// Package bucket speaks to an S3-compatible object store, as package store wants it.
package bucket

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"net"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"cigogne/internal/store"
)

// Place is where a bucket is, and what opens it.
type Place struct {
	URL       string // s3://bucket/prefix
	Endpoint  string // https://host:port of the store; "": Amazon's
	Region    string // "": us-east-1, which most other stores take
	Virtual   bool   // the bucket's name is part of the host's, as with Amazon; else of the path
	AccessKey string // "" with SecretKey: asked of the machine, as Amazon's own have it
	SecretKey string
}

// amazon is the store of whoever names none.
const amazon = "https://s3.amazonaws.com"

// Bucket is a folder of a bucket. It is safe for concurrent use.
type Bucket struct {
	client *minio.Core
	name   string
	prefix string // "" or ending in a slash
}

// Split reads s3://bucket/prefix.
func Split(address string) (name, prefix string, err error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "s3" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", "", errors.New("not an address as s3://bucket/prefix")
	}
	if prefix = strings.Trim(u.Path, "/"); prefix != "" {
		prefix += "/"
	}
	return u.Host, prefix, nil
}

// Open makes a client; nothing is asked of the store yet.
func Open(p Place) (*Bucket, error) {
	b := &Bucket{}
	var err error
	if b.name, b.prefix, err = Split(p.URL); err != nil {
		return nil, err
	}
	if p.Endpoint == "" {
		p.Endpoint, p.Virtual = amazon, true
	}
	u, err := url.Parse(p.Endpoint)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("not an http address of an object store")
	}
	transport, err := minio.DefaultTransport(u.Scheme == "https")
	if err != nil {
		return nil, fmt.Errorf("object store: %w", err)
	}
	// A store that is away is told so soon: answers wait for nothing of it.
	transport.DialContext = (&net.Dialer{Timeout: connectTime, KeepAlive: 30 * time.Second}).DialContext
	transport.ResponseHeaderTimeout = replyTime
	o := &minio.Options{Secure: u.Scheme == "https", Region: p.Region, Transport: transport, MaxRetries: attempts, BucketLookup: minio.BucketLookupPath, Creds: credentials.NewIAM("")}
	if p.Virtual {
		o.BucketLookup = minio.BucketLookupDNS
	}
	if o.Region == "" {
		o.Region = "us-east-1"
	}
	if p.AccessKey != "" || p.SecretKey != "" {
		o.Creds = credentials.NewStaticV4(p.AccessKey, p.SecretKey, "")
	}
	if b.client, err = minio.NewCore(u.Host, o); err != nil {
		return nil, fmt.Errorf("object store: %w", err)
	}
	return b, nil
}

const (
	connectTime = 5 * time.Second
	replyTime   = 30 * time.Second
	attempts    = 3
)

// Address implements store.Bucket.
func (b *Bucket) Address() string { return "s3://" + path.Join(b.name, b.prefix) }

// Get implements store.Bucket.
func (b *Bucket) Get(ctx context.Context, key, unless string) (io.ReadCloser, string, error) {
	var o minio.GetObjectOptions
	if unless != "" {
		if err := o.SetMatchETagExcept(unless); err != nil {
			return nil, "", err
		}
	}
	body, info, _, err := b.client.GetObject(ctx, b.name, b.prefix+key, o)
	if err != nil {
		return nil, "", fault(err)
	}
	return body, info.ETag, nil
}

// Put implements store.Bucket. What is large goes in parts, each sent again where
// it fails.
func (b *Bucket) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, when store.When) (string, error) {
	var o minio.PutObjectOptions
	switch {
	case when.New:
		o.SetMatchETagExcept("*")
	case when.Tag != "":
		o.SetMatchETag(when.Tag)
	}
	o.DisableContentSha256 = size == 0 // signed by parts, it would be sent without its length, which not every store takes
	info, err := b.client.Client.PutObject(ctx, b.name, b.prefix+key, body, size, o)
	if err != nil {
		return "", fault(err)
	}
	return info.ETag, nil
}

// Has implements store.Bucket.
func (b *Bucket) Has(ctx context.Context, key string) (bool, error) {
	_, err := b.client.StatObject(ctx, b.name, b.prefix+key, minio.StatObjectOptions{})
	if err = fault(err); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// List implements store.Bucket.
func (b *Bucket) List(ctx context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		for o := range b.client.Client.ListObjects(ctx, b.name, minio.ListObjectsOptions{Prefix: b.prefix + prefix, Recursive: true}) {
			if o.Err != nil {
				yield("", fault(o.Err))
				return
			}
			if !yield(strings.TrimPrefix(o.Key, b.prefix), nil) {
				return
			}
		}
	}
}

// Remove implements store.Bucket.
func (b *Bucket) Remove(ctx context.Context, key string) error {
	return fault(b.client.RemoveObject(ctx, b.name, b.prefix+key, minio.RemoveObjectOptions{}))
}

// fault gives what the store says its meaning.
func fault(err error) error {
	if err == nil {
		return nil
	}
	said := minio.ToErrorResponse(err)
	switch {
	case said.StatusCode == http.StatusNotModified:
		return store.ErrSame
	case said.Code == "NoSuchBucket": // not a key that is missing: nothing can be written there
		return fmt.Errorf("there is no bucket %q", said.BucketName)
	case said.Code == "NoSuchKey", said.StatusCode == http.StatusNotFound:
		return fs.ErrNotExist
	case said.StatusCode == http.StatusPreconditionFailed, said.Code == "ConditionalRequestConflict":
		return store.ErrOvertaken
	}
	return err
}
