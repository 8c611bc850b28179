-- Who changed what, and when. Triggers write it, owners and admins read it, nobody changes it. The rows have no foreign key: what
-- was done to an organization is still known when it is gone.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table public.audit_log (
    id bigint generated always as identity primary key,
    organization_id uuid not null,
    table_name text not null,
    row_id uuid not null,
    action text not null check (action in ('insert', 'update', 'delete')),
    actor_id uuid,
    actor_role text not null,
    old_row jsonb,
    new_row jsonb,
    changed_at timestamptz not null default now()
);

comment on column public.audit_log.actor_id is 'the signed-in user; null for the service, an operator and a backend';
comment on column public.audit_log.actor_role is 'the role that the change was made as';

create index audit_log_organization on public.audit_log (organization_id, id desc);
create index audit_log_row on public.audit_log (organization_id, table_name, row_id);

alter table public.audit_log enable row level security;
revoke truncate, trigger, references on public.audit_log from anon, authenticated;
