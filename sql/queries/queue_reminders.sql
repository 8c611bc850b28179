-- Queues the reminders of an organization, if it is the hour for them, and says how many.
select private.queue_reminders($1)
