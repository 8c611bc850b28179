-- Who wants no text messages of a firm, and who wants them again: a ledger, of which the newest row of a number counts. Rows are
-- added and never changed.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table public.sms_consents (
    id bigint generated always as identity primary key,
    organization_id uuid not null references public.organizations (id) on delete cascade,
    phone_number varchar(20) not null,
    status varchar(20) not null check (status in ('granted', 'withdrawn')),
    source varchar(20) not null check (source in ('keyword', 'carrier', 'staff')),
    keyword varchar(20),
    created_at timestamptz not null default now()
);

create index sms_consents_number on public.sms_consents (organization_id, phone_number, created_at desc);

alter table public.sms_consents enable row level security;
revoke truncate, trigger, references on public.sms_consents from anon, authenticated;

-- Made in the migrations before, when no row could break them; looked at here, without a lock that would keep writers out.
alter table public.emergency_notifications validate constraint emergency_notifications_incident_id_fkey;
alter table public.sms_communications validate constraint sms_communications_appointment_id_fkey;
