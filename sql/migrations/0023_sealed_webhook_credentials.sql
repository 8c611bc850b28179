-- Webhook secrets of an organization's own are encrypted too. Like the other credentials they are plain only until the service
-- has sealed them.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

alter table private.webhook_credentials add column key_id text;

comment on column private.webhook_credentials.secret is
'base64 of nonce and ciphertext (XChaCha20-Poly1305); plain while key_id is null';
comment on column private.webhook_credentials.key_id is 'which key of FRONTDESK_SECRETS_KEY sealed it';
