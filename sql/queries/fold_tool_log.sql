-- Adds the tool calls of at most $4 calls to their rows: of one organization ($1) and call ($2), or of any, whose first was made $3 milliseconds ago.
-- One row for each call, with the reason if its tool calls were dropped.
select
    f.vapi_call_id,
    f.problem
from private.fold_tool_log($1, $2, make_interval(secs => $3::bigint / 1000.0), $4) as f
