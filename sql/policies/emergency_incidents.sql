-- Emergencies: owners and admins read them, take them and close them; the service opens them.
select private.drop_policies('public.emergency_incidents');

revoke all on public.emergency_incidents from anon, authenticated, frontdesk_app, service_role;
grant select, update on public.emergency_incidents to authenticated;
grant select, update on public.emergency_incidents to service_role;
grant select, insert, update on public.emergency_incidents to frontdesk_app;
grant usage on sequence private.incident_codes to frontdesk_app;

create policy anon on public.emergency_incidents for all to anon using (false);

create policy authenticated_select on public.emergency_incidents for select to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy authenticated_insert on public.emergency_incidents for insert to authenticated
with check (false);

create policy authenticated_update on public.emergency_incidents for update to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin}'))))
with check (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy authenticated_delete on public.emergency_incidents for delete to authenticated
using (false);

create policy frontdesk_app on public.emergency_incidents for all to frontdesk_app
using (organization_id = (select private.bound_organization()))
with check (organization_id = (select private.bound_organization()));

create policy service_role on public.emergency_incidents for all to service_role using (true) with check (true);
