//! Every statement that the service sends, and what it is sent with: at least a case for each way that it can take.

use std::{fs, path::Path};

use tokio_postgres::Transaction;

/// One way of sending a statement.
#[derive(Clone, Copy)]
pub struct Case {
    /// The file in `sql/queries/`.
    pub statement: &'static str,
    /// What is special about it.
    pub about: &'static str,
    /// The parameters, as SQL.
    pub arguments: &'static str,
    /// Whether its transaction is bound to the organization.
    pub is_bound: bool,
    /// How many pages it may read, where that cannot be as few as for the others.
    pub most_pages: Option<i64>,
    /// Whether it looks at what is live in all organizations, and so reads more where there are more of them.
    pub is_of_all: bool,
}

/// A booking writes a row into two tables with fourteen indexes between them (ten of them the given schema's or a key's), checks six foreign keys,
/// updates counters and busy time, writes the audit log, queues the confirmation, and asks for the free slots: three or four pages of a B-tree each.
pub const BOOKING: i64 = 220;
/// What a statement read that wrote the call's row alone, and what one read that opened its emergency.
const REPORT: Option<i64> = Some(270);
/// Two pages, each with its job and its entry in the audit log.
const TWO_PAGES: Option<i64> = Some(280);

/// A case whose transaction is bound.
pub const fn bound(statement: &'static str, about: &'static str, arguments: &'static str) -> Case {
    Case {
        statement,
        about,
        arguments,
        is_bound: true,
        most_pages: None,
        is_of_all: false,
    }
}

/// A case whose transaction is bound by the statement, if at all.
pub const fn unbound(
    statement: &'static str,
    about: &'static str,
    arguments: &'static str,
) -> Case {
    Case {
        is_bound: false,
        ..bound(statement, about, arguments)
    }
}

const fn booking(about: &'static str, arguments: &'static str) -> Case {
    Case {
        most_pages: Some(BOOKING),
        ..bound("book_appointment", about, arguments)
    }
}

/// A check of a day.
pub const fn check(about: &'static str, arguments: &'static str) -> Case {
    bound("check_availability", about, arguments)
}

/// What changes an appointment or a page writes the audit log, counters, the outbox and the indexes of all of them too.
const fn booking_like(statement: &'static str, arguments: &'static str) -> Case {
    Case {
        most_pages: Some(BOOKING),
        ..bound(statement, "", arguments)
    }
}

