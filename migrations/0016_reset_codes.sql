-- +goose Up
-- How many codes were typed in a flow, right or wrong: each costs a try before
-- it is compared.
ALTER TABLE attempts ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;

-- A wish may be answered by a code that is typed in the flow that asked, in
-- place of a link.
ALTER TABLE resets ADD COLUMN attempt_id UUID; -- null: a link, which works in any browser
ALTER TABLE resets ADD COLUMN code_hash BYTEA;
ALTER TABLE resets ADD COLUMN code_tries INTEGER NOT NULL DEFAULT 0; -- codes typed, but for the right one
ALTER TABLE resets ADD COLUMN code_used_at TIMESTAMPTZ;
CREATE INDEX resets_attempt ON resets (tenant_id, attempt_id) WHERE attempt_id IS NOT NULL;
CREATE INDEX resets_account ON resets (tenant_id, account_id, created_at);

-- +goose Down
DROP INDEX resets_account;
DROP INDEX resets_attempt;
ALTER TABLE resets DROP COLUMN code_used_at;
ALTER TABLE resets DROP COLUMN code_tries;
ALTER TABLE resets DROP COLUMN code_hash;
ALTER TABLE resets DROP COLUMN attempt_id;
ALTER TABLE attempts DROP COLUMN tries;
