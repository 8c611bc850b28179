-- Where events of ours are found that somebody moved out of the calendar that they were written into, and by which name they are known there.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

lock table private.calendar_links, private.calendar_copies, private.external_events, private.organization_secrets in access exclusive mode;

alter table private.calendar_copies
add column found_link_id uuid references private.calendar_links (id) on delete set null,
add column found jsonb,
add column found_at timestamptz;

comment on column private.calendar_copies.found_link_id is 'the linked calendar of another crew in which the event was found';
comment on column private.calendar_copies.found is '{"starts", "minutes", "resource", "etag"}, and "is_kept" where its appointment cannot follow it there';

-- As private.resource_name().
create index calendar_copies_name on private.calendar_copies (organization_id, regexp_replace(resource, '^.*/|\.ics$', '', 'g'))
where resource is not null;
create index calendar_copies_found on private.calendar_copies (found_link_id) where found_link_id is not null;

-- Whoever names a file on a CalDAV server may name it after what it is about (private.stored_resource()).
update private.external_events as e
set resource = 'sha256:' || encode(sha256(convert_to(e.resource, 'UTF8')), 'hex')
where position('/' in e.resource) > 0;

create index organization_secrets_twilio on private.organization_secrets (organization_id) where name = 'twilio_auth_token';
