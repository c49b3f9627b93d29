-- +goose Up
SELECT tilgang_protect('federation_answers'::regclass);

-- +goose Down
DROP POLICY tenant ON federation_answers;
