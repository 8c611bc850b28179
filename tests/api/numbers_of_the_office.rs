//! Telephone numbers that an office enters as it writes them: they are the ones that callers have.

use serde_json::json;

use crate::support::{TestApp, Twilio};

const MARIA: &str = "+13035551700";
/// Of the first days of December.
const WEEKDAYS: [&str; 7] = [
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
    "Monday",
];

/// What the office enters at its dashboard, or its backend does.
async fn enters(app: &TestApp, role: &str, sql: &str) {
    app.dashboard(&format!("set role {role}; {sql}; reset role"))
        .await;
}

fn appointment(number: &str, day: usize) -> String {
    format!(
        "insert into appointments
             (organization_id, customer_name, customer_phone, appointment_type, scheduled_date, scheduled_time, status)
         values ('0f0f0f0f-0000-4000-8000-000000000001', 'Maria Lopez', '{number}', 'visit', '2026-12-{day:02}', '09:00',
                 'confirmed')"
    )
}

#[tokio::test]
async fn a_customer_whose_number_the_office_wrote_is_texted_and_known_when_they_call() {
    let twilio = Twilio::start().await;
    let app = TestApp::builder().await.twilio(&twilio).start().await;
    let maria = twilio.contact(MARIA);
    let mut caller = app.caller();
    caller.number = Some(MARIA.to_owned());
    for (nth, written) in [
        "(303) 555-1700",
        "303.555.1700",
        "1-303-555-1700",
        "+1 (303) 555 1700",
        "3035551700",
        " 303 555 1700 ",
        "011 1 303 555 1700",
    ]
    .iter()
    .enumerate()
    {
        let day = nth + 1;

        enters(&app, "service_role", &appointment(written, day)).await;

        let words = format!("your visit is booked for {}", WEEKDAYS[nth]);
        maria.expects_sms(&words).await;
    }

    let heard = caller.asks("find_appointments", json!({})).await;
    assert!(heard.says("December first, at nine"), "{}", heard.words);
    let unknown: i64 = app
        .database
        .value(&format!(
            "select count(*) from appointments where customer_phone <> '{MARIA}'"
        ))
        .await;
    assert_eq!(unknown, 0);
}

#[tokio::test]
async fn a_stop_that_the_office_enters_is_kept() {
    let twilio = Twilio::start().await;
    let app = TestApp::builder().await.twilio(&twilio).start().await;
    enters(
        &app,
        "service_role",
        "insert into sms_consents (organization_id, phone_number, status, source)
         values ('0f0f0f0f-0000-4000-8000-000000000001', '(303) 555-1700', 'withdrawn', 'staff')",
    )
    .await;

    enters(&app, "service_role", &appointment(MARIA, 1)).await;

    app.settles().await;
    let sent: i64 = app
        .database
        .value("select count(*) from private.outbox_attempts")
        .await;
    assert_eq!(sent, 0);
}

#[tokio::test]
async fn a_customer_whom_the_office_entered_is_greeted_by_name() {
    let app = TestApp::start().await;
    enters(
        &app,
        "service_role",
        "insert into customers (organization_id, name, phone_number)
         values ('0f0f0f0f-0000-4000-8000-000000000001', 'Ana Ortiz', '303 555 9999');
         update customers set phone_number = '(303) 555-1700'",
    )
    .await;
    let mut caller = app.caller();
    caller.number = Some(MARIA.to_owned());

    let heard = caller.asks("lookup_customer", json!({})).await;

    assert!(heard.says("Ana"), "{}", heard.words);
}

#[tokio::test]
async fn what_is_no_whole_number_and_what_an_operator_writes_stays_as_it_is() {
    let app = TestApp::start().await;
    for (nth, written) in [
        "555-1700",
        "303 555 1700 x5",
        "unknown",
        "",
        "130355517000",
        "+",
    ]
    .iter()
    .enumerate()
    {
        enters(&app, "service_role", &appointment(written, nth + 1)).await;
    }
    app.database.run(&appointment("(303) 555-1700", 20)).await;

    let stored: Vec<String> = app
        .database
        .column("select customer_phone::text from appointments order by scheduled_date")
        .await;

    assert_eq!(
        stored,
        [
            "555-1700",
            "303 555 1700 x5",
            "unknown",
            "",
            "130355517000",
            "+",
            "(303) 555-1700"
        ]
    );
}
