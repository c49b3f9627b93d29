-- +goose Up
-- Since when all is deleted about a person that no law keeps; null again once the
-- person is hired anew.
ALTER TABLE persons ADD COLUMN erased_at TIMESTAMPTZ;
CREATE INDEX persons_erased ON persons (tenant_id, erased_at) WHERE erased_at IS NOT NULL;

-- +goose Down
DROP INDEX persons_erased;
ALTER TABLE persons DROP COLUMN erased_at;
