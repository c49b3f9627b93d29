-- +goose Up
-- A code by phone may go to somebody who has no account yet: account_id is then
-- the registration's. SQLite takes no foreign key away, so the table is made anew.
CREATE TABLE phone_codes_new (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    account_id  UUID NOT NULL, -- the registration's where there is no account yet
    factor_id   UUID NOT NULL,
    flow        UUID NOT NULL,
    slot        BIGINT NOT NULL,
    number_key  BYTEA NOT NULL,
    block_key   BYTEA NOT NULL,
    network_key BYTEA NOT NULL,
    code_hash   BYTEA NOT NULL,
    sealed      BYTEA,
    tries       INTEGER NOT NULL DEFAULT 0,
    created_at  TIMESTAMPTZ NOT NULL,
    expires_at  TIMESTAMPTZ NOT NULL,
    used_at     TIMESTAMPTZ,
    channel     TEXT NOT NULL DEFAULT 'sms' CHECK (channel IN ('sms', 'voice')),
    PRIMARY KEY (tenant_id, id)
);
INSERT INTO phone_codes_new (tenant_id, id, account_id, factor_id, flow, slot, number_key, block_key, network_key, code_hash, sealed, tries, created_at, expires_at, used_at, channel)
    SELECT tenant_id, id, account_id, factor_id, flow, slot, number_key, block_key, network_key, code_hash, sealed, tries, created_at, expires_at, used_at, channel FROM phone_codes;
DROP TABLE phone_codes;
ALTER TABLE phone_codes_new RENAME TO phone_codes;
CREATE UNIQUE INDEX phone_codes_slot ON phone_codes (tenant_id, flow, number_key, channel, slot);
CREATE INDEX phone_codes_account ON phone_codes (tenant_id, account_id, created_at);
CREATE INDEX phone_codes_number ON phone_codes (tenant_id, number_key, created_at);
CREATE INDEX phone_codes_block ON phone_codes (tenant_id, block_key, created_at);
CREATE INDEX phone_codes_network ON phone_codes (tenant_id, network_key, created_at);
CREATE INDEX phone_codes_created ON phone_codes (tenant_id, created_at);

-- +goose Down
CREATE TABLE phone_codes_new (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    account_id  UUID NOT NULL, -- the registration's where there is no account yet
    factor_id   UUID NOT NULL,
    flow        UUID NOT NULL,
    slot        BIGINT NOT NULL,
    number_key  BYTEA NOT NULL,
    block_key   BYTEA NOT NULL,
    network_key BYTEA NOT NULL,
    code_hash   BYTEA NOT NULL,
    sealed      BYTEA,
    tries       INTEGER NOT NULL DEFAULT 0,
    created_at  TIMESTAMPTZ NOT NULL,
    expires_at  TIMESTAMPTZ NOT NULL,
    used_at     TIMESTAMPTZ,
    channel     TEXT NOT NULL DEFAULT 'sms' CHECK (channel IN ('sms', 'voice')),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
INSERT INTO phone_codes_new (tenant_id, id, account_id, factor_id, flow, slot, number_key, block_key, network_key, code_hash, sealed, tries, created_at, expires_at, used_at, channel)
    SELECT tenant_id, id, account_id, factor_id, flow, slot, number_key, block_key, network_key, code_hash, sealed, tries, created_at, expires_at, used_at, channel FROM phone_codes c WHERE EXISTS (SELECT 1 FROM accounts a WHERE a.tenant_id = c.tenant_id AND a.id = c.account_id);
DROP TABLE phone_codes;
ALTER TABLE phone_codes_new RENAME TO phone_codes;
CREATE UNIQUE INDEX phone_codes_slot ON phone_codes (tenant_id, flow, number_key, channel, slot);
CREATE INDEX phone_codes_account ON phone_codes (tenant_id, account_id, created_at);
CREATE INDEX phone_codes_number ON phone_codes (tenant_id, number_key, created_at);
CREATE INDEX phone_codes_block ON phone_codes (tenant_id, block_key, created_at);
CREATE INDEX phone_codes_network ON phone_codes (tenant_id, network_key, created_at);
CREATE INDEX phone_codes_created ON phone_codes (tenant_id, created_at);
