-- Keeps what a report said that nobody knows ($3), by where it said so ($4). It moves nothing.
update public.call_transfers as t
set metadata = coalesce(t.metadata, '{}') || jsonb_build_object(
    'unknown', coalesce(t.metadata -> 'unknown', '{}') || jsonb_build_object($4::text, $3::text)
)
where t.organization_id = $1 and t.id = $2
