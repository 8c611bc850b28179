//! What becomes of appointments that wait, and what their customers hear of it.

use serde_json::json;

use super::{
    MARIA, appointments, asks, confirms, is_busy, is_fresh, is_fresh_until, is_stale, maria,
};
use crate::support::{TestApp, Twilio, app::NOW, appointments::books, database::ORGANIZATION_ID};

async fn tasks(app: &TestApp) -> Vec<String> {
    app.database
        .column("select kind || ': ' || summary from staff_tasks order by created_at, summary")
        .await
}

#[tokio::test]
async fn a_customer_is_told_of_the_request_and_once_of_the_confirmation() {
    for (language, request, confirmation) in [
        (
            "en",
            "we have your request for a visit on Tuesday, December 1st at 9 AM at 12 Elm Street. We will confirm it.",
            "your visit is booked for Tuesday, December 1st at 9 AM",
        ),
        (
            "es",
            "tenemos su solicitud de visita para el martes 1 de diciembre a las 9 de la mañana en 12 Elm Street. Le avisaremos cuando quede confirmada.",
            "su visita queda reservada para el martes 1 de diciembre",
        ),
    ] {
        let twilio = Twilio::start().await;
        let app = TestApp::builder().await.twilio(&twilio).start().await;
        let phone = twilio.contact(MARIA);
        is_stale(&app).await;
        asks(
            &app,
            "book_appointment",
            maria("2026-12-01T09:00", language),
        )
        .await;
        let text = phone.expects_sms(request).await;
        assert!(
            !text.body.contains("booked")
                && !text.body.contains(" 1 para")
                && !text.body.contains(" 1 to"),
            "{}",
            text.body
        );

        confirms(&app).await;
        assert_eq!(
            appointments(&app).await,
            ["2026-12-01 09:00 pending, waits"],
            "it is still not known"
        );
        is_fresh(&app).await;
        for _ in 0..2 {
            confirms(&app).await;
            app.settles().await;
        }

        phone.expects_sms(confirmation).await;
        twilio.is_quiet().await;
        assert_eq!(appointments(&app).await, ["2026-12-01 09:00 confirmed"]);
        assert_eq!(tasks(&app).await, Vec::<String>::new());
        let keys: Vec<String> = app
            .database
            .column("select template_key::text from sms_communications order by created_at")
            .await;
        assert_eq!(keys, ["request", "confirmation"]);
    }
}

#[tokio::test]
async fn what_was_not_told_before_the_quiet_hours_ended_is_told_as_it_is_then() {
    let twilio = Twilio::start().await;
    let app = TestApp::builder().await.twilio(&twilio).start().await;
    app.at("2026-11-24T05:00:00Z"); // ten at night
    is_stale(&app).await;
    asks(&app, "book_appointment", maria("2026-12-01T09:00", "en")).await;
    app.settles().await;
    is_fresh_until(&app, "2026-11-25T05:00:00Z").await;
    confirms(&app).await;
    app.settles().await;

    app.at("2026-11-24T15:00:00Z"); // eight in the morning

    twilio
        .contact(MARIA)
        .expects_sms("your visit is booked")
        .await;
    app.settles().await;
    twilio.is_quiet().await;
}

#[tokio::test]
async fn an_appointment_that_the_office_confirms_is_told_too_and_one_that_customers_confirm_still_waits()
 {
    let twilio = Twilio::start().await;
    let app = TestApp::builder().await.twilio(&twilio).start().await;
    let phone = twilio.contact(MARIA);
    is_stale(&app).await;
    asks(&app, "book_appointment", maria("2026-12-01T09:00", "en")).await;
    let text = phone.expects_sms("we have your request").await;

    text.replies("1")
        .await
        .expects("We will confirm your visit on Tuesday, December 1st");
    assert_eq!(
        appointments(&app).await,
        ["2026-12-01 09:00 pending, waits"]
    );
    app.dashboard("update appointments set scheduled_time = '11:00'")
        .await;
    phone
        .expects_sms("we have your request for a visit on Tuesday, December 1st at 11 AM")
        .await;
    app.dashboard("update appointments set status = 'confirmed'")
        .await;
    phone
        .expects_sms("your visit is booked for Tuesday, December 1st at 11 AM")
        .await;
    app.dashboard("update appointments set status = 'pending'")
        .await;
    app.dashboard("update appointments set status = 'confirmed'")
        .await;
    app.settles().await;
    twilio.is_quiet().await;

    assert_eq!(appointments(&app).await, ["2026-12-01 11:00 confirmed"]);
}

#[tokio::test]
async fn a_reminder_of_what_is_not_confirmed_does_not_say_that_it_is() {
    let twilio = Twilio::start().await;
    let app = TestApp::builder().await.twilio(&twilio).start().await;
    let phone = twilio.contact(MARIA);
    is_stale(&app).await;
    asks(&app, "book_appointment", maria("2026-12-01T09:00", "en")).await;
    phone.expects_sms("we have your request").await;

    app.at("2026-11-30T17:00:00Z"); // ten in the morning

    let text = phone
        .expects_sms("we have your request for a visit on Tuesday, December 1st")
        .await;
    assert!(text.body.contains("We will confirm it."), "{}", text.body);
    app.settles().await;
    twilio.is_quiet().await;
}

