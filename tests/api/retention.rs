//! What an organization keeps no longer is removed, and nothing else.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{TestApp, TestDatabase, Twilio, app::NOW, eventually, eventually_within};

/// How long a pass may take: after each look that finds nothing it rests 49 times as long as the look took, and on a busy machine the first
/// one takes long.
const PASS: Duration = Duration::from_mins(1);

const MARIA: &str = "+13035551700";

/// An organization that keeps everything for ever, with copies of the test organization's calls, texts and jobs.
const KEEPER: &str = "
insert into organizations (id, name, industry, settings)
values ('0f0f0f0f-0000-4000-8000-0000000000ee', 'Keeper', 'plumbing', '{\"retention\": {\"transcripts_days\": 0,
    \"recordings_days\": 0, \"tool_log_days\": 0, \"texts_days\": 0, \"audit_days\": 0, \"outbox_days\": 0}}');
insert into call_logs (organization_id, vapi_call_id, customer_phone_number, call_status, transcript, summary, tools_used, metadata, created_at)
select '0f0f0f0f-0000-4000-8000-0000000000ee', 'kept-' || vapi_call_id, customer_phone_number, call_status, transcript, summary, tools_used, metadata, created_at
from call_logs;
insert into private.tool_calls (organization_id, vapi_call_id, tool_call_id, tool, arguments_digest, succeeded, repeatable, answer)
select '0f0f0f0f-0000-4000-8000-0000000000ee', 'kept-' || vapi_call_id, tool_call_id, tool, arguments_digest, succeeded, repeatable, answer
from private.tool_calls;
insert into sms_communications (organization_id, phone_number, message_content, message_type, language_code, direction, status, created_at)
select '0f0f0f0f-0000-4000-8000-0000000000ee', phone_number, message_content, message_type, language_code, direction, status, created_at
from sms_communications;
insert into private.outbox (organization_id, kind, priority, dedupe_key, state, created_at, settled_at)
select '0f0f0f0f-0000-4000-8000-0000000000ee', kind, priority, dedupe_key, state, created_at, settled_at
from private.outbox;
insert into audit_log (organization_id, table_name, row_id, action, actor_role, changed_at)
values ('0f0f0f0f-0000-4000-8000-0000000000ee', 'appointments', gen_random_uuid(), 'insert', 'frontdesk_app', now() - interval '9 years');
";

/// Everything of an organization that retention may touch, counted and as text.
const KEPT: &str = "
select jsonb_build_object(
    'transcripts', (select count(*) from call_logs as c where c.organization_id = o.id and (transcript is not null or summary is not null)),
    'recordings', (select count(*) from call_logs as c where c.organization_id = o.id and metadata ? 'recording_url'),
    'answers', (select count(*) from private.tool_calls as t where t.organization_id = o.id),
    'offers', (select count(*) from call_logs as c cross join jsonb_array_elements(c.tools_used) as u (entry)
               where c.organization_id = o.id and u.entry ?| '{arguments,answer,reason,offered}'),
    'words', (select count(*) from sms_communications as s where s.organization_id = o.id and message_content <> ''),
    'jobs', (select count(*) from private.outbox as j where j.organization_id = o.id)
) from organizations as o where o.name = ";

async fn kept(database: &TestDatabase, name: &str) -> Value {
    database.value(&format!("{KEPT} '{name}'")).await
}

/// Waits until an organization has exactly this.
async fn comes_to(app: &TestApp, name: &str, expected: Value) {
    let mut last = Value::Null;
    eventually_within(PASS, "what is kept no longer is gone", async || {
        last = kept(&app.database, name).await;
        (last == expected).then_some(())
    })
    .await;
}

#[tokio::test]
async fn each_kind_goes_when_its_days_are_over_and_what_the_books_need_stays() {
    let twilio = Twilio::start().await;
    let app = TestApp::builder().await.twilio(&twilio).start().await;
    let caller = app.caller();
    caller
        .asks("check_availability", json!({ "date": "2026-12-01" }))
        .await;
    let heard = caller
        .asks(
            "book_appointment",
            json!({
                "customer_name": "Maria Lopez", "customer_phone": MARIA, "date": "2026-12-01T09:00",
                "service_address": "12 Elm Street",
            }),
        )
        .await;
    assert!(heard.says("booked"), "{}", heard.words);
    let text = twilio.contact(MARIA).expects_sms("booked").await;
    app.reply(&caller.message(json!({
        "type": "end-of-call-report", "endedReason": "customer-ended-call",
        "artifact": { "transcript": "My address is 12 Elm Street.", "recordingUrl": "https://recordings.example/a.wav" },
        "analysis": { "summary": "Maria books a visit.", "structuredData": { "name": "Maria" } },
    })))
    .await;
    text.replies("STOP").await;
    twilio.is_quiet().await;
    app.settles().await;
    eventually("both tool calls are in the row of the call", async || {
        let used: i64 = app
            .database
            .value("select sum(jsonb_array_length(tools_used))::bigint from call_logs")
            .await;
        (used == 2).then_some(())
    })
    .await;
    // Rows are dated by the server's clock; here by that of the rules.
    app.database
        .run(&format!(
            "update call_logs set created_at = '{NOW}', tools_used = (
                 select jsonb_agg(u.entry || '{{\"arguments\": {{\"a\": 1}}, \"answer\": \"Booked.\", \"reason\": \"free\"}}' order by u.nth)
                 from jsonb_array_elements(tools_used) with ordinality as u (entry, nth));
             update sms_communications set created_at = '{NOW}';
             update private.outbox set created_at = '{NOW}';"
        ))
        .await;
    app.database.run(KEEPER).await;
    let all = kept(&app.database, "Front Range Plumbing").await;
    let jobs = all["jobs"].as_i64().unwrap();
    let words = all["words"].as_i64().unwrap();
    assert!(jobs >= 1 && words >= 2, "{all}");
    let keeps = kept(&app.database, "Keeper").await;
    assert_eq!(keeps, all);

    app.at("2027-02-20T15:00:00Z"); // 89 days
    app.at("2027-02-22T15:00:00Z"); // 91 days

    comes_to(
        &app,
        "Front Range Plumbing",
        json!({ "transcripts": 1, "recordings": 1, "answers": 0, "offers": 0, "words": words, "jobs": 0 }),
    )
    .await;
    let log = app
        .database
        .object("select tools_used, transcript from call_logs where vapi_call_id not like 'kept-%'")
        .await;
    assert_eq!(log["tools_used"].as_array().unwrap().len(), 2, "{log}");
    assert_eq!(log["tools_used"][1]["tool"], "book_appointment");
    assert_eq!(log["transcript"], "My address is 12 Elm Street.");

    app.at("2027-11-25T15:00:00Z"); // 367 days

    comes_to(
        &app,
        "Front Range Plumbing",
        json!({ "transcripts": 0, "recordings": 0, "answers": 0, "offers": 0, "words": 0, "jobs": 0 }),
    )
    .await;
    let call = app
        .database
        .object("select customer_phone_number, metadata, summary from call_logs where vapi_call_id not like 'kept-%'")
        .await;
    assert_eq!(call["summary"], Value::Null);
    assert_eq!(call["metadata"]["ended_reason"], "customer-ended-call");
    assert_eq!(call["metadata"]["structured_data"], Value::Null);
    let stays: i64 = app
        .database
        .value("select count(*) from sms_communications where message_content = '' and twilio_message_sid is not null and phone_number = '+13035551700'")
        .await;
    assert_eq!(stays, words, "to whom a text went is still known");
    let stopped: String = app
        .database
        .value("select status::text from sms_consents")
        .await;
    assert_eq!(stopped, "withdrawn");
    let appointments: i64 = app
        .database
        .value("select count(*) from appointments where customer_name = 'Maria Lopez'")
        .await;
    assert_eq!(appointments, 1);
    assert_eq!(kept(&app.database, "Keeper").await, keeps);
}

