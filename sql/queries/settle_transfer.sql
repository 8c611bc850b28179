-- Records how far a transfer got ($3), and why not further ($4). Only one that was just written down is moved: what the
-- provider reports later knows more.
update public.call_transfers as t
set
    status = $3,
    metadata = coalesce(t.metadata, '{}') || jsonb_strip_nulls(jsonb_build_object('detail', $4::text))
where t.organization_id = $1 and t.id = $2 and t.status = 'initiated'
