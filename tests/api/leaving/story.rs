//! A customer who left traces by every way there is, for the tests to look for.

use std::process::Output;

use serde_json::{Value, json};

use crate::support::{
    Folder, TestApp, TestDatabase, Twilio, eventually,
    line::{Answers, Line},
    operator::frontdesk,
};

/// The customer's number, as a regular expression finds it in every way in which it is written here.
pub const NUMBER: &str = "303[^0-9a-z]{0,3}555[^0-9a-z]{0,3}7788";
/// The same, as the line signals it.
pub const SIGNALLED: &str = "+13035557788";
/// What the customer is called.
pub const NAME: &str = "Zebulon";
/// Where they live.
pub const STREET: &str = "Larkspur";
/// A word of theirs.
pub const WORD: &str = "marmalade";
/// Where their e-mail goes.
pub const EMAIL: &str = "zeb@example.test";
/// The secret part of the address at which their calls take commands, and of their recording.
pub const RECORDING: &str = "recording-of-zeb";

/// When the story is over: every appointment of it is in the past.
pub const LATER: &str = "2026-12-20T15:00:00Z";

const DANA: &str = "+13035550103";
const OFFICE: &str = "+13035550101";

/// A service with a provider of texts, a live line, an office, and somebody on call.
pub struct Story {
    pub app: TestApp,
    pub twilio: Twilio,
    pub line: Line,
}

impl Story {
    /// The organization, before anybody has called.
    pub async fn new() -> Self {
        let twilio = Twilio::start().await;
        twilio.expects_anything();
        let line = Line::new(Answers::Ok).await;
        let app = TestApp::builder()
            .await
            .twilio(&twilio)
            .setting("--control-hosts", &line.host())
            .start()
            .await;
        app.database
            .run(&format!(
                "update organizations set transfer_phone_number = '{OFFICE}', transfer_mode = 'blind';
                 insert into emergency_contacts (organization_id, name, phone, priority)
                 values ('0f0f0f0f-0000-4000-8000-000000000001', 'Dana Ruiz', '{DANA}', 1)"
            ))
            .await;
        Self { app, twilio, line }
    }

