-- Finds the oldest tool calls of the log. Each new one is the last of the index, which costs little. The log keeps half a minute of calls, so
-- that the index is built in no time.
-- squawk-ignore-file require-concurrent-index-creation
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create index tool_log_written_at on private.tool_log (written_at);
