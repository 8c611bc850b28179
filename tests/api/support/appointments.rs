//! Appointments that callers book, and those that stand.

use serde_json::{Value, json};

use super::{Caller, Spoken, TestApp};

/// What books an appointment at this time for Maria Lopez.
pub fn at(token: &str) -> Value {
    json!({ "customer_name": "Maria Lopez", "date": token })
}

/// Whether a caller heard that an appointment is booked.
pub fn booked(heard: &Spoken) -> bool {
    !heard.is_error && heard.says("You're booked for")
}

/// How many appointments stand.
pub async fn appointments(app: &TestApp) -> i64 {
    app.database
        .value("select count(*) from appointments where status in ('pending', 'confirmed')")
        .await
}

/// Books an appointment by the text of an option, for Maria Lopez in 12 Elm Street.
pub async fn books(caller: &Caller<'_>, token: &str) -> Spoken {
    caller
        .asks(
            "book_appointment",
            json!({ "customer_name": "Maria Lopez", "service_address": "12 Elm Street", "date": token }),
        )
        .await
}

/// The same for a customer whose e-mail address is known, once all that follows from it is done.
pub async fn books_with_email(app: &TestApp, token: &str) -> Spoken {
    let said = app
        .caller()
        .asks(
            "book_appointment",
            json!({
                "customer_name": "Maria Lopez",
                "customer_email": "maria@example.com",
                "service_address": "12 Elm Street",
                "date": token,
            }),
        )
        .await;
    assert!(said.says("You're booked"), "{}", said.words);
    app.settles().await;
    said
}

/// The starts of the appointments that stand, in order.
pub async fn live(app: &TestApp) -> Vec<String> {
    app.database
        .column(
            "select to_char(scheduled_date + scheduled_time, 'YYYY-MM-DD HH24:MI') from appointments
             where status in ('pending', 'confirmed') order by 1",
        )
        .await
}
