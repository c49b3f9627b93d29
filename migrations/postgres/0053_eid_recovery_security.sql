-- +goose Up
SELECT tilgang_protect('eid_recoveries'::regclass);

-- +goose Down
DROP POLICY tenant ON eid_recoveries;
