-- +goose Up
-- How a wish for a new password reaches the person: by mail, by text message, or
-- on a letter that HR prints.
ALTER TABLE resets ADD COLUMN channel TEXT NOT NULL DEFAULT 'email' CHECK (channel IN ('email', 'sms', 'letter'));
CREATE INDEX resets_letter ON resets (tenant_id, address_key) WHERE channel = 'letter';

-- What a day's bound on text messages counts.
CREATE INDEX messages_texts ON messages (tenant_id, created_at) WHERE channel = 'sms';

-- +goose Down
DROP INDEX messages_texts;
DROP INDEX resets_letter;
ALTER TABLE resets DROP COLUMN channel;
