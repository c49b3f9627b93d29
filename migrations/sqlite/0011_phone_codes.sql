-- +goose Up
-- When a code was last sent or tried: sends and tries at one phone wait for
-- each other at this row.
ALTER TABLE authenticators ADD COLUMN touched_at TIMESTAMPTZ;

-- Codes sent to phones, of two days: what may still be typed, and what the
-- bounds of sending count. Numbers and networks are keyed hashes.
CREATE TABLE phone_codes (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    account_id  UUID NOT NULL,
    factor_id   UUID NOT NULL, -- the phone, confirmed or not; it may be gone by now
    flow        UUID NOT NULL, -- the attempt or session that asked
    slot        BIGINT NOT NULL, -- of 30 s: a double click sends once
    number_key  BYTEA NOT NULL,
    block_key   BYTEA NOT NULL, -- empty for a number that has been proven
    network_key BYTEA NOT NULL,
    code_hash   BYTEA NOT NULL,
    sealed      BYTEA, -- the code, until it is used
    tries       INTEGER NOT NULL DEFAULT 0, -- wrong ones
    created_at  TIMESTAMPTZ NOT NULL,
    expires_at  TIMESTAMPTZ NOT NULL,
    used_at     TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
CREATE UNIQUE INDEX phone_codes_slot ON phone_codes (tenant_id, flow, number_key, slot);
CREATE INDEX phone_codes_account ON phone_codes (tenant_id, account_id, created_at);
CREATE INDEX phone_codes_number ON phone_codes (tenant_id, number_key, created_at);
CREATE INDEX phone_codes_block ON phone_codes (tenant_id, block_key, created_at);
CREATE INDEX phone_codes_network ON phone_codes (tenant_id, network_key, created_at);
CREATE INDEX phone_codes_created ON phone_codes (tenant_id, created_at);

-- +goose Down
DROP TABLE phone_codes;
ALTER TABLE authenticators DROP COLUMN touched_at;
