-- The tools of one call work one after another: a redelivered message waits here for the first delivery to be done.
select pg_advisory_xact_lock(hashtextextended('call ' || $1 || ' ' || $2, 0))
