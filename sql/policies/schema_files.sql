-- What was applied to this database: the service compares it with itself before it starts.
select private.drop_policies('private.schema_files');

revoke all on private.schema_files from frontdesk_app;
grant select on private.schema_files to frontdesk_app;

create policy frontdesk_app on private.schema_files for select to frontdesk_app using (true);
