-- People: everybody their own profile, and owners and admins those of the people of their firms. It goes with the account.
select private.drop_policies('public.user_profiles');

revoke all on public.user_profiles from anon, authenticated, frontdesk_app, service_role;
grant select, insert, update on public.user_profiles to authenticated;
grant select, insert, update, delete on public.user_profiles to service_role;

create policy anon on public.user_profiles for all to anon using (false);

create policy authenticated_select on public.user_profiles for select to authenticated
using (
    id = (select auth.uid())
    or id = any (array(select private.colleague_ids()))
);

create policy authenticated_insert on public.user_profiles for insert to authenticated
with check (id = (select auth.uid()));

create policy authenticated_update on public.user_profiles for update to authenticated
using (id = (select auth.uid()))
with check (id = (select auth.uid()));

create policy authenticated_delete on public.user_profiles for delete to authenticated
using (false);

create policy frontdesk_app on public.user_profiles for all to frontdesk_app using (false);

create policy service_role on public.user_profiles for all to service_role using (true) with check (true);
