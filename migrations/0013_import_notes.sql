-- +goose Up
-- What HR should know about a whole file, as JSON: columns and sheets that were
-- passed over, hidden rows that were read.
ALTER TABLE imports ADD COLUMN notes TEXT NOT NULL DEFAULT '[]';

-- +goose Down
ALTER TABLE imports DROP COLUMN notes;
