//! What callers say while the database is away or slow: they hear an honest sentence in time, and what they leave is written down
//! and replayed once.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{
    Caller, Folder, Spoken, TestApp, TestDatabase, Twilio,
    app::ORGANIZATION,
    eventually,
    outage::{OwnServer, SlowWay},
};

/// How long a caller waits at most: the deadline of these tests, and what a busy machine adds.
const TIMEOUT: Duration = Duration::from_secs(8);

fn files(folder: &str) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}

async fn is_empty(folder: &str) {
    eventually("the spool is empty", async || {
        (files(folder) == 0).then_some(())
    })
    .await;
}

async fn leaves(caller: &Caller<'_>, message: &str) -> Spoken {
    caller
        .asks(
            "take_message",
            json!({ "message": message, "customer_name": "Maria Lopez" }),
        )
        .await
}

async fn tasks(database: &TestDatabase) -> Vec<String> {
    database
        .column(
            "select summary from staff_tasks where kind = 'callback' order by created_at, summary",
        )
        .await
}

#[tokio::test]
async fn a_message_without_the_database_is_kept_and_left_once_when_it_is_back() {
    let spool = Folder::new();
    let app = TestApp::builder()
        .await
        .setting("--spool", &spool)
        .start()
        .await;
    let caller = app.caller();
    app.database.goes_away().await;

    let heard = leaves(&caller, "Please call about the invoice").await;
    assert!(!heard.is_error);
    assert_eq!(
        heard.words,
        "Our system isn't responding right now. I have written your message down, and the office gets it as soon as the system is back."
    );
    // Said again, it is the same message; another one is another.
    leaves(&caller, "Please call about the invoice").await;
    leaves(&caller, "The gate code is 1234").await;
    assert_eq!(files(&spool), 3);

    app.database.comes_back().await;
    is_empty(&spool).await;
    let mut left = tasks(&app.database).await;
    left.sort();
    assert_eq!(
        left,
        [
            "Call back Maria Lopez: Please call about the invoice",
            "Call back Maria Lopez: The gate code is 1234",
        ]
    );
    let task = app
        .database
        .object("select * from staff_tasks order by created_at limit 1")
        .await;
    assert_eq!(json!(caller.number), task["phone_number"]);
    assert_eq!(task["vapi_call_id"], json!(caller.call_id));

    // The caller, still on the line, says it once more.
    let heard = leaves(&caller, "Please call about the invoice").await;
    assert!(heard.says("I have left your message"), "{}", heard.words);
    assert_eq!(tasks(&app.database).await.len(), 2);
}

#[tokio::test]
async fn a_message_that_was_late_is_left_once_however_it_ends() {
    let spool = Folder::new();
    let app = TestApp::builder()
        .await
        .setting("--spool", &spool)
        .setting("--deadline-ms", "1000")
        .start()
        .await;
    let caller = app.caller();
    leaves(&caller, "Good morning").await;
    // A machine that is busy may be late with the first call of all.
    is_empty(&spool).await;
    let holder = app.database.connect().await;
    holder
        .batch_execute("begin; lock table staff_tasks in access exclusive mode")
        .await
        .unwrap();

    let heard = leaves(&caller, "Please call about the invoice").await;
    assert!(
        heard.says("I have written your message down"),
        "{}",
        heard.words
    );

    // The tool goes on in the background; what was written down finds its message there.
    holder.batch_execute("rollback").await.unwrap();
    eventually("the tool is done", async || {
        (tasks(&app.database).await.len() == 2).then_some(())
    })
    .await;
    app.database.run("notify frontdesk_outbox").await;
    is_empty(&spool).await;
    assert_eq!(tasks(&app.database).await.len(), 2);
}

