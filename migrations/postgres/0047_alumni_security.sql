-- +goose Up
SELECT tilgang_protect('alumni_wishes'::regclass);
SELECT tilgang_protect('alumni_notices'::regclass);

-- +goose Down
DROP POLICY tenant ON alumni_notices;
DROP POLICY tenant ON alumni_wishes;
