-- Ends the membership of the signed-in user, also that of a sole owner, which a plain delete refuses because it may be a mistake.
-- It runs as the user: a policy lets everybody delete their own membership.
create or replace function public.leave_organization(org_id uuid) returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    membership uuid;
begin
    select m.id
    into membership
    from public.organization_members as m
    where m.organization_id = leave_organization.org_id and m.user_id = (select auth.uid());
    if not found then
        raise no_data_found using message = 'you are no member of this organization';
    end if;
    perform set_config('frontdesk.leaving', membership::text, true);
    delete from public.organization_members as m where m.id = membership;
    perform set_config('frontdesk.leaving', '', true);
end
$$;

revoke execute on function public.leave_organization(uuid) from public, anon;
grant execute on function public.leave_organization(uuid) to authenticated;
