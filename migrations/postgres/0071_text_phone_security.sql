-- +goose Up
SELECT tilgang_protect('phone_proofs'::regclass);

-- +goose Down
DROP POLICY tenant ON phone_proofs;
