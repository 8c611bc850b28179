-- Every transaction begins with this: whom it is for, and what time it is.
-- All of it ends with the transaction, so a pooled connection carries nothing from one caller to the next.
select
    set_config('frontdesk.organization_id', $1, true),
    set_config('frontdesk.now', $2, true),
    current_setting('transaction_read_only')::boolean as is_read_only
