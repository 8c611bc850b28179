-- The crews that can be sent to an appointment that needs a skill; null when it needs none, so that any can.
create or replace function private.able_crews(org_id uuid, capacity integer, skill text) returns integer[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if skill is null then
        return null;
    end if;
    return array(
        select c.number
        from public.crews as c
        where c.organization_id = org_id and c.number <= capacity and skill = any(c.skills)
    );
end
$$;

revoke execute on function private.able_crews(uuid, integer, text) from public;
grant execute on function private.able_crews(uuid, integer, text) to frontdesk_app;
