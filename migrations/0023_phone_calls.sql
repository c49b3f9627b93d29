-- +goose Up
-- How a code went to its phone. A phone is told by the channel that proved it
-- last, so that whoever was called is not sent a text unasked.
ALTER TABLE phone_codes ADD COLUMN channel TEXT NOT NULL DEFAULT 'sms' CHECK (channel IN ('sms', 'voice'));
ALTER TABLE authenticators ADD COLUMN channel TEXT NOT NULL DEFAULT '' CHECK (channel IN ('', 'sms', 'voice'));

-- A double click sends once by each channel: a call need not wait for a text
-- that never comes.
DROP INDEX phone_codes_slot;
CREATE UNIQUE INDEX phone_codes_slot ON phone_codes (tenant_id, flow, number_key, channel, slot);

-- +goose Down
DROP INDEX phone_codes_slot;
CREATE UNIQUE INDEX phone_codes_slot ON phone_codes (tenant_id, flow, number_key, slot);
ALTER TABLE authenticators DROP COLUMN channel;
ALTER TABLE phone_codes DROP COLUMN channel;
