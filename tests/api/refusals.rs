//! What the database refuses: in words where somebody typed a command, and by the rule of the column where a row is written by hand.

use std::collections::BTreeSet;

use frontdesk::commands::refusals::{CONSTRAINTS, of_constraint};

use crate::support::{
    Operator, TestDatabase,
    database::ORGANIZATION_ID,
    operator::{complaint, frontdesk, with_environment},
};

/// The tables of schema public that no command of the owner writes: callers, providers, dashboards and triggers do.
const WRITTEN_BY_OTHERS: [&str; 14] = [
    "appointments",
    "audit_log",
    "billing_invoices",
    "billing_subscriptions",
    "call_logs",
    "call_transfers",
    "customers",
    "emergency_incidents",
    "emergency_notifications",
    "slot_holds",
    "sms_communications",
    "sms_consents",
    "staff_tasks",
    "user_profiles",
];

#[tokio::test]
async fn every_constraint_that_a_command_can_meet_has_its_words() {
    let database = TestDatabase::new().await;
    let rules: Vec<String> = database
        .column(
            "select t.relname || ' ' || r.name
             from (
                 select conrelid as id, conname::text as name from pg_constraint where contype in ('c', 'u', 'f', 'p', 'x')
                 union
                 select i.indrelid, c.relname::text
                 from pg_index as i join pg_class as c on c.oid = i.indexrelid
                 where i.indisunique
             ) as r
             join pg_class as t on t.oid = r.id
             where t.relnamespace = 'public'::regnamespace and t.relkind in ('r', 'p')",
        )
        .await;
    let known: BTreeSet<&str> = CONSTRAINTS.iter().map(|(name, _)| *name).collect();
    assert_eq!(known.len(), CONSTRAINTS.len(), "each stands once");
    assert!(
        known.iter().eq(CONSTRAINTS.iter().map(|(name, _)| name)),
        "by name"
    );

    let mut wanted = BTreeSet::new();
    for rule in &rules {
        let (table, name) = rule.split_once(' ').unwrap();
        if !WRITTEN_BY_OTHERS.contains(&table) {
            wanted.insert(name);
        }
    }
    assert!(wanted.len() > 40, "{wanted:?}");
    wanted.retain(|name| of_constraint(name).is_none() || known.contains(name));
    assert_eq!(
        wanted.difference(&known).collect::<Vec<_>>(),
        Vec::<&&str>::new(),
        "without words"
    );
    assert_eq!(
        known.difference(&wanted).collect::<Vec<_>>(),
        Vec::<&&str>::new(),
        "without a rule"
    );
}

#[tokio::test]
async fn no_command_shows_the_name_of_a_constraint() {
    let operator = Operator::new().await;
    operator
        .database
        .run(
            "insert into organizations (id, name, industry) values ('00000000-0000-4000-8000-00000000000b', 'Zeta', 'hvac');
             insert into phone_number_assignments (organization_id, phone_number, phone_provider, vapi_phone_number_id)
             values ('00000000-0000-4000-8000-00000000000b', '+13035550100', 'vapi', 'n-1');
             insert into vapi_assistants (organization_id, vapi_assistant_id, name, industry, language, system_prompt, voice_config)
             values ('00000000-0000-4000-8000-00000000000b', 'a-1', 'Zoe', 'hvac', 'en', '', '{}')",
        )
        .await;
    let long = "x".repeat(300);
    for (command, arguments, parts) in [
        (
            "add-phone",
            vec!["--number", "+13035550100"],
            vec![
                "+13035550100 is in use by Zeta (00000000-0000-4000-8000-00000000000b)",
                "frontdesk org remove-phone",
            ],
        ),
        (
            "add-phone",
            vec!["--number", "+13035550101", "--vapi-phone-number-id", "n-1"],
            vec!["n-1 belongs to +13035550100 of Zeta"],
        ),
        (
            "add-assistant",
            vec!["--vapi-assistant-id", "a-1", "--name", "Ava"],
            vec!["Zeta (00000000-", "frontdesk org remove-assistant"],
        ),
        (
            "set-service",
            vec!["Drains", "--after", "500"],
            vec!["--after takes minutes from 0 to 240"],
        ),
        (
            "set-service",
            vec!["Drains", "--price", "2000000"],
            vec!["--price takes whole dollars"],
        ),
        (
            "set-service",
            vec!["Drains", "--skill", " "],
            vec!["--skill is empty"],
        ),
        (
            "set-service",
            vec![&long],
            vec!["longer than 255 characters"],
        ),
        (
            "set-service",
            vec!["Drains", "--skill", &long],
            vec!["too long", "shorten it"],
        ),
        (
            "set-crew",
            vec!["9", "--skills", "gas"],
            vec!["there is no crew 9", "crews 1 to 1", "capacity="],
        ),
    ] {
        operator.is_refused(command, &arguments, &parts);
        let complaint = complaint(&operator.org(command, &arguments));
        for raw in ["_check", "_key", "_pkey", "_fkey", "violates", "constraint"] {
            assert!(!complaint.contains(raw), "{command}: {complaint}");
        }
    }
}

