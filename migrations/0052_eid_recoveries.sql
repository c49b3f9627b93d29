-- +goose Up
-- A lost second factor that the owner's linked electronic identity brings back:
-- for the attempt in which it was proven, and as long as that lasts.
CREATE TABLE eid_recoveries (
    tenant_id      UUID NOT NULL,
    id             UUID NOT NULL,
    account_id     UUID NOT NULL,
    attempt_id     UUID NOT NULL,
    link_id        UUID NOT NULL, -- linked_identities
    security_epoch BIGINT NOT NULL, -- the installation's: after a restore none opens
    created_at     TIMESTAMPTZ NOT NULL,
    closes_at      TIMESTAMPTZ NOT NULL,
    ended_at       TIMESTAMPTZ,
    ending         TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
CREATE UNIQUE INDEX eid_recoveries_running ON eid_recoveries (tenant_id, account_id) WHERE ended_at IS NULL;
CREATE INDEX eid_recoveries_created ON eid_recoveries (tenant_id, created_at);

-- +goose Down
DROP TABLE eid_recoveries;
