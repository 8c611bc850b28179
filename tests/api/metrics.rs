//! What the service shows to Prometheus: every figure that the dashboard and the alerts ask for, and what an outage looks like in them.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::{Value, json};

use crate::support::{
    LinkedGoogle, TestDatabase,
    app::{ASSISTANT_ID, ORGANIZATION, ORGANIZATION_ID, PHONE_NUMBER_ID},
    eventually, eventually_within,
    http::Failure,
    process::Process,
};

async fn process(environment: &[(&str, &str)]) -> (TestDatabase, Process) {
    let database = TestDatabase::new().await;
    database.run(ORGANIZATION).await;
    let process = Process::start(&database, environment).await;
    (database, process)
}

/// A message with one tool call, of a call to this number and assistant.
fn asks(tool: &str, number: &str, assistant: &str) -> Value {
    json!({ "message": {
        "type": "tool-calls",
        "call": {
            "id": "a-call", "phoneNumberId": number, "assistantId": assistant,
            "customer": { "number": "+13035551234" },
        },
        "phoneNumber": { "number": "+13035559876" },
        "toolCallList": [{ "id": "a", "name": tool, "arguments": { "date": "2026-12-01" } }],
    }})
}

/// The lines of its log with these words, once there are so many.
async fn logged(process: &Process, words: &str, count: usize) -> Vec<Value> {
    eventually("it is logged", async || {
        let lines = process.logged(words);
        (lines.len() >= count).then_some(lines)
    })
    .await
}

/// Every expression of a dashboard or of alerting rules: the texts under `expr`, and the queries of variables.
fn expressions(of: &Value, found: &mut Vec<String>) {
    match of {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) if name == "expr" || name == "query" => {
                        found.push(text.clone());
                    }
                    _ => expressions(value, found),
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|value| expressions(value, found)),
        _ => {}
    }
}

/// The series that an expression asks for: a metric's name, and the labels that must have one certain value.
fn series(expression: &str) -> Vec<(String, Vec<String>)> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut found = Vec::new();
    for prefix in ["frontdesk_", "process_"] {
        for (at, _) in expression.match_indices(prefix) {
            if expression[..at].ends_with(is_name) {
                continue;
            }
            let rest = &expression[at..];
            let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
            let (name, behind) = rest.split_at(end);
            let labels = behind
                .strip_prefix('{')
                .and_then(|labels| labels.split_once('}'))
                .map_or("", |(labels, _)| labels);
            // `job` and `instance` are added by whoever scrapes.
            let certain = labels
                .split(", ")
                .filter(|label| label.contains("=\"") && !label.contains('$'))
                .filter(|label| !label.starts_with("job=") && !label.starts_with("instance="))
                .map(str::to_owned)
                .collect();
            found.push((name.to_owned(), certain));
        }
    }
    found
}

/// What `deploy/grafana` asks for.
fn asked_for() -> BTreeSet<(String, Vec<String>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/grafana");
    let text = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let dashboard: Value = serde_json::from_str(&text("dashboard.json")).unwrap();
    let alerts: Value = serde_saphyr::from_str(&text("alerts.yaml")).unwrap();
    let mut found = Vec::new();
    expressions(&dashboard, &mut found);
    expressions(&alerts, &mut found);
    found.iter().flat_map(|text| series(text)).collect()
}

