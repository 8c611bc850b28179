-- What became of a transfer, in words that are no provider's, and where its call took commands while it was tried.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

alter table public.call_transfers
add column outcome varchar(20)
check (outcome in ('connected', 'busy', 'no_answer', 'declined', 'voicemail', 'failed')),
add column provider_call_sid varchar(255),
-- Which of the transfers of its call it is: several may be opened at one instant.
add column attempt smallint not null default 1;

comment on column public.call_transfers.provider_call_sid is 'the provider''s id of the call to transfer_to';

-- Whoever has a control URL can command the call, so no client may read it.
create table private.transfer_lines (
    transfer_id uuid primary key references public.call_transfers (id) on delete cascade,
    organization_id uuid not null references public.organizations (id) on delete cascade,
    control_url text,
    language_code text not null
);

create index transfer_lines_organization on private.transfer_lines (organization_id);
alter table private.transfer_lines enable row level security;
