-- +goose Up
SELECT tilgang_protect('trusted_devices'::regclass);

-- +goose Down
DROP POLICY tenant ON trusted_devices;