/// All cases. `ORG` stands for the organization in the middle, `DAY` for one of its next working days, on which 17:00 is free, and
/// `VISIT`, `VISIT_CALL`, `VISIT_DAY` and `VISIT_TIME` for an appointment to come, `INCIDENT` for its emergency that is open and
/// `PAGE` for a page of it, with its effect and attempt.
pub const CASES: &[Case] = &[
    bound("about_sender", "", "ORG, '+13030000005'"),
    bound(
        "acknowledge_incident",
        "",
        "ORG, INCIDENT, '+17200000005', 'sms', null::int2",
    ),
    bound(
        "add_staff_task",
        "",
        "ORG, 'emergency', 'words', '+13030000005', null, '{}'",
    ),
    bound("answer_message", "", "ORG, 'SM1', 'words', 'done'"),
    bound("appointment_message", "", "ORG, VISIT"),
    bound("ask_staff", "", "ORG, 'words', '+13030000005'"),
    bound(
        "begin_attempt",
        "",
        "ORG, PAGE, gen_random_uuid(), 20000, false, null, '+13035550190'",
    ),
    bound(
        "busy_on",
        "",
        "ORG, now(), DAY, 1, 'call-new', '+13030000005', true",
    ),
    Case {
        // Four hundred appointments, with an index entry and a row each.
        most_pages: Some(100),
        ..bound("calendar_feed", "of the organization", "ORG, null")
    },
    Case {
        most_pages: Some(100),
        ..bound("calendar_feed", "of a crew", "ORG, 1")
    },
    booking_like("cancel_appointment", "ORG, VISIT"),
    booking_like(
        "complete_appointment",
        "ORG, VISIT, VISIT_CALL, '12 Elm Street', '80202', 'A leak', 'ruth@example.com', '+13030000005', null, null",
    ),
    booking_like("cancel_by_text", "ORG, VISIT"),
    bound(
        "close_incident",
        "",
        "ORG, INCIDENT, '+17200000005', null::int2",
    ),
    booking_like("confirm_by_text", "ORG, VISIT"),
    Case {
        // The catalogue's pages, not those of tables: one descent for each of some fifty names.
        most_pages: Some(400),
        ..unbound(
            "called_functions",
            "",
            "array['private.bind', 'private.check_availability', 'private.book_appointment']",
        )
    },
    unbound(
        "correspondents",
        "",
        "'+13039999999', '+13035550190', now() - interval '60 days'",
    ),
    bound("count_use", "", "ORG, 'page'"),
    booking_like("decline_incident", "ORG, INCIDENT, '+17200000005', 'sms'"),
    bound("cancel_job", "", "ORG, PAGE, 'changed'"),
    bound("job_of_attempt", "by the attempt", "ORG, PAGE, 'CA1'"),
    bound("job_of_attempt", "by the id", "ORG, null, 'CA1'"),
    bound("extend_claim", "", "ORG, PAGE, 20000"),
    bound(
        "find_appointments",
        "a customer of this firm and of others",
        "ORG, '+13030000005', 'call-new'",
    ),
    bound(
        "find_appointments",
        "a call without a number",
        "ORG, null, VISIT_CALL",
    ),
    unbound("find_calendar_feed", "", "sha256('a token')"),
    bound("find_appointments_by_name", "", "ORG, 'Customer 5', '12 Elm Street'"),
    booking_like("hold_slot", "ORG, 'call-new', DAY, '17:00', 60, 5, null"),
    bound("incident", "", "ORG, INCIDENT"),
    bound(
        "leave_message",
        "",
        "ORG, 'callback', 'words', '+13030000005', VISIT_CALL, 'a-key', '{}'",
    ),
    bound("enqueue_fallback", "", "ORG, INCIDENT, 60000"),
    bound("receive_caller", "", "ORG, '+13030000005'"),
    unbound("prune", "nothing to remove", "ORG, now(), 200"),
    // Five rows of each of six kinds, with every index of their tables.
    Case {
        most_pages: Some(700),
        ..unbound(
            "prune",
            "five rows of each kind",
            "ORG, now() + interval '10 years', 5",
        )
    },
    bound("quote_service", "", "ORG, null, '80202'"),
    bound("lookup_customer", "", "ORG, '+13030000005'"),
    bound("incident_calls", "", "ORG, INCIDENT"),
    bound(
        "incident_of_call",
        "",
        "ORG, 'big-call-5-1', '+13040000001'",
    ),
    bound("incident_steps", "", "ORG, INCIDENT"),
    bound("is_opted_out", "", "ORG, '+13030000005'"),
    bound("known_sids", "", "array['CA1', 'CA2'], PAGE"),
    unbound("live_twilio_credentials", "", ""),
    bound("claim_job", "", "ORG, PAGE"),
    bound("lock_incident", "", "ORG, INCIDENT"),
    bound(
        "move_incident",
        "on",
        "ORG, INCIDENT, 'open', 1::smallint, 0::smallint, 3::smallint, now(), false, '{}', '{}', '{}', null, null, '{}'",
    ),
    Case {
        most_pages: Some(90),
        ..bound(
            "move_incident",
            "to the staff",
            "ORG, INCIDENT, 'exhausted', 3::smallint, 1::smallint, 3::smallint, null, false, array[2]::smallint[], array[1]::smallint[], \
             array['no_channel'], 'words', '+13030000005', '{}'",
        )
    },
    Case {
        most_pages: TWO_PAGES,
        ..bound(
            "page_step",
            "",
            "ORG, INCIDENT, 2::smallint, 1::smallint, '{sms,voice}', '{words,words}', '+17200000005', 'subject', now(), 3::smallint, now(), \
             '{}', '{}', '{}'",
        )
    },
    Case {
        most_pages: REPORT,
        ..bound(
            "report_emergency",
            "a new call",
            "ORG, 'call-new', 'big-assistant-5-en', '+13049999999', 90::int2, '+13049999999', null, '12 Elm', 'high', 'words', 'en', null",
        )
    },
    Case {
        most_pages: REPORT,
        ..bound(
            "report_emergency",
            "a call with a visit",
            "ORG, 'big-call-5-7', 'big-assistant-5-en', '+13030000005', 90::int2, '+13030000005', null, '12 Elm', 'high', 'words', 'en', null",
        )
    },
    bound("note_message_limit", "", "ORG, 'words'"),
    bound("other_incidents", "", "ORG, INCIDENT, '+17200000005'"),
    bound("page_of_attempt", "", "ORG, PAGE"),
    bound("page_of_link", "", "ORG, PAGE"),
    // A telephone that was paged for ten emergencies within the day.
    Case {
        most_pages: Some(BOOKING),
        ..unbound(
            "answerable_pages",
            "",
            "'+17200000005', '+13035550190', now() - interval '1 day'",
        )
    },
    bound(
        "postpone_job",
        "",
        "ORG, PAGE, 'pending', now(), PAGE, 'busy', '429'",
    ),
    bound("enqueue_job", "", "ORG, 'say', '{}', null, 'a key', now()"),
    bound("queue_reminders", "", "ORG"),
    bound(
        "queue_sms",
        "",
        "ORG, '+13030000005', 'words', 'en', 'emergency_update', 'a key', 1::smallint, now()",
    ),
    bound(
        "record_consent",
        "",
        "ORG, '+13030000005', 'withdrawn', 'keyword', 'stop'",
    ),
    booking_like(
        "record_delivery_report",
        "ORG, PAGE, PAGE, 'CA1', 'completed', 4, 'failed', true, 'not_accepted', null",
    ),
    bound("release_hold", "", "ORG, 'call-new'"),
    // The busy time of both days is worked out anew.
    Case {
        most_pages: Some(370),
        ..booking_like(
            "reschedule_appointment",
            "ORG, VISIT, VISIT_CALL, DAY, '17:00'",
        )
    },
    bound("defer_job", "", "ORG, PAGE, now()"),
    bound("ringing_pages", "", "ORG, INCIDENT, '+13039999999'"),
    bound("sender_number", "", "ORG, 'sms'"),
    bound(
        "set_step_phone",
        "",
        "ORG, INCIDENT, 0::smallint, '+17200000005'",
    ),
    bound("sid_of_job", "", "ORG, PAGE"),
    bound(
        "record_inbound_message",
        "",
        "ORG, '+13030000005', '+13035550190', 'words', 'SM1'",
    ),
    bound("appointment_of_message", "", "ORG, '+13030000005'"),
    booking_like(
        "write_message",
        "ORG, VISIT, null, '+13030000005', 'words', 'en', 'reminder', '{}'",
    ),
    unbound("check_writable", "", ""),
    unbound("find_role", "", ""),
    // Every few seconds and by no call; here each organization has an emergency that is open.
    Case {
        most_pages: Some(100),
        is_of_all: true,
        ..unbound("queue_figures", "an open emergency in each organization", "now()")
    },
    unbound(
        "organization",
        "by all three",
        "'big-number-5-1', 'big-assistant-5-en', '+17190000011'",
    ),
    unbound(
        "organization",
        "by the number alone",
        "null, null, '+17190000011'",
    ),
    unbound(
        "organization",
        "nobody's call",
        "'no', 'no', '+15550000000'",
    ),
    unbound("suspended_organizations", "", ""),
    bound("note_dispute", "", "ORG, 'an-assistant'"),
    unbound("webhook_body_limits", "", ""),
    unbound("assistant_owner", "", "'big-assistant-5-en'"),
    unbound("webhook_credentials", "", ""),
    unbound("unsealed_organizations", "", ""),
    bound(
        "bind_organization",
        "",
        "md5('organization 5')::uuid::text, now()::text",
    ),
    check(
        "a day with room",
        "ORG, now(), DAY, 60, null, null, null, 'call-new', '+13030000005', true",
    ),
    Case {
        // Two days are searched.
        most_pages: Some(60),
        ..check(
            "a closed day",
            "ORG, now(), current_date + 23, 60, null, null, null, 'call-new', null, true",
        )
    },
    check(
        "a day too far",
        "ORG, now(), current_date + 400, 60, null, null, null, 'call-new', null, false",
    ),
    check(
        "a day that is past",
        "ORG, now(), current_date - 8, 60, null, null, null, null, null, false",
    ),
    booking(
        "a free hour, a new customer",
        "ORG, 'call-new', 'Ruth', '+13039999999', DAY, '17:00', 60, 'repair', null, null, 'en', null, null",
    ),
    booking(
        "a free hour, a known customer",
        "ORG, 'call-new', 'Ruth', '+13030000005', DAY, '17:00', 60, 'repair', null, null, 'en', null, null",
    ),
    bound(
        "book_appointment",
        "a taken hour",
        "ORG, 'call-new', 'Ruth', '+13030000005', VISIT_DAY, VISIT_TIME, 60, 'repair', null, null, 'en', null, null",
    ),
    bound(
        "book_appointment",
        "the same again",
        "ORG, VISIT_CALL, 'Ruth', '+13030000005', VISIT_DAY, VISIT_TIME, 60, 'repair', null, null, 'en', null, null",
    ),
    Case {
        most_pages: Some(BOOKING),
        ..unbound(
            "book_idempotently",
            "a free hour, the whole tool call",
            "ORG, now()::text, 'call-new', 'tool-new', 'book_appointment', '\\x01', '+13030000005', true, 'en', \
             '{\"en\": {\"result\": \"Booked.\"}}', 'Ruth', '+13030000005', DAY, '17:00', 60, 'repair', null, null, null, null",
        )
    },
    unbound(
        "book_idempotently",
        "answered before",
        "ORG, now()::text, 'big-call-5-7', 'tool-1', 'book_appointment', '\\x00', '+13030000005', true, 'en', \
         '{\"en\": {\"result\": \"Booked.\"}}', 'Ruth', '+13030000005', DAY, '17:00', 60, 'repair', null, null, null, null",
    ),
    unbound(
        "save_first_answer",
        "",
        "ORG, 'big-call-5-7', 'tool-3', 'book_appointment', '\\x00', false, '{\"result\": \"Taken.\"}', null, now()::text",
    ),
    bound("last_offer", "", "ORG, 'big-call-5-7'"),
    bound("asked_about", "", "ORG, 'big-call-5-7'"),
    bound("lock_call", "", "'organization 5', 'big-call-5-7'"),
    unbound(
        "begin_tool_call",
        "answered before",
        "ORG, now()::text, 'big-call-5-7', 'tool-1', 'book_appointment', '\\x00', '+13030000005', false",
    ),
    unbound(
        "begin_tool_call",
        "asked anew, by a caller whose language is not known yet",
        "ORG, now()::text, 'big-call-5-7', 'tool-2', 'book_appointment', '\\x00', '+13030000005', true",
    ),
    bound(
        "save_answer",
        "",
        "ORG, 'big-call-5-7', 'tool-2', 'book_appointment', '\\x00', true, '\"Booked.\"', null",
    ),
    bound(
        "record_call",
        "a new call",
        "ORG, 'call-new', 'big-assistant-5-en', '+13030000005', null, 'ringing', null, null, '{}', false, 'es'",
    ),
    bound(
        "record_call",
        "its final report",
        "ORG, 'big-call-5-7', 'big-assistant-5-en', '+13030000005', 60, 'ended', 'words', 'words', '{}', true, null",
    ),
    bound(
        "caller_language",
        "a known call of a customer",
        "ORG, 'big-call-5-7', '+13030000005', now()::text",
    ),
    unbound(
        "write_tool_log",
        "",
        "array[ORG, ORG], array['call-new', 'big-call-5-7'], array['big-assistant-5-en', null],
         array['+13030000005', '+13030000005'], array['{\"tool_call_id\": \"1\"}', '{\"tool_call_id\": \"2\"}']",
    ),
    unbound("fold_tool_log", "", "null, null, 0, 200"),
    bound(
        "is_free",
        "a free hour",
        "ORG, DAY, '17:00', 60, null, null, null, 'call-new'",
    ),
    Case {
        most_pages: Some(80),
        ..bound(
            "open_transfer",
            "",
            "md5('new transfer')::uuid, ORG, 'big-call-5-7', 'a person', 'normal', 'words', '+13035550101', 'initiated', '{}', null, 'en', \
             true, 'Call back.', '+13030000005', 'tool-2', 'transfer_call', '\\x00', '{\"result\": \"Stay.\"}', '{\"result\": \"None.\"}'",
        )
    },
    unbound(
        "record_command",
        "",
        "ORG, now()::text, md5('transfer 5 1')::uuid, 'connecting', null, null, 'big-call-5-7', 'tool-1', true, '{\"result\": \"Stay.\"}'",
    ),
    bound(
        "report_transfer",
        "",
        "ORG, md5('transfer 5 1')::uuid, 'failed', 'busy', null, 'busy', 'twilio_dial'",
    ),
    bound(
        "note_transfer",
        "",
        "ORG, md5('transfer 5 1')::uuid, 'no word', 'vapi_end'",
    ),
    bound("transfers_of_call", "", "ORG, 'big-call-5-7'"),
    bound("transfer_targets", "a call", "ORG, 'big-call-5-7'"),
    bound("transfer_targets", "no call", "ORG, null"),
    unbound(
        "begin_transfer",
        "asked anew",
        "ORG, now()::text, 'big-call-5-7', 'tool-2', 'transfer_call', '\\x00', '+13030000005', true",
    ),
    unbound(
        "begin_transfer",
        "answered before",
        "ORG, now()::text, 'big-call-5-7', 'tool-1', 'transfer_call', '\\x00', '+13030000005', true",
    ),
    bound(
        "leave_callback",
        "",
        "ORG, 'Call back.', '+13030000005', 'big-call-5-7', md5('transfer 5 1')::uuid",
    ),
    bound("lock_transfer", "", "ORG, md5('transfer 5 1')::uuid"),
    bound("transfer_after", "", "ORG, 'big-call-5-7', 1::int2"),
    bound("plain_secrets", "", "ORG"),
    bound(
        "seal_secret",
        "",
        "ORG, 'twilio_auth_token', 'sealed', 'key'",
    ),
    bound("plain_webhook_secrets", "", "ORG"),
    bound(
        "seal_webhook_secret",
        "",
        "ORG, md5('none')::uuid, 'sealed', 'key'",
    ),
];

