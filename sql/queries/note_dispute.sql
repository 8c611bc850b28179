-- Notes that calls to a number of $1 come with an assistant ($2) that another organization has entered; once an hour is enough.
insert into private.assistant_disputes as d (organization_id, vapi_assistant_id, seen_at)
values ($1, $2, private.clock())
on conflict (organization_id, vapi_assistant_id) do update
set seen_at = excluded.seen_at
where d.seen_at < excluded.seen_at - interval '1 hour'
returning d.organization_id
