//! What events are called, where they are and who comes is nowhere: not in the database, the log, the metrics or what is said.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::support::{
    Radicale, TestDatabase,
    app::{ASSISTANT_ID, NOW, ORGANIZATION, ORGANIZATION_ID, PHONE_NUMBER_ID, SECRETS_KEY},
    eventually,
    linked::{event, timed},
    operator::{object, with_input},
    process::Process,
};

/// What the events of [`event`] say, and who is invited to them.
const WORDS: [&str; 8] = [
    "Divorce",
    "Courthouse",
    "bring papers",
    "mistress",
    "Rendezvous",
    "sealed-lips",
    "Hush",
    "Vasectomy",
];

const INVITED: &str = "ORGANIZER;CN=Rendezvous:mailto:boss@example.test\n\
    ATTENDEE;CN=Rendezvous;PARTSTAT=ACCEPTED:mailto:mistress@example.test\nCATEGORIES:sealed-lips\nCOMMENT:Hush";

struct Watched {
    database: TestDatabase,
    process: Process,
    radicale: Radicale,
    calendar: String,
    said: Vec<String>,
}

impl Watched {
    async fn start() -> Self {
        let database = TestDatabase::new().await;
        database.run(ORGANIZATION).await;
        let environment = [
            ("FRONTDESK_CALDAV_PRIVATE", "1"),
            ("FRONTDESK_LOG", "trace"),
        ];
        let process = Process::start(&database, &environment).await;
        let radicale = Radicale::start().await;
        let calendar = radicale.make_calendar("office").await;
        Self {
            database,
            process,
            radicale,
            calendar,
            said: Vec::new(),
        }
    }

    fn command(&mut self, line: &[&str], input: &str) -> std::process::Output {
        let url = self.database.url();
        let and = if url.contains('?') { '&' } else { '?' };
        let url = format!("{url}{and}options=-c%20frontdesk.now%3D{NOW}");
        let environment = [
            ("DATABASE_URL", url.as_str()),
            ("FRONTDESK_SECRETS_KEY", SECRETS_KEY),
            ("FRONTDESK_CALDAV_PRIVATE", "1"),
            ("FRONTDESK_LOG", "trace"),
        ];
        let output = with_input(line, &environment, input);
        self.said
            .push(String::from_utf8_lossy(&output.stdout).into_owned());
        self.said
            .push(String::from_utf8_lossy(&output.stderr).into_owned());
        output
    }

    async fn enters(&self, uid: &str, time: &str) {
        let path = format!("{}{uid}.ics", self.calendar);
        let text = event(uid, &format!("{time}\n{INVITED}"));
        self.radicale.put(&path, &text).await;
    }

    async fn reads(&self) {
        self.database
            .run(&format!(
                "update private.calendar_links set due_at = '{NOW}'"
            ))
            .await;
        eventually("the calendar is read", async || {
            let due: i64 = self
                .database
                .value(&format!(
                    "select (select count(*) from private.calendar_links where due_at <= '{NOW}' or claimed_until is not null)
                          + (select count(*) from private.calendar_copies where due_at <= '{NOW}' or claimed_until is not null)"
                ))
                .await;
            (due == 0).then_some(())
        })
        .await;
    }

    async fn asks(&mut self, tool: &str, arguments: Value) {
        let number = self.said.len();
        let message = json!({ "message": {
            "type": "tool-calls",
            "call": {
                "id": format!("call-{number}"), "phoneNumberId": PHONE_NUMBER_ID, "assistantId": ASSISTANT_ID,
                "customer": { "number": format!("+1303555{number:04}") },
            },
            "toolCallList": [{ "id": "a", "name": tool, "arguments": arguments }],
        }});
        let reply = self.process.replies(&message).await;
        self.said.push(reply.to_string());
    }

