-- The emergencies that a telephone was paged for, without telling which of them are theirs (private.answerable_pages()). The previous release
-- calls it.
create or replace function private.pages_of(phone text, our_number text, since timestamptz)
returns table (organization_id uuid, incident_id uuid, code smallint, status text, paged_at timestamptz)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
    return query
    select i.organization_id, i.id, i.code, i.status::text, max(n.created_at)
    from public.emergency_notifications as n
    join public.emergency_incidents as i on i.id = n.incident_id
    where
        n.phone_number = phone
        and n.created_at >= since
        and exists (select from private.outbox as o where o.notification_id = n.id)
        and (n.metadata ->> 'our_number' is null or our_number is null or n.metadata ->> 'our_number' = our_number)
    group by i.organization_id, i.id, i.code, i.status
    order by max(n.created_at) desc, max(i.opened_at) desc, i.code desc
    limit 50;
end
$$;

revoke execute on function private.pages_of(text, text, timestamptz) from public;
grant execute on function private.pages_of(text, text, timestamptz) to frontdesk_app;