#[tokio::test]
async fn what_was_accepted_and_cannot_be_meant_is_refused_with_what_is() {
    let operator = Operator::new().await;
    operator.hears("set", &["capacity=3"]);
    for (command, arguments, part) in [
        ("set", vec!["name= "], "name is empty"),
        ("set", vec!["industry=plumbin"], "did you mean plumbing?"),
        ("set", vec!["industry="], "industry is empty"),
        (
            "add-assistant",
            vec!["--vapi-assistant-id", "a-1", "--name", ""],
            "--name is empty",
        ),
        (
            "add-assistant",
            vec!["--vapi-assistant-id", " ", "--name", "Ava"],
            "--vapi-assistant-id is empty",
        ),
        ("set-crew", vec!["2", "--name", " "], "--name is empty"),
        ("set-crew", vec!["9", "--name", "Van 9"], "crews 1 to 3"),
        (
            "add-contact",
            vec![
                "--name",
                "Dana Ruiz",
                "--phone",
                "+13035550103",
                "--email",
                "dana@",
            ],
            "--email is dana@; it takes an address",
        ),
        (
            "invite",
            vec!["--email", "dana@example", "--role", "member"],
            "--email is dana@example; it takes an address",
        ),
        ("set-hours", vec!["mon=8-6"], "could end in the afternoon"),
        (
            "set-hours",
            vec!["mon-wed=8-18", "tue=9-12"],
            "tuesday is given twice",
        ),
    ] {
        operator.is_refused(command, &arguments, &[part]);
    }
    let url = operator.database.url();
    for (name, industry, part) in [
        ("", "plumbing", "--name is empty"),
        ("Acme", "electrcal", "did you mean electrical?"),
    ] {
        let refused = frontdesk(
            &url,
            &["org", "create", "--name", name, "--industry", industry],
        );
        assert!(!refused.status.success());
        assert!(
            complaint(&refused).contains(part),
            "{}",
            complaint(&refused)
        );
    }
    let organizations: i64 = operator
        .database
        .value("select count(*) from organizations where name = 'Acme' and industry = 'plumbing'")
        .await;
    assert_eq!(
        organizations, 1,
        "the first is as it was, and there is no other"
    );
}

