-- Telephone numbers: owners and admins manage them. The service finds a call's firm through private.find_organization(), and reads here
-- from which number to text and call for it.
select private.drop_policies('public.phone_number_assignments');

revoke all on public.phone_number_assignments from anon, authenticated, frontdesk_app, service_role;
grant select, insert, update, delete on public.phone_number_assignments to authenticated, service_role;
grant select on public.phone_number_assignments to frontdesk_app;

create policy anon on public.phone_number_assignments for all to anon using (false);

create policy authenticated_select on public.phone_number_assignments for select to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy authenticated_insert on public.phone_number_assignments for insert to authenticated
with check (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy authenticated_update on public.phone_number_assignments for update to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin}'))))
with check (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy authenticated_delete on public.phone_number_assignments for delete to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy frontdesk_app on public.phone_number_assignments for all to frontdesk_app
using (organization_id = (select private.bound_organization()))
with check (organization_id = (select private.bound_organization()));

create policy service_role on public.phone_number_assignments for all to service_role using (true) with check (true);
