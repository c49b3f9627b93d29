-- +goose Up
SELECT tilgang_protect('magiclinks'::regclass);

-- +goose Down
DROP POLICY tenant ON magiclinks;
