-- +goose Up
-- Browsers that their owner does not want to be asked for the second factor on.
-- A row counts only while the account's factors, its session epoch and the
-- installation's are those that it was made under; nothing has to end it.
CREATE TABLE trusted_devices (
    tenant_id         UUID NOT NULL,
    id                UUID NOT NULL,
    account_id        UUID NOT NULL,
    cookie_hash       BYTEA NOT NULL, -- of the device cookie
    user_agent        TEXT NOT NULL DEFAULT '',
    factor_generation BIGINT NOT NULL,
    session_epoch     BIGINT NOT NULL,
    security_epoch    BIGINT NOT NULL,
    created_at        TIMESTAMPTZ NOT NULL,
    expires_at        TIMESTAMPTZ NOT NULL,
    used_at           TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
CREATE INDEX trusted_devices_account ON trusted_devices (tenant_id, account_id, cookie_hash);

-- Whether the device is to be trusted once the attempt has come to its end.
ALTER TABLE attempts ADD COLUMN trusts BOOLEAN NOT NULL DEFAULT FALSE;

-- +goose Down
ALTER TABLE attempts DROP COLUMN trusts;
DROP TABLE trusted_devices;