/// What the placeholders of the cases stand for in a database.
const PLACEHOLDERS: &str = "
    select 'md5(''organization 5'')::uuid', quote_literal(d.day) || '::date', quote_literal(v.vapi_call_id),
        quote_literal(v.scheduled_date) || '::date', quote_literal(v.scheduled_time) || '::time',
        quote_literal(v.id) || '::uuid', quote_literal(p.incident_id) || '::uuid', quote_literal(p.id) || '::uuid'
    from (
        select current_date + n as day from generate_series(7, 14) as n
        where extract(isodow from current_date + n) < 6
        order by n limit 1
    ) as d
    cross join (
        select a.id, a.vapi_call_id, a.scheduled_date, a.scheduled_time from public.appointments as a
        where a.organization_id = md5('organization 5')::uuid and a.status = 'confirmed'
            and a.scheduled_date > current_date + 1 and extract(isodow from a.scheduled_date) < 6
        order by a.scheduled_date, a.scheduled_time limit 1
    ) as v
    cross join (
        select n.id, n.incident_id from public.emergency_notifications as n
        join public.emergency_incidents as i on i.id = n.incident_id
        where i.organization_id = md5('organization 5')::uuid and i.status = 'open' and n.notification_type = 'sms'
    ) as p";

/// What the placeholders of linked calendars stand for, a longer name before one that it contains.
const OF_CALENDARS: [(&str, &str); 8] = [
    ("LINKED", "organization"),
    ("CLAIMED_LINK", "claimed link"),
    ("LINK", "link"),
    ("ACCOUNT", "account"),
    ("CLAIMED_COPY", "claimed copy"),
    ("MOVED_COPY", "moved copy"),
    ("DELETED_COPY", "deleted copy"),
    ("COPY", "copy"),
];

