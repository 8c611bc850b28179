-- Every transaction begins with this: whom it is for, what time it is, and how long one statement may take.
-- All of it ends with the transaction, so a pooled connection carries nothing from one caller to the next.
-- A transaction whose client has fallen silent between two statements gives its locks back after the same time.
-- One that waits for a lock gives its connection back before long: the others of the service need it.
select
    set_config('frontdesk.organization_id', $1, true),
    set_config('frontdesk.now', $2, true),
    set_config('statement_timeout', $3, true),
    set_config('lock_timeout', '2s', true),
    set_config('idle_in_transaction_session_timeout', $3, true),
    current_setting('transaction_read_only')::boolean as is_read_only
