-- +goose Up
-- People without an e-mail address sign in with their employee number. phone is
-- where text messages about the account go: proven by its invitation.
ALTER TABLE identifiers DROP CONSTRAINT identifiers_kind_check;
ALTER TABLE identifiers ADD CONSTRAINT identifiers_kind_check CHECK (kind IN ('work', 'private', 'number'));
ALTER TABLE identifiers ADD COLUMN phone TEXT NOT NULL DEFAULT '';

-- An invitation may go to a phone, or on paper; then name is what the person
-- will sign in with.
ALTER TABLE invitations DROP CONSTRAINT invitations_address_kind_check;
ALTER TABLE invitations ADD CONSTRAINT invitations_address_kind_check CHECK (address_kind IN ('', 'work', 'private', 'phone'));
ALTER TABLE invitations ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE invitations ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
ALTER TABLE invitations ADD COLUMN letter_at TIMESTAMPTZ; -- the code is on paper; null: it was sent, or is none
ALTER TABLE invitations ADD COLUMN letters INTEGER NOT NULL DEFAULT 0; -- how many were made
CREATE INDEX invitations_name ON invitations (tenant_id, name_key) WHERE state = 'pending' AND name_key <> '';

-- +goose Down
DROP INDEX invitations_name;
ALTER TABLE invitations DROP COLUMN letters;
ALTER TABLE invitations DROP COLUMN letter_at;
ALTER TABLE invitations DROP COLUMN name_key;
ALTER TABLE invitations DROP COLUMN name;
ALTER TABLE invitations DROP CONSTRAINT invitations_address_kind_check;
ALTER TABLE invitations NO FORCE ROW LEVEL SECURITY;
DELETE FROM invitations WHERE address_kind = 'phone';
ALTER TABLE invitations FORCE ROW LEVEL SECURITY;
ALTER TABLE invitations ADD CONSTRAINT invitations_address_kind_check CHECK (address_kind IN ('', 'work', 'private'));
ALTER TABLE identifiers DROP COLUMN phone;
ALTER TABLE identifiers NO FORCE ROW LEVEL SECURITY;
DELETE FROM identifiers WHERE kind = 'number';
ALTER TABLE identifiers FORCE ROW LEVEL SECURITY;
ALTER TABLE identifiers DROP CONSTRAINT identifiers_kind_check;
ALTER TABLE identifiers ADD CONSTRAINT identifiers_kind_check CHECK (kind IN ('work', 'private'));