#[tokio::test]
async fn the_audit_log_is_removed_by_the_servers_clock_whatever_the_service_is_told() {
    let app = TestApp::start().await;
    app.rules(&json!({ "retention": { "audit_days": 60 } }))
        .await;
    app.database
        .run(
            // Entries have their ids in the order of time.
            "set frontdesk.redacting = 'on'; delete from audit_log; set frontdesk.redacting = '';
             insert into audit_log (organization_id, table_name, row_id, action, actor_role, changed_at)
             select '0f0f0f0f-0000-4000-8000-000000000001', 'appointments', gen_random_uuid(), 'insert', 'frontdesk_app',
                 now() - make_interval(days => d)
             from unnest(array[61, 59]) as d;
             insert into audit_log (organization_id, table_name, row_id, action, actor_role, changed_at)
             values ('0f0f0f0f-0000-4000-8000-0000000000ee', 'appointments', gen_random_uuid(), 'insert', 'x', now() - interval '700 days');
             insert into organizations (id, name, industry) values ('0f0f0f0f-0000-4000-8000-0000000000ee', 'Sibling', 'plumbing');",
        )
        .await;

    app.at("2040-01-01T00:00:00Z");

    let ages = "select array_agg(extract(day from now() - changed_at)::int4 order by changed_at)
                from audit_log where table_name = 'appointments'";
    eventually_within(PASS, "the old entry is gone", async || {
        let ages: Vec<i32> = app.database.value(ages).await;
        (ages == [700, 59]).then_some(())
    })
    .await;
    // And still nobody else may.
    for role in ["", "set role service_role; ", "set role frontdesk_app; "] {
        let refused = app
            .database
            .try_run(&format!("{role}delete from audit_log"))
            .await
            .unwrap_err();
        assert_eq!(refused.code, "42501", "{role}");
    }
    for function in [
        "prune_audit('0f0f0f0f-0000-4000-8000-000000000001', now(), 5)",
        "prune_outbox('0f0f0f0f-0000-4000-8000-000000000001', now(), now(), 5)",
    ] {
        let refused = app
            .database
            .try_run(&format!(
                "set role frontdesk_app; select private.{function}"
            ))
            .await
            .unwrap_err();
        assert_eq!(refused.code, "42501", "{function}");
    }
}

