-- When a contact passed a page on, and by which channel, so that an owner can be told. Null where nobody did, or an earlier release wrote it.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

alter table public.emergency_notifications
add column declined_at timestamptz,
add column declined_via varchar(20),
add constraint emergency_notifications_declined_via_check check (declined_via in ('sms', 'voice', 'link')) not valid;

comment on column public.emergency_notifications.declined_via is 'sms, voice or link: how the contact declined';