#[tokio::test]
async fn nobody_is_told_where_messages_are_off() {
    let twilio = Twilio::start().await;
    let app = TestApp::builder().await.twilio(&twilio).start().await;
    app.rules(&json!({ "messages": { "confirmations": false } }))
        .await;
    is_stale(&app).await;
    asks(&app, "book_appointment", maria("2026-12-01T09:00", "en")).await;
    is_fresh(&app).await;

    confirms(&app).await;

    app.settles().await;
    assert!(twilio.counts().is_empty());
    assert_eq!(appointments(&app).await, ["2026-12-01 09:00 confirmed"]);
}

#[tokio::test]
async fn an_appointment_over_which_somebody_entered_something_stays_pending_with_one_task() {
    for (crew, kind) in [(0, "timed"), (0, "whole"), (1, "timed"), (1, "whole")] {
        let app = TestApp::shared().await;
        is_stale(&app).await;
        books(&app.caller(), "2026-12-01T09:00").await;
        books(&app.caller(), "2026-12-01T10:00").await;
        is_busy(&app, crew, kind, "09:30", "10:00").await;
        is_fresh(&app).await;

        for _ in 0..2 {
            confirms(&app).await;
        }

        assert_eq!(
            appointments(&app).await,
            [
                "2026-12-01 09:00 pending, waits",
                "2026-12-01 10:00 confirmed"
            ],
            "crew {crew}, {kind}"
        );
        let found = tasks(&app).await;
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].starts_with("calendar: The appointment on Tuesday, 2026-12-01 at 09:00 "),
            "{found:?}"
        );

        // It is gone again.
        app.database
            .run(&format!(
                "update private.busy_days set busy = '{{}}', timed = '{{}}', whole = '{{}}'
                 where organization_id = '{ORGANIZATION_ID}' and crew = {crew};
                 select private.write_busy_days('{ORGANIZATION_ID}', '2026-12-01', '2026-12-01');"
            ))
            .await;
        confirms(&app).await;
        assert_eq!(
            appointments(&app).await,
            ["2026-12-01 09:00 confirmed", "2026-12-01 10:00 confirmed"]
        );
    }
}

#[tokio::test]
async fn what_another_crew_is_busy_with_is_not_in_the_way() {
    let app = TestApp::shared().await;
    app.rules(&json!({ "booking": { "capacity": 2 } })).await;
    is_stale(&app).await;
    books(&app.caller(), "2026-12-01T09:00").await;
    is_busy(&app, 2, "timed", "09:00", "10:00").await;
    is_fresh(&app).await;

    confirms(&app).await;

    assert_eq!(appointments(&app).await, ["2026-12-01 09:00 confirmed"]);
}

#[tokio::test]
async fn what_has_begun_or_is_off_waits_no_more() {
    let app = TestApp::start().await;
    is_stale(&app).await;
    for date in ["2026-11-24T09:00", "2026-11-24T11:00", "2026-11-25T09:00"] {
        books(&app.caller(), date).await;
    }
    app.dashboard("update appointments set status = 'cancelled' where scheduled_time = '11:00'")
        .await;

    app.at("2026-11-24T17:00:00Z"); // ten in the morning
    is_fresh_until(&app, "2026-11-24T18:00:00Z").await;
    confirms(&app).await;

    assert_eq!(
        appointments(&app).await,
        [
            "2026-11-24 09:00 pending",
            "2026-11-24 11:00 cancelled",
            "2026-11-25 09:00 confirmed"
        ]
    );
}

#[tokio::test]
async fn one_organization_confirms_nothing_of_another() {
    let (one, other) = (TestApp::shared().await, TestApp::shared().await);
    for app in [&one, &other] {
        is_stale(app).await;
        books(&app.caller(), "2026-12-01T09:00").await;
        is_fresh(app).await;
    }

    confirms(&one).await;

    assert_eq!(appointments(&one).await, ["2026-12-01 09:00 confirmed"]);
    assert_eq!(
        appointments(&other).await,
        ["2026-12-01 09:00 pending, waits"]
    );
    let refused = one
        .database
        .try_run(&format!(
            "begin; select private.bind('{ORGANIZATION_ID}', '{NOW}'); select private.confirm_appointments('{}')",
            other.organization_id
        ))
        .await
        .unwrap_err();
    assert!(refused.message.contains("bound to another organization"));
}

#[tokio::test]
async fn where_a_conflict_is_open_its_task_says_that_the_customer_waits() {
    let app = TestApp::start().await;
    is_stale(&app).await;
    books(&app.caller(), "2026-12-01T09:00").await;
    is_busy(&app, 0, "timed", "09:30", "10:00").await;
    app.database
        .run(&format!(
            "insert into staff_tasks (organization_id, kind, summary) values ('{ORGANIZATION_ID}', 'calendar', 'An overlap');
             insert into private.calendar_accounts (organization_id, provider, secret_name)
             values ('{ORGANIZATION_ID}', 'google', 'google_refresh_token');
             insert into private.calendar_links (organization_id, account_id, calendar)
             select a.organization_id, a.id, 'primary' from private.calendar_accounts as a;
             insert into private.calendar_conflicts (organization_id, appointment_id, link_id, kind, task_id, opened_at)
             select l.organization_id, a.id, l.id, 'overlap', t.id, '{NOW}'
             from private.calendar_links as l, appointments as a, staff_tasks as t"
        ))
        .await;
    is_fresh(&app).await;

    confirms(&app).await;

    let found = tasks(&app).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("The customer waits"), "{found:?}");
}
