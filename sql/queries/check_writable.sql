-- Can the database be written to? A message in the write-ahead log takes a transaction id and is flushed, but touches no table; its
-- function does not look at the session's mode, which is therefore asked for first.
select case
    when current_setting('transaction_read_only') = 'off'
        then pg_logical_emit_message(true, 'frontdesk', '') is not null
    else false
end as is_writable
