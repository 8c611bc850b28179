//! One organization does not hold up the others, and past what the database can do callers hear so at once.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{Folder, Spoken, TestApp, Twilio, eventually, outage::SlowWay};

/// The organization whose rows are locked.
const LOCKED: usize = 0;

/// How many organizations there are.
const ORGANIZATIONS: usize = 10;

fn id_of(organization: usize) -> String {
    format!("0f0f0f0f-0000-4000-8000-0000000001{organization:02}")
}

/// Organizations with a number and somebody on call each.
async fn seed(app: &TestApp) {
    for organization in 0..ORGANIZATIONS {
        let id = id_of(organization);
        app.database
            .run(&format!(
                "insert into organizations (id, name, industry, timezone)
                 values ('{id}', 'Organization {organization}', 'plumbing', 'America/Denver');
                 insert into phone_number_assignments
                     (organization_id, phone_number, vapi_phone_number_id, phone_provider)
                 values ('{id}', '+1303556000{organization}', 'number-{organization}', 'vapi');
                 insert into emergency_contacts (organization_id, name, phone)
                 values ('{id}', 'Dana Ruiz', '+1303557000{organization}')"
            ))
            .await;
    }
}

/// A new caller of an organization asks for something.
async fn asks(app: &TestApp, organization: usize, tool: &str, arguments: Value) -> Spoken {
    let mut message = app.caller().tool_calls(&[("a", tool, arguments)]);
    let number = format!("number-{organization}");
    message["message"]["call"]["phoneNumberId"] = json!(number);
    message["message"]["call"]["assistantId"] = Value::Null;
    message["message"]["phoneNumber"] =
        json!({ "id": number, "number": format!("+1303556000{organization}") });
    let reply = app.reply(&message).await;
    Spoken::of(&reply["results"][0])
}

async fn reports(app: &TestApp, organization: usize) -> Spoken {
    let emergency = json!({ "description": "Water is coming through the ceiling" });
    asks(app, organization, "flag_emergency", emergency).await
}

async fn books(app: &TestApp, organization: usize, hour: usize) -> Spoken {
    let appointment =
        json!({ "customer_name": "Maria Lopez", "date": format!("2026-12-01T{hour:02}:00") });
    asks(app, organization, "book_appointment", appointment).await
}

async fn looks(app: &TestApp) -> Spoken {
    app.caller()
        .asks("check_availability", json!({ "date": "2026-12-01" }))
        .await
}

#[tokio::test]
async fn the_lock_of_one_organization_holds_up_no_other_and_not_its_own_emergency() {
    let deadline = Duration::from_secs(4);
    let twilio = Twilio::start().await;
    twilio.expects_anything();
    let spool = Folder::new();
    let app = TestApp::builder()
        .await
        .setting("--deadline-ms", "4000")
        .setting("--pool-size", "8")
        .setting("--spool", &spool)
        .twilio(&twilio)
        .start()
        .await;
    seed(&app).await;
    // Whose call it is, is known before.
    join_all((0..ORGANIZATIONS).map(|organization| {
        asks(
            &app,
            organization,
            "check_availability",
            json!({ "date": "2026-12-01" }),
        )
    }))
    .await;
    let import = app.database.connect().await;
    import
        .batch_execute(&format!(
            "begin;
             select from organizations where id = '{0}' for update;
             select private.lock_organization('{0}')",
            id_of(LOCKED)
        ))
        .await
        .unwrap();

    let many = join_all((0..40).map(|nth| books(&app, LOCKED, 8 + nth % 9)));
    let others = async {
        eventually("somebody waits for the lock", async || {
            let waiting: i64 = app
                .database
                .value(
                    "select count(*) from pg_stat_activity
                     where datname = current_database() and wait_event_type = 'Lock'",
                )
                .await;
            (waiting > 0).then_some(())
        })
        .await;
        let begun = Instant::now();
        let own = async { (reports(&app, LOCKED).await, begun.elapsed()) };
        let emergencies = join_all(
            (1..ORGANIZATIONS)
                .map(async |organization| (reports(&app, organization).await, begun.elapsed())),
        );
        let bookings = join_all(
            (1..ORGANIZATIONS)
                .map(async |organization| (books(&app, organization, 9).await, begun.elapsed())),
        );
        futures_util::join!(own, emergencies, bookings)
    };
    let (locked_out, ((own, own_took), emergencies, bookings)) = futures_util::join!(many, others);

    for (heard, took) in &emergencies {
        assert!(
            !heard.is_error && heard.says("Dana Ruiz"),
            "{}",
            heard.words
        );
        assert!(*took < deadline, "{took:?}");
    }
    for (heard, took) in &bookings {
        assert!(heard.says("You're booked"), "{}", heard.words);
        assert!(*took < deadline, "{took:?}");
    }
    assert!(
        own.says("I have written your emergency down"),
        "{}",
        own.words
    );
    assert!(own_took < deadline, "{own_took:?}");
    for heard in &locked_out {
        assert!(
            heard.says("nothing is booked yet") || heard.says("can't say yet"),
            "{}",
            heard.words
        );
    }

    import.batch_execute("commit").await.unwrap();
    eventually(
        "the emergency of the locked organization is opened",
        async || {
            let opened: i64 = app
                .database
                .value(&format!(
                    "select count(*) from emergency_incidents where organization_id = '{}'",
                    id_of(LOCKED)
                ))
                .await;
            (opened == 1).then_some(())
        },
    )
    .await;
}