#[tokio::test]
async fn a_late_message_of_a_call_without_an_id_is_left_once_too() {
    let spool = Folder::new();
    let app = TestApp::builder()
        .await
        .setting("--spool", &spool)
        .setting("--deadline-ms", "1000")
        .start()
        .await;
    let caller = app.caller();
    leaves(&caller, "Good morning").await;
    // A machine that is busy may be late with the first call of all.
    is_empty(&spool).await;
    let holder = app.database.connect().await;
    holder
        .batch_execute("begin; lock table staff_tasks in access exclusive mode")
        .await
        .unwrap();
    let mut nameless = caller.tool_calls(&[(
        "call-1",
        "take_message",
        json!({ "message": "Please call" }),
    )]);
    nameless["message"]["call"]["id"] = Value::Null;

    app.reply(&nameless).await;
    assert_eq!(files(&spool), 1);

    holder.batch_execute("rollback").await.unwrap();
    eventually("the tool is done", async || {
        (tasks(&app.database).await.len() == 2).then_some(())
    })
    .await;
    app.database.run("notify frontdesk_outbox").await;
    is_empty(&spool).await;
    assert_eq!(tasks(&app.database).await.len(), 2);
}

#[tokio::test]
async fn a_message_without_a_folder_is_not_said_to_be_written_down() {
    let app = TestApp::start().await;
    app.database.goes_away().await;

    let heard = leaves(&app.caller(), "Please call").await;

    assert!(heard.is_error);
    assert!(
        heard.says("I could not leave your message just now"),
        "{}",
        heard.words
    );
    app.database.comes_back().await;
}

#[tokio::test]
async fn a_message_to_nobody_is_set_aside() {
    let spool = Folder::new();
    let app = TestApp::builder()
        .await
        .setting("--spool", &spool)
        .start()
        .await;
    app.database.goes_away().await;
    let caller = app.caller();
    let mut stray = caller.tool_calls(&[(
        "call-1",
        "take_message",
        json!({ "message": "Please call" }),
    )]);
    stray["message"]["phoneNumber"] = json!({ "number": "+13035559999" });
    stray["message"]["call"]["phoneNumberId"] = json!("nobody's");
    stray["message"]["call"]["assistantId"] = json!("nobody's");
    app.reply(&stray).await;

    app.database.comes_back().await;

    eventually("it is set aside", async || {
        let names = std::fs::read_dir(&spool).unwrap();
        let mut names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names
            .any(|name| name.ends_with(".message.json.left"))
            .then_some(())
    })
    .await;
    assert_eq!(tasks(&app.database).await.len(), 0);
}

/// Every tool and what it is asked.
fn every_tool() -> Vec<(&'static str, Value)> {
    let appointment = json!({ "customer_name": "Maria Lopez", "date": "2026-12-01T09:00" });
    vec![
        ("check_availability", json!({ "date": "2026-12-01" })),
        ("book_appointment", appointment.clone()),
        ("hold_slot", appointment.clone()),
        ("find_appointments", json!({})),
        ("reschedule_appointment", appointment),
        ("cancel_appointment", json!({})),
        ("lookup_customer", json!({})),
        ("quote_service", json!({ "service": "drain cleaning" })),
        ("take_message", json!({ "message": "Please call" })),
        ("transfer_call", json!({ "reason": "billing" })),
        ("flag_emergency", json!({ "description": "A pipe burst" })),
        ("check_emergency", json!({})),
    ]
}

/// What is not known to be so while the database does not answer.
const LIES: [&str; 10] = [
    "fully booked",
    "closed",
    "not open",
    "no other opening",
    "You're booked",
    "already taken",
    "I have nothing",
    "is free",
    "no visit",
    "no prices",
];

async fn is_honest_in_time(app: &TestApp) {
    // All at once, while nothing of it gets through.
    let heard = every_tool().into_iter().map(async |(tool, arguments)| {
        let begun = Instant::now();
        let heard = app.caller().asks(tool, arguments).await;
        (tool, heard, begun.elapsed())
    });
    for (tool, heard, took) in join_all(heard).await {
        assert!(took < TIMEOUT, "{tool}: {took:?}");
        assert!(heard.is_error, "{tool}: {}", heard.words);
        for lie in LIES {
            assert!(!heard.says(lie), "{tool}: {}", heard.words);
        }
    }
}

