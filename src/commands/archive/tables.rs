//! Which tables an archive holds, and which of their rows.
//!
//! What an archive takes is over: appointments of the past, calls, texts, closed incidents with their pages, finished jobs, tasks that
//! are done. A row goes only together with every row that points at it, so that no key is emptied and nothing is deleted in passing
//! that is in no file. Customers, consents, contacts, settings and the audit log stay: the service needs them, or the law does.

/// A table.
pub(super) struct Table {
    /// Its name with its schema.
    pub(super) name: &'static str,
    /// The columns of its primary key.
    pub(super) key: &'static [&'static str],
    /// Which rows `t` are old; `CUTOFF` is an instant.
    pub(super) old: &'static str,
    /// What may not point at a row `t` when it is removed.
    pub(super) unreferenced: &'static str,
    /// Keys that are emptied when what they point at is gone: of a row that is read back too.
    pub(super) optional: &'static [(&'static str, &'static str)],
}

impl Table {
    /// The rows `r` of a batch, each with its line `l.line`; the batch is the statement's first parameter.
    pub(super) fn archived(&self) -> String {
        format!(
            "unnest($1::text[]) as l (line) cross join lateral jsonb_populate_record(null::{}, l.line::jsonb) as r",
            self.name
        )
    }

    /// That a row `t` is the one that `r` was written from.
    pub(super) fn same_key(&self) -> String {
        let columns: Vec<String> = self
            .key
            .iter()
            .map(|column| format!("t.{column} = r.{column}"))
            .collect();
        columns.join(" and ")
    }
}

/// A job `o` with which nothing more is to be done, of no open incident and of no appointment that stays.
macro_rules! old_job {
    () => {
        "(o.due_at is null and o.created_at < CUTOFF
            and not exists (
                select from public.emergency_notifications as n
                join public.emergency_incidents as i on i.id = n.incident_id
                where n.id = o.notification_id and (i.status <> 'closed' or i.closed_at >= CUTOFF or i.closed_at is null)
            )
            and not exists (
                select from public.appointments as a
                where a.id = o.appointment_id and a.scheduled_date >= (CUTOFF at time zone 'UTC')::date
            ))"
    };
}

/// A text `s` that no other job than an old one sends.
macro_rules! old_text {
    () => {
        concat!(
            "(s.created_at < CUTOFF and not exists (
                select from private.outbox as o where o.sms_id = s.id and not ",
            old_job!(),
            "))"
        )
    };
}

/// An incident `i` that is closed, with no page that another job than an old one sends.
macro_rules! old_incident {
    () => {
        concat!(
            "(i.status = 'closed' and i.opened_at < CUTOFF and i.closed_at < CUTOFF and not exists (
                select from public.emergency_notifications as p
                join private.outbox as o on o.notification_id = p.id
                where p.incident_id = i.id and not ",
            old_job!(),
            "))"
        )
    };
}

/// The tables in the order in which rows can be written: what is pointed at comes first.
pub(super) const TABLES: &[Table] = &[
    Table {
        name: "public.appointments",
        key: &["id"],
        old: concat!(
            "t.scheduled_date < (CUTOFF at time zone 'UTC')::date and t.created_at < CUTOFF
            and not exists (select from private.outbox as o where o.appointment_id = t.id and not ",
            old_job!(),
            ") and not exists (select from public.sms_communications as s where s.appointment_id = t.id and not ",
            old_text!(),
            ")"
        ),
        unreferenced: "not exists (select from private.outbox as o where o.appointment_id = t.id)
            and not exists (select from public.sms_communications as s where s.appointment_id = t.id)",
        optional: &[
            ("customer_id", "public.customers"),
            ("service_id", "public.services"),
        ],
    },
    Table {
        name: "public.sms_communications",
        key: &["id"],
        old: concat!(
            "exists (select from public.sms_communications as s where s.id = t.id and ",
            old_text!(),
            ")"
        ),
        unreferenced: "not exists (select from private.outbox as o where o.sms_id = t.id)",
        optional: &[
            ("customer_id", "public.customers"),
            ("appointment_id", "public.appointments"),
        ],
    },
    Table {
        name: "public.emergency_incidents",
        key: &["id"],
        old: concat!(
            "exists (select from public.emergency_incidents as i where i.id = t.id and ",
            old_incident!(),
            ")"
        ),
        unreferenced: "not exists (select from public.emergency_notifications as n where n.incident_id = t.id)
            and not exists (select from private.incident_steps as n where n.incident_id = t.id)
            and not exists (select from private.incident_calls as n where n.incident_id = t.id)",
        optional: &[],
    },
    Table {
        name: "private.incident_steps",
        key: &["incident_id", "step"],
        old: concat!(
            "exists (select from public.emergency_incidents as i where i.id = t.incident_id and ",
            old_incident!(),
            ")"
        ),
        unreferenced: "true",
        optional: &[("emergency_contact_id", "public.emergency_contacts")],
    },
    Table {
        name: "private.incident_calls",
        key: &["incident_id", "vapi_call_id"],
        old: concat!(
            "exists (select from public.emergency_incidents as i where i.id = t.incident_id and ",
            old_incident!(),
            ")"
        ),
        unreferenced: "true",
        optional: &[],
    },
    Table {
        name: "public.emergency_notifications",
        key: &["id"],
        old: concat!(
            "(exists (select from public.emergency_incidents as i where i.id = t.incident_id and ",
            old_incident!(),
            ") or (t.incident_id is null and t.created_at < CUTOFF
                and not exists (select from private.outbox as o where o.notification_id = t.id and not ",
            old_job!(),
            ")))"
        ),
        unreferenced: "not exists (select from private.outbox as o where o.notification_id = t.id)",
        optional: &[("emergency_contact_id", "public.emergency_contacts")],
    },
    Table {
        name: "public.call_logs",
        key: &["id"],
        old: "t.created_at < CUTOFF",
        unreferenced: "true",
        optional: &[("vapi_assistant_id", "public.vapi_assistants")],
    },
    Table {
        name: "private.tool_calls",
        key: &["organization_id", "vapi_call_id", "tool_call_id"],
        old: "t.created_at < CUTOFF",
        unreferenced: "true",
        optional: &[],
    },
    Table {
        name: "public.call_transfers",
        key: &["id"],
        old: "t.created_at < CUTOFF",
        unreferenced: "not exists (select from private.transfer_lines as n where n.transfer_id = t.id)",
        optional: &[],
    },
    Table {
        name: "private.transfer_lines",
        key: &["transfer_id"],
        old: "exists (select from public.call_transfers as c where c.id = t.transfer_id and c.created_at < CUTOFF)",
        unreferenced: "true",
        optional: &[],
    },
    Table {
        name: "public.staff_tasks",
        key: &["id"],
        old: "t.status = 'done' and t.created_at < CUTOFF and t.done_at < CUTOFF",
        unreferenced: "true",
        optional: &[],
    },
    Table {
        name: "private.outbox",
        key: &["id"],
        old: concat!(
            "exists (select from private.outbox as o where o.id = t.id and ",
            old_job!(),
            ")"
        ),
        unreferenced: "not exists (select from private.outbox_attempts as n where n.effect_id = t.id)",
        optional: &[],
    },
    Table {
        name: "private.outbox_attempts",
        key: &["id"],
        old: concat!(
            "exists (select from private.outbox as o where o.id = t.effect_id and ",
            old_job!(),
            ")"
        ),
        unreferenced: "true",
        optional: &[],
    },
];
