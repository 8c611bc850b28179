-- Which of these ids of the provider's are recorded for another job, of whichever organization: several may send to one number from
-- one of ours. It runs as its owner, and tells nothing that who asks does not have.
create or replace function private.known_sids(sids text [], effect uuid) returns setof text
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select o.provider_sid from private.outbox as o where o.provider_sid = any (sids) and o.id <> effect;
end
$$;

revoke execute on function private.known_sids(text [], uuid) from public;
grant execute on function private.known_sids(text [], uuid) to frontdesk_app;
