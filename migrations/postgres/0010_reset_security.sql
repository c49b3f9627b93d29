-- +goose Up
SELECT tilgang_protect('resets'::regclass);

-- +goose Down
DROP POLICY tenant ON resets;
