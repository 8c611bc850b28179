-- The emergencies that a telephone was paged for, the last one first: a text message in reply names none, and one number may take
-- emergencies for several organizations. `our_number`, when given, is the number that the reply came to; `is_theirs` tells that it is they who
-- have taken it, `is_asked` that they are paged for it now. Only what the service sent counts: an owner may write pages of their own
-- organization to any number, and would else take the answers to another's. It runs as its owner and hands out ids and states only.
create or replace function private.answerable_pages(phone text, our_number text, since timestamptz)
returns table (organization_id uuid, incident_id uuid, code smallint, status text, is_theirs boolean, is_asked boolean)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
    return query
    select
        i.organization_id,
        i.id,
        i.code,
        i.status::text,
        i.status = 'acknowledged'
        and (i.acknowledged_phone is not distinct from phone or coalesce(bool_or(n.step = i.acknowledged_step), false)),
        i.status = 'open'
        and coalesce(bool_or(n.round = i.round and n.step = i.step and n.status in ('pending', 'sent', 'delivered')), false)
    from public.emergency_notifications as n
    join public.emergency_incidents as i on i.id = n.incident_id
    where
        n.phone_number = phone
        and n.created_at >= since
        and exists (select from private.outbox as o where o.notification_id = n.id)
        and (n.metadata ->> 'our_number' is null or our_number is null or n.metadata ->> 'our_number' = our_number)
    group by i.id
    order by max(n.created_at) desc, max(i.opened_at) desc, i.code desc
    limit 50;
end
$$;

revoke execute on function private.answerable_pages(text, text, timestamptz) from public;
grant execute on function private.answerable_pages(text, text, timestamptz) to frontdesk_app;
