-- +goose Up
SELECT tilgang_protect(t::regclass) FROM unnest(ARRAY['notices', 'freezes', 'sightings']) AS t;

-- +goose Down
DROP POLICY tenant ON sightings;
DROP POLICY tenant ON freezes;
DROP POLICY tenant ON notices;
