-- The credentials of an organization with others. What is written into the columns of public.organizations that were meant for
-- them is moved here by a trigger, and the service encrypts it: `secret` is plain only until then. No client role may use this
-- schema.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table private.organization_secrets (
    organization_id uuid not null references public.organizations (id) on delete cascade
    -- A new organization's secrets are moved before its own row is there.
    deferrable initially deferred,
    name text not null
    check (
        name in (
            'twilio_auth_token', 'byo_sip_credentials', 'google_refresh_token', 'outlook_refresh_token', 'calendly_api_key'
        )
    ),
    secret text not null check (secret <> ''),
    key_id text,
    set_at timestamptz not null default now(),
    primary key (organization_id, name)
);

comment on column private.organization_secrets.secret is
'base64 of nonce and ciphertext (XChaCha20-Poly1305); plain while key_id is null';
comment on column private.organization_secrets.key_id is 'which key of FRONTDESK_SECRETS_KEY sealed it';

alter table private.organization_secrets enable row level security;

-- What is still plain, for the service to find.
create index organization_secrets_plain on private.organization_secrets (organization_id) where key_id is null;

insert into private.organization_secrets (organization_id, name, secret)
select o.id, s.name, s.secret
from public.organizations as o
cross join lateral (
    values
    ('twilio_auth_token', o.twilio_auth_token),
    ('byo_sip_credentials', o.byo_sip_credentials::text),
    ('google_refresh_token', o.google_refresh_token),
    ('outlook_refresh_token', o.outlook_refresh_token),
    ('calendly_api_key', o.calendly_api_key::text)
) as s (name, secret)
where s.secret <> '';

update public.organizations as o
set
    twilio_auth_token = null,
    byo_sip_credentials = null,
    google_refresh_token = null,
    outlook_refresh_token = null,
    calendly_api_key = null
where
    o.twilio_auth_token is not null
    or o.byo_sip_credentials is not null
    or o.google_refresh_token is not null
    or o.outlook_refresh_token is not null
    or o.calendly_api_key is not null;
