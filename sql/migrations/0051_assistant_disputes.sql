-- Assistants that answer calls to an organization's number while another organization has entered them as its own.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table private.assistant_disputes (
    organization_id uuid not null references public.organizations (id) on delete cascade,
    vapi_assistant_id text not null,
    seen_at timestamptz not null,
    primary key (organization_id, vapi_assistant_id)
);

comment on table private.assistant_disputes is
'Calls to a number of the organization came with an assistant that another organization has entered; seen_at is when that was last noticed';

alter table private.assistant_disputes enable row level security;
