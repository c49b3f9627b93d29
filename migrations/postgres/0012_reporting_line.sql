-- +goose Up
-- Employee numbers are compared without regard to the case of a to z; a stored
-- key lets an index serve under row-level security. added_by is the line manager
-- who took somebody in, empty where HR did.
ALTER TABLE employments ADD COLUMN number_key TEXT NOT NULL DEFAULT '';
ALTER TABLE employments ADD COLUMN manager_key TEXT NOT NULL DEFAULT '';
ALTER TABLE employments ADD COLUMN added_by UUID;
-- The owner of the table sees its rows only while the policy is not forced on it.
ALTER TABLE employments NO FORCE ROW LEVEL SECURITY;
UPDATE employments SET number_key = upper(employee_number COLLATE "C"), manager_key = upper(manager_number COLLATE "C");
ALTER TABLE employments FORCE ROW LEVEL SECURITY;
CREATE INDEX employments_number_key ON employments (tenant_id, number_key);

-- +goose Down
DROP INDEX employments_number_key;
ALTER TABLE employments DROP COLUMN added_by;
ALTER TABLE employments DROP COLUMN manager_key;
ALTER TABLE employments DROP COLUMN number_key;
