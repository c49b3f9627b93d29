-- +goose Up
-- Employee numbers are compared without regard to the case of a to z; a stored
-- key lets an index serve under row-level security. added_by is the line manager
-- who took somebody in, empty where HR did.
ALTER TABLE employments ADD COLUMN number_key TEXT NOT NULL DEFAULT '';
ALTER TABLE employments ADD COLUMN manager_key TEXT NOT NULL DEFAULT '';
ALTER TABLE employments ADD COLUMN added_by TEXT;
UPDATE employments SET number_key = upper(employee_number), manager_key = upper(manager_number);
CREATE INDEX employments_number_key ON employments (tenant_id, number_key);

-- +goose Down
DROP INDEX employments_number_key;
ALTER TABLE employments DROP COLUMN added_by;
ALTER TABLE employments DROP COLUMN manager_key;
ALTER TABLE employments DROP COLUMN number_key;
