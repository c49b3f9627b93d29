-- +goose Up
-- The phone that text messages about an account go to may be another than the
-- invitation's: its owner proves it on the security page.
ALTER TABLE identifiers ADD COLUMN phone_at TIMESTAMPTZ; -- when that was; null: the invitation proved it
ALTER TABLE identifiers ADD COLUMN phone_file TEXT; -- the staff file's number then; null: the invitation proved it

-- A new phone on its way to being proven by a code that was sent to it.
CREATE TABLE phone_proofs (
    tenant_id  UUID NOT NULL,
    id         UUID NOT NULL,
    account_id UUID NOT NULL,
    session_id UUID NOT NULL, -- the code works in the session that asked
    sealed     BYTEA, -- the number, until it is proven
    touched_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    used_at    TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
CREATE INDEX phone_proofs_account ON phone_proofs (tenant_id, account_id, created_at);

-- +goose Down
DROP TABLE phone_proofs;
ALTER TABLE identifiers DROP COLUMN phone_file;
ALTER TABLE identifiers DROP COLUMN phone_at;
