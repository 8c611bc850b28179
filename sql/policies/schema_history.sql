-- What was applied to this database: the service compares it with itself before it starts.
select private.drop_policies('private.schema_history');

revoke all on private.schema_history from frontdesk_app;
grant select on private.schema_history to frontdesk_app;

create policy frontdesk_app on private.schema_history for select to frontdesk_app using (true);