#[tokio::test]
async fn the_same_contact_is_entered_once_and_another_at_the_same_number_as_well() {
    let operator = Operator::new().await;
    let dana = ["--name", "Dana Ruiz", "--phone", "+13035550103"];
    operator.hears("add-contact", &dana);

    operator.is_refused(
        "add-contact",
        &["--name", "dana ruiz ", "--phone", "(303) 555-0103"],
        &[
            "Dana Ruiz with that number is a contact at the same times already",
            "set-contact",
        ],
    );
    // One person may have several shifts, and several persons one telephone.
    let nights = [&dana[..], &["--hours", "18:00-08:00"]].concat();
    operator.hears("add-contact", &nights);
    operator.hears(
        "add-contact",
        &["--name", "Sam Lee", "--phone", "+13035550103"],
    );
    let contacts = operator.reads("contacts", &[]);
    assert_eq!(contacts.as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn hours_are_understood_however_they_are_written() {
    let operator = Operator::new().await;

    let stored = operator.reads(
        "set-hours",
        &[
            "mon=8:00-18:00",
            "tue-thu=8am-6pm",
            "fri=8-12,13-17:30",
            "sat,sun=closed",
        ],
    );

    let day = serde_json::json!([{ "open": "08:00", "close": "18:00" }]);
    for name in ["monday", "tuesday", "wednesday", "thursday"] {
        assert_eq!(stored["hours"][name], day, "{name}");
    }
    assert_eq!(
        stored["hours"]["friday"],
        serde_json::json!([{ "open": "08:00", "close": "12:00" }, { "open": "13:00", "close": "17:30" }])
    );
    for name in ["saturday", "sunday"] {
        assert_eq!(stored["hours"][name], serde_json::json!([]), "{name}");
    }
    let contact = [
        "--name",
        "Dana",
        "--phone",
        "+13035550103",
        "--days",
        "mon-fri",
        "--hours",
        "6pm-8am",
    ];
    operator.hears("add-contact", &contact);
    let contact = &operator.reads("contacts", &[])[0];
    assert_eq!(contact["hours"], "18:00-08:00");
    assert_eq!(contact["days"].as_array().unwrap().len(), 5);
}

#[tokio::test]
async fn a_role_that_sees_no_organization_is_told_so_and_not_that_all_is_well() {
    let operator = Operator::new().await;
    let url = operator.database.service_url();
    for line in [
        &["oncall", "gaps"] as &[&str],
        &["oncall", "show", "--org", "acme"],
        &["org", "list"],
        &["org", "show", "acme"],
        &["outbox", "list"],
    ] {
        let refused = with_environment(line, &[("FRONTDESK_OWNER_URL", &url)]);
        let complaint = complaint(&refused);
        assert_eq!(refused.status.code(), Some(1), "{line:?}: {complaint}");
        assert!(refused.stdout.is_empty(), "{line:?}");
        for part in [
            "the role frontdesk_app sees no organization",
            "FRONTDESK_OWNER_URL",
        ] {
            assert!(complaint.contains(part), "{line:?}: {complaint}");
        }
    }
}

#[tokio::test]
async fn a_number_out_of_its_range_is_refused_by_the_check_of_its_column() {
    let database = TestDatabase::with_organization("America/Denver", "{\"capacity\": 2}").await;
    let appointment = |columns: &str, values: &str| {
        format!(
            "insert into appointments (organization_id, customer_name, customer_phone, appointment_type,
                 scheduled_date, scheduled_time{columns})
             values ('{ORGANIZATION_ID}', 'Someone', '+13035550199', 'repair', '2026-12-01', '09:00'{values})"
        )
    };
    database.run(&appointment("", "")).await;
    let mut cases = Vec::new();
    for number in ["-5", "0", "481", "2147483647", "-2147483648"] {
        cases.push((
            "duration_minutes",
            number,
            "appointments_duration_minutes_check",
        ));
    }
    for column in ["buffer_before_minutes", "buffer_after_minutes"] {
        for number in ["-5", "-500", "241", "2147483647", "-2147483648"] {
            cases.push((column, number, "appointments_buffers_check"));
        }
    }
    for (column, number, rule) in cases {
        for sql in [
            appointment(&format!(", {column}"), &format!(", {number}")),
            format!("update appointments set {column} = {number}"),
        ] {
            let refused = database.try_run(&sql).await.unwrap_err();
            assert_eq!(refused.code, "23514", "{sql}: {}", refused.message);
            assert!(refused.message.contains(rule), "{sql}: {}", refused.message);
        }
    }
    let refused = database
        .try_run("update appointments set duration_minutes = null")
        .await;
    assert_eq!(refused.unwrap_err().code, "23502");
    for day in [
        "'-infinity'",
        "'5874897-12-31'",
        "'4713-01-01 BC'",
        "'10000-01-01'",
    ] {
        let sql = format!("update appointments set scheduled_date = {day}");
        let refused = database.try_run(&sql).await.unwrap_err();
        assert_eq!(refused.code, "23514", "{day}: {}", refused.message);
        assert!(refused.message.starts_with("scheduled_date is "), "{day}");
    }
    let busy: i64 = database
        .value(
            "select count(*) from appointments where not isempty(busy) and duration_minutes = 60",
        )
        .await;
    assert_eq!(busy, 1, "the visit is as it was");
}