    /// Every row of every table of ours, as text.
    async fn dump(&self) -> Vec<String> {
        let tables: Vec<String> = self
            .database
            .column("select format('%I.%I', schemaname, tablename) from pg_tables where schemaname in ('public', 'private', 'auth')")
            .await;
        let mut rows = Vec::new();
        for table in tables {
            rows.extend(
                self.database
                    .column::<String>(&format!("select '{table}: ' || t::text from {table} as t"))
                    .await,
            );
        }
        rows
    }
}

#[tokio::test]
async fn the_words_of_events_are_nowhere_and_neither_is_the_password() {
    let mut watched = Watched::start().await;
    let (id, url) = (ORGANIZATION_ID.to_string(), watched.radicale.url());
    let (user, password) = (watched.radicale.user(), watched.radicale.password());
    let calendar = watched.calendar.clone();
    watched
        .enters("dentist", &timed("20261201T1000", "20261201T1100"))
        .await;
    let mut line = vec!["calendar", "connect", &id, "--provider", "caldav", "--json"];
    line.extend([
        "--address",
        &url,
        "--username",
        user,
        "--calendar",
        &calendar,
    ]);
    object(&watched.command(&line, password));
    watched.reads().await;

    let day = json!({ "date": "2026-12-01" });
    watched.asks("check_availability", day.clone()).await;
    let booking = |time: &str| json!({ "customer_name": "Maria Lopez", "service_address": "12 Elm Street", "date": format!("2026-12-01T{time}") });
    for time in ["10:00", "13:00", "15:00"] {
        watched.asks("book_appointment", booking(time)).await;
    }
    watched.reads().await;
    // A program that calls files after what is in them.
    watched
        .enters("vasectomy", &timed("20261204T1000", "20261204T1100"))
        .await;
    // Somebody enters something over an appointment, and moves and renames one of ours.
    watched
        .enters("lawyer", &timed("20261201T1300", "20261201T1400"))
        .await;
    watched
        .enters(
            "odd-zone",
            "DTSTART;TZID=Divorce zone:20261203T100000\nDTEND;TZID=Divorce zone:20261203T110000",
        )
        .await;
    let ours = watched.radicale.list(&watched.calendar).await;
    let (path, text) = ours
        .iter()
        .find(|(_, text)| {
            text.contains("X-FRONTDESK-APPOINTMENT") && text.contains("20261201T220000Z")
        })
        .unwrap();
    let renamed = text
        .replace("20261201T220000Z", "20261201T223000Z")
        .replace("SUMMARY:", "SUMMARY:Rendezvous ");
    watched.radicale.put(path, &renamed).await;
    watched.reads().await;
    watched.asks("check_availability", day).await;
    watched.asks("find_appointments", json!({})).await;
    for command in ["list", "status", "conflicts"] {
        watched.command(&["calendar", command, &id], "");
    }
    let explained = [
        "explain",
        "--org",
        &id,
        "--date",
        "2026-12-01",
        "--crew",
        "--json",
    ];
    watched.command(&explained, "");
    let conflicts: i64 = watched
        .database
        .value("select count(*) from private.calendar_conflicts where kind = 'overlap' and task_id is not null")
        .await;
    assert_eq!(conflicts, 1);

    let log: Vec<String> = watched
        .process
        .log()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(
        log.iter().any(|line| line.contains("TRACE")),
        "it says all it can"
    );
    assert!(
        log.iter()
            .any(|line| line.contains("read a linked calendar"))
    );
    let mut places = vec![
        ("the database", watched.dump().await),
        ("the log", log),
        ("the metrics", vec![watched.process.figures().await]),
        ("what was said", watched.said.clone()),
    ];
    assert!(places.iter().all(|(_, texts)| !texts.is_empty()));
    let secrets = [
        password.to_owned(),
        STANDARD.encode(format!("{user}:{password}")),
    ];
    for (place, texts) in &mut places {
        for text in texts {
            for word in WORDS
                .iter()
                .copied()
                .chain(secrets.iter().map(String::as_str))
            {
                let found = text.to_lowercase().contains(&word.to_lowercase());
                assert!(!found, "{word} is in {place}: {text}");
            }
        }
    }
}
