//! `flag_emergency`: marked, written down for the contact on call, and life first.

use serde_json::json;

use crate::support::{
    Spoken, TestApp, eventually,
    line::{Answers, Line},
};

const DANA: &str = "+13035550103";
const SAM: &str = "+13035550104";

const ON_CALL: &str = "insert into emergency_contacts (organization_id, name, phone)
    values ('0f0f0f0f-0000-4000-8000-000000000001', 'Dana Ruiz', '+13035550103')";

#[tokio::test]
async fn an_emergency_marks_the_call_and_its_appointment_and_is_written_down_for_the_contact() {
    let app = TestApp::paging(&[DANA, SAM]).await;
    app.database.run(ON_CALL).await;
    let caller = app.caller();
    caller
        .asks(
            "book_appointment",
            json!({ "customer_name": "Maria Lopez", "date": "2026-12-01T09:00" }),
        )
        .await;

    let heard = caller
        .asks(
            "flag_emergency",
            json!({
                "description": "Water is coming through the ceiling",
                "urgency": "high",
                "service_address": "12 Elm Street",
                "callback_number": "303-555-0177",
            }),
        )
        .await;

    assert!(!heard.is_error);
    assert!(heard.says("Dana Ruiz"), "{}", heard.words);
    assert!(!heard.says("911"), "{}", heard.words);
    let call = app.database.object("select * from call_logs").await;
    assert_eq!(call["emergency_detected"], true);
    assert_eq!(call["vapi_call_id"], json!(caller.call_id));
    let appointment = app.database.object("select * from appointments").await;
    assert_eq!(appointment["emergency_detected"], true);
    assert_eq!(appointment["urgency_score"], call["urgency_score"]);
    let page = app
        .database
        .object(
            "select n.*, c.name from emergency_notifications as n
             join emergency_contacts as c on c.id = n.emergency_contact_id
             where n.notification_type = 'sms'",
        )
        .await;
    assert_eq!(page["name"], "Dana Ruiz");
    assert_eq!(page["urgency"], "high");
    let message = page["message"].as_str().unwrap();
    for part in [
        "Water is coming through the ceiling",
        "12 Elm Street",
        "+13035550177",
    ] {
        assert!(message.contains(part), "{message}");
    }
}

#[tokio::test]
async fn flagged_again_in_one_call_it_is_one_emergency_whose_urgency_only_rises() {
    let app = TestApp::paging(&[DANA, SAM]).await;
    app.database.run(ON_CALL).await;
    let caller = app.caller();

    caller
        .asks(
            "flag_emergency",
            json!({ "description": "A pipe burst", "urgency": "high" }),
        )
        .await;
    let again = caller
        .asks(
            "flag_emergency",
            json!({ "description": "Now I smell gas" }),
        )
        .await;
    caller
        .asks(
            "flag_emergency",
            json!({ "description": "It is slowing down", "urgency": "low" }),
        )
        .await;

    assert!(again.says("added"), "{}", again.words);
    let page = app.incident().await;
    assert_eq!(page["urgency"], "critical");
    let message = page["message"].as_str().unwrap();
    for part in ["A pipe burst", "Now I smell gas", "It is slowing down"] {
        assert!(message.contains(part), "{message}");
    }
}

#[tokio::test]
async fn danger_to_life_is_answered_with_what_to_do_first() {
    let app = TestApp::shared().await;
    app.database.run(ON_CALL).await;

    for (description, language, first) in [
        (
            "I smell gas in the basement",
            "en",
            "Leave the building now",
        ),
        ("the outlet is on fire", "en", "Get everyone out now"),
        (
            "the carbon monoxide alarm is going off",
            "en",
            "Get everyone outside",
        ),
        (
            "there are sparks and water on the floor",
            "en",
            "Stay away from the wiring",
        ),
        ("huele a gas en la cocina", "es", "Salga del edificio ahora"),
        ("se está quemando el calentador", "es", "Saque a todos"),
    ] {
        let heard = app
            .caller()
            .asks(
                "flag_emergency",
                json!({ "description": description, "language": language }),
            )
            .await;
        assert!(
            heard.words.starts_with(first),
            "{description}: {}",
            heard.words
        );
        assert!(heard.says("911"), "{}", heard.words);
    }
    let urgencies: Vec<String> = app
        .database
        .column("select distinct urgency::text from emergency_incidents")
        .await;
    assert_eq!(urgencies, ["critical"]);
}

#[tokio::test]
async fn a_danger_that_is_denied_or_over_is_none() {
    let app = TestApp::shared().await;
    app.database.run(ON_CALL).await;

    for description in [
        "no heat, but there is no gas smell",
        "the flood was last year",
        "no hay fuga de gas, solo gotea",
        "the gas water heater does not heat",
    ] {
        let heard = app
            .caller()
            .asks(
                "flag_emergency",
                json!({ "description": description, "urgency": "normal" }),
            )
            .await;
        assert!(!heard.says("911"), "{description}: {}", heard.words);
    }
    let critical: i64 = app
        .database
        .value("select count(*) from emergency_incidents where urgency = 'critical'")
        .await;
    assert_eq!(critical, 0);
}

