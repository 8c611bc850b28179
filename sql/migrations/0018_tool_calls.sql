-- What was answered to each tool call, saved in the transaction that did the work. A redelivered message gets it back by the
-- tool call's id; `repeatable` marks a success whose effect still stands, so that the same question under a new id in the same
-- call gets the same words. In a schema that no client role may use.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table private.tool_calls (
    organization_id uuid not null references public.organizations (id) on delete cascade,
    vapi_call_id text not null,
    tool_call_id text not null,
    tool text not null,
    arguments_digest bytea not null,
    succeeded boolean not null,
    repeatable boolean not null,
    answer jsonb not null,
    effect_id uuid,
    created_at timestamptz not null default now(),
    primary key (organization_id, vapi_call_id, tool_call_id)
);

comment on column private.tool_calls.effect_id is 'the appointment or transfer that was made';

create index tool_calls_effect on private.tool_calls (effect_id) where repeatable;
alter table private.tool_calls enable row level security;
