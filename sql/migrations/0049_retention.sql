-- What finds the rows whose time to be kept is over (private.prune). Each index leaves out what was pruned before, so that it stays as
-- small as what is still kept.
-- Indexes are made with the tables locked against writes, for a minute at most.
-- squawk-ignore-file require-concurrent-index-creation
set local lock_timeout = '5s';
set local statement_timeout = '60s';

-- No condition on `tools_used` itself: every tool call changes it, and a column that an index looks at makes each change cost more.
alter table public.call_logs add column tool_log_pruned_at timestamptz;

comment on column public.call_logs.tool_log_pruned_at is
'when the words of tools_used and the saved answers of the call were removed (settings.retention.tool_log_days)';

create index call_logs_words_kept on public.call_logs (organization_id, created_at)
where transcript is not null or summary is not null or metadata ?| '{structured_data,success_evaluation}';

create index call_logs_recording_kept on public.call_logs (organization_id, created_at) where metadata ? 'recording_url';

create index call_logs_tool_log_kept on public.call_logs (organization_id, created_at) where tool_log_pruned_at is null;

create index call_transfers_summary_kept on public.call_transfers (organization_id, created_at) where summary is not null;

create index sms_communications_words_kept on public.sms_communications (organization_id, created_at)
where message_content <> '';

create index outbox_finished on private.outbox (organization_id, created_at) where due_at is null;
