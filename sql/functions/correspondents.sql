-- The organizations that have texted a telephone from one of our numbers, the last first: a number of ours may be shared, and a reply
-- names nobody. Only what the service sent counts: an owner may write messages of their own organization to any number, and would else be brought
-- the answers to another's. It runs as its owner and hands out ids only.
create or replace function private.correspondents(phone text, our text, since timestamptz) returns setof uuid
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
    return query
    select s.organization_id
    from public.sms_communications as s
    where
        s.phone_number = phone
        and s.direction = 'outbound'
        and s.created_at >= since
        and (s.our_number = our or s.our_number is null)
        and exists (select from private.outbox as o where o.sms_id = s.id)
    group by s.organization_id
    order by max(s.created_at) desc
    limit 50;
end
$$;

revoke execute on function private.correspondents(text, text, timestamptz) from public;
grant execute on function private.correspondents(text, text, timestamptz) to frontdesk_app;