#[tokio::test]
async fn with_two_seconds_a_query_every_tool_is_answered_honestly_and_in_time() {
    let builder = TestApp::builder().await;
    let way = SlowWay::to(builder.database()).await;
    let app = builder
        .database_url(&way.url())
        .setting("--deadline-ms", "1000")
        .start()
        .await;
    let heard = app
        .caller()
        .asks("check_availability", json!({ "date": "2026-12-01" }))
        .await;
    assert!(!heard.is_error, "{}", heard.words);

    way.takes(Duration::from_secs(2));
    is_honest_in_time(&app).await;

    way.takes(Duration::ZERO);
    app.caller().is_served().await;
}

#[tokio::test]
async fn with_the_pool_used_up_every_tool_is_answered_honestly_and_in_time() {
    let app = TestApp::builder()
        .await
        .setting("--deadline-ms", "1000")
        .setting("--pool-size", "1")
        .start()
        .await;
    let caller = app.caller();
    caller.is_served().await;
    assert!(!leaves(&caller, "Good morning").await.is_error);
    app.database
        .run(
            "create function dawdle() returns trigger language plpgsql
             as $$ begin perform pg_sleep(5); return new; end $$;
             create trigger dawdle before insert on staff_tasks for each row execute function dawdle()",
        )
        .await;
    // It is worked on for seconds, and keeps the only connection.
    assert!(leaves(&caller, "Please call").await.is_error);

    is_honest_in_time(&app).await;

    caller.is_served().await;
}

#[tokio::test]
async fn a_server_that_is_stopped_in_mid_call_and_started_again_loses_nothing_that_was_said() {
    let mut server = OwnServer::with(ORGANIZATION).await;
    let twilio = Twilio::start().await;
    let spool = Folder::new();
    let app = TestApp::builder()
        .await
        .twilio(&twilio)
        .database_url(&server.service_url())
        .setting("--spool", &spool)
        .setting("--fallback-number", "+13035550188")
        .start()
        .await;
    server
        .connect("frontdesk")
        .await
        .batch_execute(
            "insert into emergency_contacts (organization_id, name, phone, call_enabled)
             values ('0f0f0f0f-0000-4000-8000-000000000001', 'Dana Ruiz', '+13035550103', false)",
        )
        .await
        .unwrap();
    let caller = app.caller();
    let booked = caller
        .asks(
            "book_appointment",
            json!({ "customer_name": "Maria Lopez", "date": "2026-12-01T09:00" }),
        )
        .await;
    assert!(booked.says("You're booked"), "{}", booked.words);
    let number = caller.number.clone().unwrap();
    twilio
        .contact(&number)
        .expects_sms("your visit is booked")
        .await;

    server.stops().await;
    let heard = caller
        .asks("check_availability", json!({ "date": "2026-12-01" }))
        .await;
    assert!(heard.says("can't see the schedule"), "{}", heard.words);
    let heard = caller
        .asks(
            "book_appointment",
            json!({ "customer_name": "Maria Lopez", "date": "2026-12-02T09:00" }),
        )
        .await;
    assert!(heard.says("nothing is booked yet"), "{}", heard.words);
    let heard = leaves(&caller, "Please call about the invoice").await;
    assert!(
        heard.says("I have written your message down"),
        "{}",
        heard.words
    );
    let heard = caller
        .asks("flag_emergency", json!({ "description": "A pipe burst" }))
        .await;
    assert!(
        heard.says("alerting our emergency line directly"),
        "{}",
        heard.words
    );
    twilio
        .contact("+13035550188")
        .expects_sms("A pipe burst")
        .await;
    twilio.contact("+13035550188").expects_call().await;
    assert_eq!(files(&spool), 2);

    server.starts().await;
    twilio
        .contact("+13035550103")
        .expects_sms("A pipe burst")
        .await;
    is_empty(&spool).await;
    let database = server.connect("frontdesk").await;
    let counts = database
        .query_one(
            "select (select count(*) from staff_tasks where kind = 'callback'),
                    (select count(*) from emergency_incidents),
                    (select count(*) from appointments)",
            &[],
        )
        .await
        .unwrap();
    let counts: [i64; 3] = [counts.get(0), counts.get(1), counts.get(2)];
    assert_eq!(counts, [1, 1, 1]);
    caller.is_served().await;
}
