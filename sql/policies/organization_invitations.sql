-- Invitations: owners and admins manage them, in their own name; only an owner invites an owner. Who was invited uses
-- public.accept_invitation() and sees nothing here.
select private.drop_policies('public.organization_invitations');

revoke all on public.organization_invitations from anon, authenticated, frontdesk_app, service_role;
grant select, insert, update, delete on public.organization_invitations to authenticated, service_role;

create policy anon on public.organization_invitations for all to anon using (false);

create policy authenticated_select on public.organization_invitations for select to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy authenticated_insert on public.organization_invitations for insert to authenticated
with check (
    (
        organization_id = any (array(select private.organization_ids('{owner}')))
        or (organization_id = any (array(select private.organization_ids('{admin}'))) and role <> 'owner')
    )
    and invited_by_user_id = (select auth.uid())
);

create policy authenticated_update on public.organization_invitations for update to authenticated
using (
    organization_id = any (array(select private.organization_ids('{owner}')))
    or (organization_id = any (array(select private.organization_ids('{admin}'))) and role <> 'owner')
)
with check (
    organization_id = any (array(select private.organization_ids('{owner}')))
    or (organization_id = any (array(select private.organization_ids('{admin}'))) and role <> 'owner')
);

create policy authenticated_delete on public.organization_invitations for delete to authenticated
using (
    organization_id = any (array(select private.organization_ids('{owner}')))
    or (organization_id = any (array(select private.organization_ids('{admin}'))) and role <> 'owner')
);

create policy frontdesk_app on public.organization_invitations for all to frontdesk_app using (false);

create policy service_role on public.organization_invitations for all to service_role using (true) with check (true);