    /// A new call of the customer's.
    pub fn caller(&self) -> crate::support::Caller<'_> {
        let mut caller = self.app.caller().with_line(&self.line.control_url());
        caller.number = Some(SIGNALLED.to_owned());
        caller
    }

    /// The customer books, moves, leaves a message, reports an emergency, is connected, texts, and wants no more texts; the dashboard
    /// writes an appointment of theirs by hand. Every call ends.
    pub async fn is_told(&self) {
        self.books_and_leaves_a_message().await;
        self.reports_an_emergency().await;
        self.texts().await;
        self.app
            .dashboard(&format!(
                "insert into appointments (organization_id, customer_name, customer_phone, customer_email, appointment_type,
                     scheduled_date, scheduled_time, notes, status)
                 values ('{0}', '{NAME} Quickfoot', '(303) 555-7788', '{EMAIL}', 'repair', '2026-12-03', '09:00',
                     'likes {WORD}', 'confirmed');
                 update customers set notes = 'likes {WORD}', email = '{EMAIL}' where name like '{NAME}%';
                 update appointments set status = 'completed', notes = 'brought {WORD}' where scheduled_date = '2026-12-03';
                 insert into blocked_numbers (organization_id, phone_number, reason)
                 values ('{0}', '{SIGNALLED}', 'talked of {WORD}')",
                self.app.organization_id
            ))
            .await;
        self.app.passes_until(LATER).await;
        eventually("every tool call is in the log", async || {
            let logged: Option<i64> = self
                .app
                .database
                .value("select sum(jsonb_array_length(tools_used)) from call_logs")
                .await;
            (logged == Some(5)).then_some(())
        })
        .await;
    }

    async fn books_and_leaves_a_message(&self) {
        let caller = self.caller();
        let heard = caller
            .asks(
                "book_appointment",
                json!({
                    "customer_name": format!("{NAME} Quickfoot"),
                    "date": "2026-12-01T09:00",
                    "service_address": format!("4711 {STREET} Lane, Denver"),
                    "notes": format!("the dog likes {WORD}"),
                    "description": format!("the dog likes {WORD}"),
                }),
            )
            .await;
        assert!(!heard.is_error, "{}", heard.words);
        let moved = caller
            .asks(
                "reschedule_appointment",
                json!({ "date": "2026-12-02T10:00" }),
            )
            .await;
        assert!(!moved.is_error, "{}", moved.words);
        caller
            .asks(
                "take_message",
                json!({ "message": format!("bring {WORD}"), "customer_name": format!("{NAME} Quickfoot") }),
            )
            .await;
        self.ends(&caller).await;
    }

    async fn reports_an_emergency(&self) {
        let caller = self.caller();
        caller
            .asks(
                "flag_emergency",
                json!({
                    "description": format!("{WORD} is all over the ceiling"),
                    "urgency": "high",
                    "service_address": format!("4711 {STREET} Lane, Denver"),
                    "callback_number": "303-555-7788",
                }),
            )
            .await;
        let page = self.twilio.contact(DANA).expects_sms(WORD).await;
        page.replies("1").await;
        caller
            .asks(
                "transfer_call",
                json!({ "reason": format!("about {WORD}"), "summary": format!("{NAME} asks about {WORD}") }),
            )
            .await;
        self.ends(&caller).await;
        page.replies("done").await;
        self.app.settles().await;
    }

    async fn texts(&self) {
        let phone = self.twilio.contact(SIGNALLED);
        phone.texts(&format!("is the {WORD} ready?")).await;
        phone.texts("STOP").await;
        self.app.settles().await;
    }

    /// The report that Vapi sends when a call is over.
    pub async fn ends(&self, caller: &crate::support::Caller<'_>) {
        self.app
            .reply(&caller.message(json!({
                "type": "end-of-call-report",
                "endedReason": "customer-ended-call",
                "durationSeconds": 61.6,
                "artifact": {
                    "transcript": format!("User: I am {NAME}, 4711 {STREET} Lane, at 303 555 7788, and I like {WORD}."),
                    "recordingUrl": format!("https://storage.example/{RECORDING}.wav"),
                },
                "analysis": { "summary": format!("{NAME} likes {WORD}."), "structuredData": { "address": STREET } },
            })))
            .await;
    }

    /// Runs a command as the owner of the tables, when the story is over.
    pub fn runs(&self, line: &[&str]) -> Output {
        runs_at(&self.app.database, LATER, line)
    }
}

/// Runs a command as the owner of the tables, at a time.
pub fn runs_at(database: &TestDatabase, now: &str, line: &[&str]) -> Output {
    let url = database.url();
    let and = if url.contains('?') { '&' } else { '?' };
    frontdesk(
        &format!("{url}{and}options=-c%20frontdesk.now%3D{now}"),
        line,
    )
}

/// The tables of public and private in whose rows, in whatever column, a regular expression finds something.
pub async fn tables_with(database: &TestDatabase, pattern: &str) -> Vec<String> {
    let tables: Vec<String> = database
        .column(
            "select c.oid::regclass::text from pg_class as c
             where c.relkind = 'r' and c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
             order by 1",
        )
        .await;
    let client = database.connect().await;
    let mut found = Vec::new();
    for table in tables {
        let row = client
            .query_one(
                &format!("select exists (select from {table} as t where to_jsonb(t)::text ~* $1)"),
                &[&pattern],
            )
            .await
            .unwrap();
        if row.get(0) {
            found.push(table);
        }
    }
    found
}

/// The manifest of an export.
pub fn manifest(folder: &Folder) -> Value {
    serde_json::from_slice(&std::fs::read(folder.join("manifest.json")).unwrap()).unwrap()
}
