-- Begins the transaction of a tool call that changes something (private.begin_tool_call()).
select
    b.is_read_only,
    b.answer,
    b.language
from private.begin_tool_call($1, $2, $3, $4, $5, $6, $7, $8) as b
