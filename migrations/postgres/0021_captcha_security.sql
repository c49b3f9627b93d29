-- +goose Up
SELECT tilgang_protect('captcha_answers'::regclass);

-- +goose Down
DROP POLICY tenant ON captcha_answers;