#[tokio::test]
async fn every_series_that_the_dashboard_and_the_alerts_ask_for_is_there_before_the_first_call() {
    let (_database, process) = process(&[]).await;
    let asked_for = asked_for();
    assert!(asked_for.len() >= 30, "{asked_for:?}");

    let missing = eventually("the first figures are taken", async || {
        let figures = process.figures().await;
        let is_there = |(name, labels): &&(String, Vec<String>)| {
            figures.lines().any(|line| {
                line.strip_prefix(name.as_str())
                    .is_some_and(|rest| rest.starts_with(['{', ' ']))
                    && labels.iter().all(|label| line.contains(label.as_str()))
            })
        };
        let missing: Vec<_> = asked_for
            .iter()
            .filter(|asked| !is_there(asked))
            .cloned()
            .collect();
        figures
            .contains("frontdesk_database_up 1")
            .then_some(missing)
    })
    .await;
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn the_series_of_an_expression_are_found() {
    let expression = "sum(rate(frontdesk_tool_calls_total{instance=~\"$instance\", outcome=\"late\", tool=~\"a|b\"}[5m])) / time() - process_start_time_seconds";
    let found = series(expression);
    assert_eq!(
        found,
        [
            (
                "frontdesk_tool_calls_total".to_owned(),
                vec!["outcome=\"late\"".to_owned()]
            ),
            ("process_start_time_seconds".to_owned(), vec![]),
        ]
    );
}

#[tokio::test]
async fn every_metric_is_described_and_what_is_measured_has_its_unit() {
    let (_database, process) = process(&[]).await;
    process
        .replies(&asks("check_availability", PHONE_NUMBER_ID, ASSISTANT_ID))
        .await;

    let figures = process.figures().await;
    let described: BTreeSet<&str> = figures
        .lines()
        .filter_map(|line| line.strip_prefix("# HELP "))
        .filter_map(|line| line.split(' ').next())
        .collect();
    let undescribed: Vec<&str> = figures
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE "))
        .filter_map(|line| line.split(' ').next())
        .filter(|name| !described.contains(name))
        .collect();
    assert!(undescribed.is_empty(), "{undescribed:?}");
    let version = format!("version=\"{}\"", env!("CARGO_PKG_VERSION"));
    let info = figures
        .lines()
        .find(|line| line.starts_with("frontdesk_build_info{"))
        .unwrap();
    assert!(info.contains(&version) && info.ends_with(" 1"), "{info}");
}

#[tokio::test]
async fn a_tool_call_that_fails_in_an_outage_is_counted_whether_or_not_its_organization_is_known() {
    let (database, process) = process(&[]).await;
    let unavailable =
        "frontdesk_tool_calls_total{tool=\"check_availability\",outcome=\"unavailable\"}";
    let is_up = "frontdesk_database_up";
    eventually("the database is seen", async || {
        (process.figure(is_up).await == Some(1.0)).then_some(())
    })
    .await;
    assert_eq!(process.figure(unavailable).await, Some(0.0));

    database.goes_away().await;
    // Nobody has called before, so the organization would have to be looked up.
    let message = asks("check_availability", PHONE_NUMBER_ID, ASSISTANT_ID);
    let reply = process.replies(&message).await;
    let heard = reply["results"][0]["error"].as_str().unwrap();
    assert!(heard.contains("can't see the schedule"), "{heard}");

    assert_eq!(process.figure(unavailable).await, Some(1.0));
    let line = logged(&process, "organization could not be looked up", 1).await;
    assert_eq!(line[0]["vapi.phone_number_id"], PHONE_NUMBER_ID);
    assert_eq!(line[0]["error.kind"], "unavailable");
    eventually("the outage is seen", async || {
        (process.figure(is_up).await == Some(0.0)).then_some(())
    })
    .await;
    let told = logged(&process, "the database takes no writes", 1).await;
    assert_eq!(told.len(), 1, "an outage is logged once: {told:#?}");

    database.comes_back().await;
    eventually("its end is seen", async || {
        (process.figure(is_up).await == Some(1.0)).then_some(())
    })
    .await;
    process.replies(&message).await;
    database.goes_away().await;
    process.replies(&message).await;
    assert_eq!(process.figure(unavailable).await, Some(2.0));
    database.comes_back().await;
}

#[tokio::test]
async fn a_call_that_is_not_set_up_is_counted_and_logged_with_the_providers_ids_and_no_number() {
    let (_database, process) = process(&[]).await;

    for kind in ["tool-calls", "assistant-request", "end-of-call-report"] {
        let mut message = asks(
            "check_availability",
            "a-strange-number",
            "a-strange-assistant",
        );
        message["message"]["type"] = json!(kind);
        process.replies(&message).await;
    }

    let lines = logged(&process, "belongs to no organization", 3).await;
    assert_eq!(lines.len(), 3, "{lines:#?}");
    for line in &lines {
        assert_eq!(line["vapi.phone_number_id"], "a-strange-number");
        assert_eq!(line["vapi.assistant_id"], "a-strange-assistant");
        assert_eq!(line["call.id"], "a-call");
        assert!(line.get("organization.id").is_none());
    }
    let log = format!("{:?}", process.log());
    assert!(!log.contains("303555"), "{log}");
    let unknown = "frontdesk_unknown_calls_total{reason=\"not_set_up\"}";
    assert_eq!(process.figure(unknown).await, Some(3.0));
    let counted =
        "frontdesk_tool_calls_total{tool=\"check_availability\",outcome=\"unknown_organization\"}";
    assert_eq!(process.figure(counted).await, Some(1.0));
}

#[tokio::test]
async fn a_request_that_is_refused_is_logged_with_the_organization_of_its_path() {
    let (_database, process) = process(&[]).await;
    let path = format!("/vapi/webhook/{ORGANIZATION_ID}");
    let url = format!("http://127.0.0.1:{}{path}", process.port);

    let reply = process
        .http
        .post(url)
        .header("X-Vapi-Secret", "a guess")
        .body("{}")
        .send()
        .await
        .unwrap();

    assert_eq!(reply.status(), 401);
    let lines = logged(&process, "a webhook request was refused", 1).await;
    assert_eq!(lines[0]["organization.id"], ORGANIZATION_ID.to_string());
    assert!(!format!("{lines:?}").contains("guess"));
}

#[tokio::test]
async fn emergencies_that_nobody_has_and_jobs_that_are_due_are_figures_of_all_organizations() {
    let database = TestDatabase::new().await;
    database.run(ORGANIZATION).await;
    database
        .run(
            "insert into organizations (id, name, industry, timezone)
             values ('0f0f0f0f-0000-4000-8000-000000000002', 'Acme', 'plumbing', 'America/Denver');
             insert into emergency_incidents (organization_id, urgency, message, status, opened_at, acknowledged_at)
             values
                 ('0f0f0f0f-0000-4000-8000-000000000001', 'high', 'water', 'exhausted', '2026-11-23 14:40Z', null),
                 ('0f0f0f0f-0000-4000-8000-000000000002', 'high', 'water', 'open', '2026-11-23 14:50Z', null),
                 ('0f0f0f0f-0000-4000-8000-000000000002', 'high', 'water', 'acknowledged', '2026-11-23 10:00Z', '2026-11-23 10:01Z'),
                 ('0f0f0f0f-0000-4000-8000-000000000002', 'high', 'water', 'closed', '2026-11-23 09:00Z', null);",
        )
        .await;
    // No service runs yet that would do what is due.
    database
        .run(
            "insert into private.outbox (organization_id, kind, priority, dedupe_key, due_at)
             values
                 ('0f0f0f0f-0000-4000-8000-000000000001', 'sms', 0, 'a', '2026-11-23 14:59Z'),
                 ('0f0f0f0f-0000-4000-8000-000000000002', 'sms', 5, 'b', '2026-11-23 14:58Z'),
                 ('0f0f0f0f-0000-4000-8000-000000000002', 'sms', 5, 'c', '2026-11-23 15:01Z')",
        )
        .await;
    let figures =
        "select due_jobs, oldest_due_seconds from private.queue_figures('2026-11-23 15:00Z')";
    let row = &database.rows(figures, &[]).await[0];
    assert_eq!((row.get(0), row.get(1)), (2_i64, 120.0_f64));
    database.run("delete from private.outbox").await;
    let row = &database.rows(figures, &[]).await[0];
    assert_eq!((row.get(0), row.get(1)), (0_i64, 0.0_f64));

    let process = Process::start(&database, &[]).await;

    eventually_within(
        std::time::Duration::from_secs(20),
        "they are counted",
        async || {
            let counted = process.figure("frontdesk_incidents_unacknowledged").await;
            let oldest = process
                .figure("frontdesk_incidents_oldest_unacknowledged_seconds")
                .await;
            (counted == Some(2.0) && oldest == Some(1_200.0)).then_some(())
        },
    )
    .await;
}

#[tokio::test]
async fn linked_calendars_are_figures_of_all_organizations_and_without_their_names() {
    let database = TestDatabase::new().await;
    database.run(ORGANIZATION).await;
    database
        .run(
            "insert into organizations (id, name, industry, timezone, calendar_sync_enabled)
             values ('0f0f0f0f-0000-4000-8000-000000000002', 'Acme', 'plumbing', 'America/Denver', true);
             update organizations set calendar_sync_enabled = true;
             insert into private.calendar_accounts (id, organization_id, provider, secret_name, state)
             values
                 ('0f0f0f0f-0000-4000-8000-0000000000a1', '0f0f0f0f-0000-4000-8000-000000000001', 'google', 'calendar/1', 'live'),
                 ('0f0f0f0f-0000-4000-8000-0000000000a2', '0f0f0f0f-0000-4000-8000-000000000002', 'google', 'calendar/2', 'live'),
                 ('0f0f0f0f-0000-4000-8000-0000000000a3', '0f0f0f0f-0000-4000-8000-000000000002', 'google', 'calendar/3', 'revoked');
             insert into private.calendar_links (id, organization_id, account_id, calendar, failures, last_synced_at, due_at)
             values
                 ('0f0f0f0f-0000-4000-8000-0000000000b1', '0f0f0f0f-0000-4000-8000-000000000001',
                  '0f0f0f0f-0000-4000-8000-0000000000a1', 'a', 0, '2026-11-23 14:55Z', '2026-11-23 17:00Z'),
                 ('0f0f0f0f-0000-4000-8000-0000000000b2', '0f0f0f0f-0000-4000-8000-000000000002',
                  '0f0f0f0f-0000-4000-8000-0000000000a2', 'b', 3, '2026-11-23 14:30Z', '2026-11-23 17:00Z'),
                 ('0f0f0f0f-0000-4000-8000-0000000000b3', '0f0f0f0f-0000-4000-8000-000000000002',
                  '0f0f0f0f-0000-4000-8000-0000000000a3', 'c', 1, '2026-11-20 14:30Z', null);
             insert into private.calendar_copies (organization_id, link_id, original_id, due_at)
             select organization_id, id, id, due
             from private.calendar_links
             cross join (values (timestamptz '2026-11-23 14:59Z')) as d (due)
             where failures > 0",
        )
        .await;
    let figures = "select live_links, failing_links, revoked_links, oldest_sync_seconds, waiting_copies, open_conflicts
                   from private.calendar_figures('2026-11-23 15:00Z')";

    let row = &database.rows(figures, &[]).await[0];

    let counts: Vec<i64> = [0, 1, 2, 4, 5].map(|column| row.get(column)).into();
    assert_eq!(counts, [1, 1, 1, 2, 0]);
    assert!((row.get::<_, f64>(3) - 1_800.0).abs() < 0.001);

    let process = Process::start(&database, &[]).await;
    eventually_within(
        std::time::Duration::from_secs(20),
        "they are counted",
        async || {
            let revoked = "frontdesk_calendar_links{state=\"revoked\"}";
            let oldest = "frontdesk_calendar_oldest_sync_seconds";
            (process.figure(revoked).await == Some(1.0)
                && process.figure(oldest).await == Some(1_800.0))
            .then_some(())
        },
    )
    .await;
}

#[tokio::test]
async fn a_provider_of_calendars_that_asks_to_wait_is_counted() {
    let linked = LinkedGoogle::start("{}").await;
    let backoffs = async || -> f64 {
        let url = linked.app.admin_url("/metrics");
        let text = linked.app.http.get(url).send().await.unwrap();
        let text = text.text().await.unwrap();
        text.lines()
            .find_map(|line| {
                line.strip_prefix("frontdesk_calendar_backoffs_total{provider=\"google\"} ")
            })
            .unwrap()
            .parse()
            .unwrap()
    };
    let before = backoffs().await;
    linked
        .google
        .fail_next(&[Failure::new(403, "rateLimitExceeded").retry_after(90)]);
    linked.reads().await;
    assert!(backoffs().await > before);
}

#[tokio::test]
async fn renamed_metrics_have_their_old_names_too_for_one_release() {
    let (_database, process) = process(&[]).await;
    let figures = process.figures().await;
    let lines: BTreeSet<&str> = figures.lines().collect();

    for (old, new) in [
        (
            "frontdesk_effect_wait_seconds",
            "frontdesk_job_wait_seconds",
        ),
        (
            "frontdesk_effects_failed_total",
            "frontdesk_jobs_failed_total",
        ),
        (
            "frontdesk_effects_repeated_total",
            "frontdesk_attempts_repeated_total",
        ),
        (
            "frontdesk_journal_dropped_total",
            "frontdesk_tool_log_dropped_total",
        ),
    ] {
        let series: Vec<&str> = figures
            .lines()
            .filter(|line| line.starts_with(new) || line.starts_with(&format!("# TYPE {new}")))
            .collect();
        assert!(series.len() >= 2, "{new}: {figures}");
        for line in series {
            let by_old_name = line.replacen(new, old, 1);
            assert!(lines.contains(by_old_name.as_str()), "{by_old_name}");
        }
        let help = format!("# HELP {old} Old name of {new}.");
        assert!(lines.contains(help.as_str()), "{help}");
    }
}
