-- Assistants: owners and admins manage them; the service reads them.
select private.drop_policies('public.vapi_assistants');

revoke all on public.vapi_assistants from anon, authenticated, frontdesk_app, service_role;
grant select, insert, update, delete on public.vapi_assistants to authenticated, service_role;
grant select on public.vapi_assistants to frontdesk_app;

create policy anon on public.vapi_assistants for all to anon using (false);

create policy authenticated_select on public.vapi_assistants for select to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy authenticated_insert on public.vapi_assistants for insert to authenticated
with check (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy authenticated_update on public.vapi_assistants for update to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin}'))))
with check (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy authenticated_delete on public.vapi_assistants for delete to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy frontdesk_app on public.vapi_assistants for all to frontdesk_app
using (organization_id = (select private.bound_organization()))
with check (organization_id = (select private.bound_organization()));

create policy service_role on public.vapi_assistants for all to service_role using (true) with check (true);