#[tokio::test]
async fn jobs_stay_while_somebody_may_ask_for_them() {
    let app = TestApp::start().await;
    app.database
        .run(
            "insert into emergency_incidents (id, organization_id, urgency, message, status, acknowledged_at)
             select md5(s.status)::uuid, '0f0f0f0f-0000-4000-8000-000000000001', 'high', 'words', s.status, now()
             from unnest(array['acknowledged', 'closed']) as s (status);
             insert into emergency_notifications (id, organization_id, incident_id, notification_type, urgency, message)
             select i.id, i.organization_id, i.id, 'voice', 'high', 'words' from emergency_incidents as i;
             insert into appointments (id, organization_id, customer_name, customer_phone, appointment_type, scheduled_date, scheduled_time)
             select md5(d)::uuid, '0f0f0f0f-0000-4000-8000-000000000001', 'Maria', '+1', 'repair', d::date, '09:00'
             from unnest(array['2026-12-01', '2027-09-01']) as d;
             insert into sms_communications (id, organization_id, phone_number, message_content, message_type, language_code, direction, created_at)
             select md5(s)::uuid, '0f0f0f0f-0000-4000-8000-000000000001', '+13035551700', s, 'x', 'en', 'outbound', '2024-01-01'
             from unnest(array['sent', 'to be sent']) as s;
             insert into private.outbox
                 (organization_id, kind, priority, dedupe_key, state, due_at, created_at, notification_id, appointment_id, sms_id, payload)
             select '0f0f0f0f-0000-4000-8000-000000000001', 'sms', 5, j.name, j.state, j.due_at, '2026-01-01', j.page, j.visit, j.sms, j.payload
             from (values
                 ('page of an open incident', 'done', null, md5('acknowledged')::uuid, null, null, '{}'::jsonb),
                 ('page of a closed incident', 'done', null, md5('closed')::uuid, null, null, '{}'),
                 ('fallback of an open incident', 'done', null, null, null, null, jsonb_build_object('incident_id', md5('acknowledged')::uuid)),
                 ('visit to come', 'done', null, null, md5('2027-09-01')::uuid, null, '{}'),
                 ('visit of the past', 'failed', null, null, md5('2026-12-01')::uuid, null, '{}'),
                 ('unfinished', 'pending', '2035-01-01'::timestamptz, null, null, md5('to be sent')::uuid, '{}'),
                 ('finished', 'cancelled', null, null, null, md5('sent')::uuid, '{}')
             ) as j (name, state, due_at, page, visit, sms, payload);
             insert into private.outbox_attempts (effect_id, organization_id, started_at)
             select o.id, o.organization_id, o.created_at from private.outbox as o where o.dedupe_key = 'finished';",
        )
        .await;

    app.at("2027-03-01T15:00:00Z");

    eventually_within(PASS, "what is finished is gone", async || {
        let left: Vec<String> = app
            .database
            .column(
                "select dedupe_key from private.outbox where created_at = '2026-01-01' order by 1",
            )
            .await;
        (left
            == [
                "fallback of an open incident",
                "page of an open incident",
                "unfinished",
                "visit to come",
            ])
        .then_some(())
    })
    .await;
    let attempts: i64 = app
        .database
        .value("select count(*) from private.outbox_attempts")
        .await;
    assert_eq!(attempts, 0);
    let words: Vec<String> = app
        .database
        .column("select message_content from sms_communications order by 1")
        .await;
    assert_eq!(words, ["", "to be sent"]);
}

