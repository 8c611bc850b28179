-- Who works for an organization: everybody sees their own membership, owners and admins see all, change roles and remove people.
-- Only an owner makes, changes or removes an owner; anybody may leave. Nobody is made a member here without being asked:
-- public.accept_invitation() does it, or an operator or a backend. Triggers keep the last owner, and the user of a membership.
select private.drop_policies('public.organization_members');

revoke all on public.organization_members from anon, authenticated, frontdesk_app, service_role;
grant select, update, delete on public.organization_members to authenticated;
grant select, insert, update, delete on public.organization_members to service_role;

create policy anon on public.organization_members for all to anon using (false);

create policy authenticated_select on public.organization_members for select to authenticated
using (
    user_id = (select auth.uid())
    or organization_id = any (array(select private.organization_ids('{owner,admin}')))
);

create policy authenticated_insert on public.organization_members for insert to authenticated
with check (false);

create policy authenticated_update on public.organization_members for update to authenticated
using (
    organization_id = any (array(select private.organization_ids('{owner}')))
    or (organization_id = any (array(select private.organization_ids('{admin}'))) and role <> 'owner')
)
with check (
    organization_id = any (array(select private.organization_ids('{owner}')))
    or (organization_id = any (array(select private.organization_ids('{admin}'))) and role <> 'owner')
);

create policy authenticated_delete on public.organization_members for delete to authenticated
using (
    user_id = (select auth.uid())
    or organization_id = any (array(select private.organization_ids('{owner}')))
    or (organization_id = any (array(select private.organization_ids('{admin}'))) and role <> 'owner')
);

create policy frontdesk_app on public.organization_members for all to frontdesk_app using (false);

create policy service_role on public.organization_members for all to service_role using (true) with check (true);