#[tokio::test]
async fn reads_that_would_come_too_late_are_refused_at_once_and_emergencies_are_not() {
    let twilio = Twilio::start().await;
    twilio.expects_anything();
    let builder = TestApp::builder().await;
    let way = SlowWay::to(builder.database()).await;
    let app = builder
        .setting("--deadline-ms", "6000")
        .setting("--pool-size", "8")
        .database_url(&way.url())
        .twilio(&twilio)
        .start()
        .await;
    app.database
        .run(
            "insert into emergency_contacts (organization_id, name, phone)
             values ('0f0f0f0f-0000-4000-8000-000000000001', 'Dana Ruiz', '+13035550103')",
        )
        .await;
    // Its connections are open, and have prepared their statements.
    eventually("the service is ready", async || {
        let ready = app.http.get(app.url("/health/ready")).send().await;
        ready.unwrap().status().is_success().then_some(())
    })
    .await;
    let emergency = async || {
        let begun = Instant::now();
        let emergency = json!({ "description": "Water is coming through the ceiling" });
        let heard = app.caller().asks("flag_emergency", emergency).await;
        (heard, begun.elapsed())
    };
    join_all((0..24).map(|_| emergency())).await;
    looks(&app).await;
    way.takes(Duration::from_millis(300));
    // How long the database takes now is learnt from those who ask.
    join_all((0..40).map(|_| looks(&app))).await;

    let reads = join_all((0..200).map(async |_| {
        let begun = Instant::now();
        let heard = looks(&app).await;
        (heard, begun.elapsed())
    }));
    let (reads, (emergency, took)) = futures_util::join!(reads, emergency());

    let (answered, refused): (Vec<_>, Vec<_>) =
        reads.into_iter().partition(|(heard, _)| !heard.is_error);
    assert!(!emergency.is_error, "{} after {took:?}", emergency.words);
    assert!(answered.len() >= 10, "{} were answered", answered.len());
    // The others would wait for their whole deadline.
    let at_once = refused
        .iter()
        .filter(|(_, took)| *took < Duration::from_millis(4_500))
        .count();
    assert!(
        at_once >= 60,
        "{at_once} of {} were refused at once",
        refused.len()
    );
    for (heard, _) in &refused {
        assert!(
            heard.says("I can't see the schedule right now"),
            "{}",
            heard.words
        );
    }
    let metrics = app
        .http
        .get(app.admin_url("/metrics"))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(
        metrics.contains("frontdesk_database_refused_total{reason=\"slow\"}"),
        "what was refused is counted"
    );

    // When it is as fast as before, that is learnt again from those who ask.
    way.takes(Duration::ZERO);
    eventually("everybody is answered again", async || {
        let reads = join_all((0..20).map(|_| looks(&app))).await;
        reads.iter().all(|heard| !heard.is_error).then_some(())
    })
    .await;
}
