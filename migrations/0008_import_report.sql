-- +goose Up
-- A flawed row has something to tell. Such rows stay as the import's report
-- when the others have been applied and forgotten.
ALTER TABLE import_rows ADD COLUMN flawed BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX import_rows_flawed ON import_rows (tenant_id, import_id, line) WHERE flawed;

-- What the words about a failed import are filled with.
ALTER TABLE imports ADD COLUMN error_args TEXT NOT NULL DEFAULT '{}';

-- +goose Down
ALTER TABLE imports DROP COLUMN error_args;
DROP INDEX import_rows_flawed;
ALTER TABLE import_rows DROP COLUMN flawed;
