-- Tool calls on their way to call_logs.tools_used. Each is appended here once the caller has been answered, which takes a small part of what it
-- takes to change the call's row; private.fold_tool_log() adds those of a call to its row when it has been quiet for a while.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table private.tool_log (
    -- No foreign key: it would cost more than the row.
    organization_id uuid not null,
    vapi_call_id text not null,
    vapi_assistant_id text,
    customer_phone_number text not null,
    nth bigint generated always as identity,
    entry jsonb not null,
    written_at timestamptz not null default clock_timestamp(),
    primary key (organization_id, vapi_call_id, nth)
);

comment on column private.tool_log.vapi_assistant_id is 'Vapi''s id of the assistant that spoke';
comment on column private.tool_log.entry is 'an element of call_logs.tools_used';

alter table private.tool_log enable row level security;