#[tokio::test]
async fn with_nobody_to_tell_the_caller_hears_so_and_the_staff_finds_it() {
    let app = TestApp::shared().await;

    let heard = app
        .caller()
        .asks("flag_emergency", json!({ "description": "A pipe burst" }))
        .await;

    assert!(
        heard.says("could not alert anyone on call"),
        "{}",
        heard.words
    );
    let incident = app.incident().await;
    assert_eq!(incident["status"], "exhausted");
    let task = app.database.object("select * from staff_tasks").await;
    assert_eq!(task["kind"], "emergency");
}

#[tokio::test]
async fn without_a_description_the_caller_is_asked_for_it() {
    let app = TestApp::shared().await;

    let heard = app
        .caller()
        .asks("flag_emergency", json!({ "urgency": "high" }))
        .await;

    assert!(!heard.is_error, "{}", heard.words);
    assert!(
        heard.says("I still need to know what is happening."),
        "{}",
        heard.words
    );
}

#[tokio::test]
async fn words_that_are_added_are_said_to_reach_whoever_is_being_told() {
    let app = TestApp::paging(&[DANA, SAM]).await;
    app.database.run(ON_CALL).await;
    let caller = app.caller();
    caller
        .asks("flag_emergency", json!({ "description": "A pipe burst" }))
        .await;

    app.database
        .run(
            "insert into emergency_contacts (organization_id, name, phone, priority)
             values ('0f0f0f0f-0000-4000-8000-000000000001', 'Sam Whitaker', '+13035550104', 0)",
        )
        .await;
    let again = caller
        .asks(
            "flag_emergency",
            json!({ "description": "It is getting worse" }),
        )
        .await;

    assert!(again.says("Dana Ruiz"), "{}", again.words);
    assert!(!again.says("Sam"), "{}", again.words);
}

#[tokio::test]
async fn an_emergency_that_nobody_could_be_told_of_goes_to_the_contact_who_comes_on_call() {
    let app = TestApp::paging(&[DANA, SAM]).await;
    let caller = app.caller();
    caller
        .asks("flag_emergency", json!({ "description": "A pipe burst" }))
        .await;

    app.database.run(ON_CALL).await;
    let again = caller
        .asks(
            "flag_emergency",
            json!({ "description": "It is getting worse" }),
        )
        .await;

    assert!(again.says("Dana Ruiz"), "{}", again.words);
    let incident = app
        .database
        .object("select status from emergency_incidents")
        .await;
    assert_eq!(incident["status"], "open");
}

#[tokio::test]
async fn to_be_put_through_is_offered_only_where_it_can_be_done() {
    let app = TestApp::shared().await;
    app.database.run(ON_CALL).await;
    let flagged = async |control_url: Option<&str>| {
        let caller = app.caller();
        let caller = match control_url {
            Some(url) => caller.with_line(url),
            None => caller,
        };
        let heard = caller
            .asks("flag_emergency", json!({ "description": "A pipe burst" }))
            .await;
        heard.says("put you through")
    };
    let line = Line::shared(Answers::Ok).await.control_url();
    let line = Some(line.as_str());

    assert!(flagged(line).await);
    assert!(!flagged(None).await, "this call takes no commands");
    app.database
        .run("update emergency_contacts set call_enabled = false")
        .await;
    assert!(!flagged(line).await, "the contact takes no calls");
}

#[tokio::test]
async fn an_emergency_does_not_wait_for_what_is_read_before_it_in_one_message() {
    let app = TestApp::builder()
        .await
        .setting("--deadline-ms", "15000")
        .start()
        .await;
    let caller = app.caller();
    let message = caller.tool_calls(&[
        ("a", "check_availability", json!({ "date": "2026-12-01" })),
        (
            "b",
            "flag_emergency",
            json!({ "description": "A pipe burst" }),
        ),
    ]);
    let holder = app.database.connect().await;
    holder
        .batch_execute("begin; lock table private.busy_days in access exclusive mode")
        .await
        .unwrap();

    let releasing = async {
        eventually("the emergency is opened", async || {
            let opened: i64 = app
                .database
                .value("select count(*) from emergency_incidents")
                .await;
            (opened == 1).then_some(())
        })
        .await;
        holder.batch_execute("rollback").await.unwrap();
    };
    let (reply, ()) = tokio::join!(app.reply(&message), releasing);

    let heard: Vec<_> = reply["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(Spoken::of)
        .collect();
    assert!(heard[0].says("I have eight"), "{}", heard[0].words);
    assert!(
        heard[1].says("I have written this down"),
        "{}",
        heard[1].words
    );
}
