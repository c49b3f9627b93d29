-- +goose Up
-- Browsers that can be seen no more are removed by their age.
CREATE INDEX sightings_age ON sightings (tenant_id, sort, seen_at);

-- +goose Down
DROP INDEX sightings_age;