#[tokio::test]
async fn many_rows_go_in_batches_and_a_row_that_somebody_holds_waits_for_the_next_pass() {
    let app = TestApp::start().await;
    app.database
        .run(
            "insert into call_logs (organization_id, vapi_call_id, customer_phone_number, call_status, transcript, created_at)
             select '0f0f0f0f-0000-4000-8000-000000000001', 'old-' || n, '+1', 'ended', 'words', '2024-01-01'
             from generate_series(1, 450) as n",
        )
        .await;
    let mut holder = app.database.connect().await;
    let holding = holder.transaction().await.unwrap();
    holding
        .batch_execute("select from call_logs where vapi_call_id = 'old-7' for update")
        .await
        .unwrap();
    let left = async || {
        app.database
            .column::<String>("select vapi_call_id from call_logs where transcript is not null")
            .await
    };

    app.at("2026-11-23T15:10:00Z");
    eventually_within(
        Duration::from_secs(30),
        "all but the row that is held are without words",
        async || (left().await == ["old-7"]).then_some(()),
    )
    .await;
    holding.rollback().await.unwrap();
    app.at("2026-11-23T15:20:00Z");
    eventually_within(PASS, "the last one is too", async || {
        left().await.is_empty().then_some(())
    })
    .await;

    eventually("they are counted", async || {
        let shown = app.http.get(app.admin_url("/metrics")).send().await;
        let metrics = shown.unwrap().text().await.unwrap();
        let counted: u64 = metrics
            .lines()
            .find_map(|line| {
                line.strip_prefix("frontdesk_pruned_rows_total{kind=\"transcripts\"} ")
            })?
            .parse()
            .unwrap();
        (counted >= 450).then_some(())
    })
    .await;
}

#[tokio::test]
async fn one_at_a_time_prunes_an_organization_and_never_more_than_a_batch() {
    let database = TestDatabase::with_organization("America/Denver", "{}").await;
    database
        .run(
            "insert into call_logs (organization_id, vapi_call_id, customer_phone_number, call_status, transcript, created_at)
             select '0f0f0f0f-0000-4000-8000-000000000001', 'old-' || n, '+1', 'ended', 'words', '2024-01-01'
             from generate_series(1, 600) as n",
        )
        .await;
    let (mut one, mut other) = (database.connect().await, database.connect().await);
    let prune = "select kind, pruned from private.prune('00000000-0000-0000-0000-000000000000', now(), 1000)";
    let first = one.transaction().await.unwrap();
    let second = other.transaction().await.unwrap();

    let rows = first.query(prune, &[]).await.unwrap();
    let others = second.query(prune, &[]).await.unwrap();

    let of = |kind: &str| -> i32 {
        rows.iter()
            .find(|row| row.get::<_, &str>(0) == kind)
            .unwrap()
            .get(1)
    };
    assert_eq!(
        (rows.len(), of("transcripts"), of("tool_log")),
        (6, 500, 500)
    );
    assert_eq!(others.len(), 1);
    assert_eq!(others[0].get::<_, Option<&str>>(0), None, "it is busy");
    let after_the_last = second
        .query(
            "select from private.prune('0f0f0f0f-0000-4000-8000-000000000001', now(), 5)",
            &[],
        )
        .await
        .unwrap();
    assert!(after_the_last.is_empty());
}

#[tokio::test]
async fn settings_that_were_never_checked_count_as_the_defaults() {
    let database = TestDatabase::new().await;
    let rules = database
        .object(
            r#"select r.* from private.retention_rules('{"retention": {"transcripts_days": "soon", "recordings_days": 0, "audit_days": 3, "outbox_days": -1, "texts_days": 1}}') as r"#,
        )
        .await;
    assert_eq!(
        rules,
        json!({
            "transcripts_days": 365, "recordings_days": 0, "tool_log_days": 90, "texts_days": 1, "audit_days": 730,
            "outbox_days": 90,
        })
    );
}