/// Parameters with their placeholders filled in.
pub async fn filled(arguments: &str, transaction: &Transaction<'_>) -> String {
    let row = transaction.query_one(PLACEHOLDERS, &[]).await.unwrap();
    let arguments = OF_CALENDARS
        .iter()
        .fold(arguments.to_owned(), |text, (name, of)| {
            text.replace(name, &format!("md5('{of} 6')::uuid"))
        });
    // A longer name before one that it contains.
    [
        ("VISIT_CALL", 2),
        ("VISIT_DAY", 3),
        ("VISIT_TIME", 4),
        ("VISIT", 5),
        ("INCIDENT", 6),
        ("PAGE", 7),
        ("ORG", 0),
        ("DAY", 1),
    ]
    .iter()
    .fold(arguments, |text, (name, column)| {
        text.replace(name, row.get(*column))
    })
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sql/queries")
}

/// The names of the statements that the service sends; those of `frontdesk org` and `frontdesk secrets` are an operator's.
pub fn sent_by_the_service() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            path.file_stem().unwrap().to_str().unwrap().to_owned()
        })
        .filter(|name| !name.starts_with("org_") && !name.starts_with("secrets_"))
        .collect();
    names.sort();
    names
}

/// The statement of a file.
pub fn text(name: &str) -> String {
    fs::read_to_string(folder().join(format!("{name}.sql"))).unwrap()
}

/// The types that the service declares for a statement's parameters, read where it does: `sql!("name", [UUID, TEXT])`.
pub fn types(name: &str) -> String {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = fs::read_to_string(&path).unwrap();
            let quoted = format!("\"{name}\"");
            let declared = source
                .split("sql!(")
                .skip(1)
                .find(|rest| rest.trim_start().starts_with(&quoted));
            if let Some(rest) = declared {
                let list = rest.split_once('[').unwrap().1.split_once(']').unwrap().0;
                return list
                    .split(',')
                    .map(|kind| kind.trim().to_lowercase())
                    .filter(|kind| !kind.is_empty())
                    .map(|kind| {
                        kind.strip_suffix("_array")
                            .map_or(kind.clone(), |of| format!("{of}[]"))
                    })
                    .collect::<Vec<_>>()
                    .join(", ");
            }
        }
    }
    panic!("no sql!(\"{name}\", ...) in src/");
}
