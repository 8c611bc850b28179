//! Connections that fall silent: neither side hears of it, as when a firewall forgets them.

use std::time::Duration;

use serde_json::json;

use crate::support::{TestApp, eventually, eventually_within, outage::SlowWay};

/// Until when a write must succeed again: a deadline of two seconds, what the server may go on for, and what the answer may take longer,
/// with some seconds for a busy machine.
const RECOVERY: Duration = Duration::from_secs(25);

async fn start() -> (TestApp, SlowWay) {
    let builder = TestApp::builder().await;
    let way = SlowWay::to(builder.database()).await;
    let app = builder
        .database_url(&way.url())
        .setting("--deadline-ms", "2000")
        .start()
        .await;
    eventually("it is ready", async || {
        let reply = app.http.get(app.url("/health/ready")).send().await.unwrap();
        (reply.status() == 200).then_some(())
    })
    .await;
    (app, way)
}

#[tokio::test]
async fn writes_succeed_again_soon_after_every_connection_fell_silent() {
    let (app, way) = start().await;
    let leaves = async || {
        let caller = app.caller();
        let message = json!({ "message": "Please call", "customer_name": "Maria Lopez" });
        caller.asks("take_message", message).await
    };
    assert!(!leaves().await.is_error);

    way.forgets_its_connections();

    eventually_within(RECOVERY, "a message is left", async || {
        (!leaves().await.is_error).then_some(())
    })
    .await;
    // Of the silent connections none is left.
    for _ in 0..10 {
        let heard = leaves().await;
        assert!(!heard.is_error, "{}", heard.words);
    }
    // What was begun on a silent connection is undone, and keeps nobody else waiting.
    eventually_within(RECOVERY, "nothing is left open", async || {
        let open: i64 = app
            .database
            .value(
                "select count(*) from pg_stat_activity
                 where datname = current_database() and state like 'idle in transaction%'",
            )
            .await;
        (open == 0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_check_is_soon_answered_over_another_connection() {
    let (app, way) = start().await;
    let caller = app.caller();
    let checks = async || {
        let heard = caller
            .asks("check_availability", json!({ "date": "2026-12-01" }))
            .await;
        (!heard.is_error).then_some(())
    };
    eventually("a check is answered", checks).await;

    way.forgets_its_connections();

    eventually_within(RECOVERY, "a check is answered again", checks).await;
}

#[tokio::test]
async fn a_number_that_moved_while_announcements_fell_silent_is_soon_answered_by_its_new_owner() {
    let (app, way) = start().await;
    app.database
        .run(
            "insert into organizations (id, name, industry, timezone)
             values ('0f0f0f0f-0000-4000-8000-000000000002', 'Other', 'hvac', 'America/Denver')",
        )
        .await;
    let owner = async || {
        let caller = app.caller();
        caller
            .asks("take_message", json!({ "message": "Who are you?" }))
            .await;
        app.database
            .value::<Option<String>>(
                "select max(o.name) from staff_tasks t join organizations o on o.id = t.organization_id
                 where t.created_at = (select max(created_at) from staff_tasks)",
            )
            .await
    };
    assert_eq!(owner().await.as_deref(), Some("Front Range Plumbing"));

    way.forgets_its_connections();
    app.database
        .run(
            "delete from phone_number_assignments;
             delete from vapi_assistants;
             insert into vapi_assistants
                 (organization_id, vapi_assistant_id, name, industry, language, system_prompt, voice_config)
             values
                 ('0f0f0f0f-0000-4000-8000-000000000002', '22222222-bbbb-4000-8000-000000000001', 'Bea', 'hvac', 'en', '', '{}');
             insert into phone_number_assignments
                 (organization_id, phone_number, vapi_phone_number_id, phone_provider)
             values
                 ('0f0f0f0f-0000-4000-8000-000000000002', '+13035550100', '11111111-aaaa-4000-8000-000000000001', 'vapi')",
        )
        .await;

    eventually_within(
        Duration::from_secs(40),
        "the new owner answers",
        async || (owner().await.as_deref() == Some("Other")).then_some(()),
    )
    .await;
}

#[tokio::test]
async fn announcements_are_heard_again_after_their_connection_fell_silent() {
    let (app, way) = start().await;
    let listening = async || -> Vec<i32> {
        app.database
            .column(
                "select pid from pg_stat_activity
                 where datname = current_database() and (query like 'listen %' or query = '')
                   and usename = 'frontdesk_app' order by pid",
            )
            .await
    };
    let before = eventually("both listen", async || {
        let pids = listening().await;
        (pids.len() == 2).then_some(pids)
    })
    .await;

    way.forgets_its_connections();

    eventually_within(RECOVERY, "others listen", async || {
        let now = listening().await;
        let others = now.iter().filter(|pid| !before.contains(pid)).count();
        (others >= 2).then_some(())
    })
    .await;
}
