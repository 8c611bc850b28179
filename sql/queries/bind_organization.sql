-- Every transaction begins with this: whom it is for, what time it is, and how long one statement may take.
-- All three end with the transaction, so a pooled connection carries nothing from one caller to the next.
select
    set_config('frontdesk.organization_id', $1, true),
    set_config('frontdesk.now', $2, true),
    set_config('statement_timeout', $3, true)
