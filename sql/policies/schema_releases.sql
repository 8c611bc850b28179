-- The releases that this database was migrated to: the service looks whether it may still use it.
select private.drop_policies('private.schema_releases');

revoke all on private.schema_releases from frontdesk_app;
grant select on private.schema_releases to frontdesk_app;

create policy frontdesk_app on private.schema_releases for select to frontdesk_app using (true);
