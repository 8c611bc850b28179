//! A service whose organization has a calendar at Google, linked by the command, to which its owner agreed in a browser.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use serde_json::Value;

use super::{
    Google, TestApp,
    app::{Builder, ORGANIZATION_ID, SECRETS_KEY},
    google::PRIMARY,
};

/// The service and its Google.
pub struct LinkedGoogle {
    /// The service.
    pub app: TestApp,
    /// Google.
    pub google: Google,
}

impl LinkedGoogle {
    /// The owner's own calendar, linked to the whole organization, with settings of the organization.
    pub async fn start(settings: &str) -> Self {
        Self::with(TestApp::builder().await, settings).await
    }

    /// The same with settings of the service.
    pub async fn with(builder: Builder, settings: &str) -> Self {
        let google = Google::start().await;
        let mut builder = builder;
        for (name, value) in google.settings() {
            builder = builder.setting(name, &value);
        }
        let app = builder.start().await;
        google.reaches(app.port);
        google.set_now(app.clock.now());
        app.database
            .run(&format!("update organizations set settings = '{settings}'"))
            .await;
        let linked = Self { app, google };
        linked.connect(&[]).await;
        linked.app.settles().await;
        linked
    }

    /// Connects by the command, with the owner's consent in a browser; what the command printed.
    pub async fn connect(&self, arguments: &[&str]) -> Value {
        self.connect_after(arguments, async |_page| ()).await
    }

    /// The same; before the owner agrees, something happens that knows the page where they are asked. What it gives back lives until the end.
    pub async fn connect_after<T>(
        &self,
        arguments: &[&str],
        before: impl AsyncFnOnce(&str) -> T,
    ) -> Value {
        let url = self.app.database.url();
        let and = if url.contains('?') { '&' } else { '?' };
        let now = self.app.clock.now().to_rfc3339().replace('+', "%2B");
        let mut running = Command::new(env!("CARGO_BIN_EXE_frontdesk"))
            .env_clear()
            .env(
                "DATABASE_URL",
                format!("{url}{and}options=-c%20frontdesk.now%3D{now}"),
            )
            .env("FRONTDESK_SECRETS_KEY", SECRETS_KEY)
            .env("GOOGLE_AUTHORIZE_URL", self.google.authorize_url())
            .args(["calendar", "connect", &ORGANIZATION_ID.to_string()])
            .args(["--provider", "google", "--calendar", PRIMARY, "--json"])
            .args(
                self.google
                    .settings()
                    .iter()
                    .flat_map(|(name, value)| [(*name).to_owned(), value.clone()]),
            )
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut complaints = BufReader::new(running.stderr.take().unwrap()).lines();
        let (page, said) = tokio::task::spawn_blocking(move || {
            let mut said = Vec::new();
            let page = complaints.by_ref().map(Result::unwrap).find(|line| {
                said.push(line.clone());
                line.starts_with("http")
            });
            // A browser, whose owner agrees, follows where it is sent.
            (page, (said, complaints))
        })
        .await
        .unwrap();
        let mut held = None;
        if let Some(page) = page {
            held = Some(before(&page).await);
            self.app.http.get(page).send().await.unwrap();
        }
        let printed = tokio::task::spawn_blocking(move || {
            let (mut lines, rest) = said;
            lines.extend(rest.map(Result::unwrap));
            let output = running.wait_with_output().unwrap();
            assert!(output.status.success(), "{lines:?}");
            serde_json::from_slice(&output.stdout).unwrap()
        })
        .await
        .unwrap();
        drop(held);
        printed
    }

    /// Has the calendar read now, and whatever follows from it done.
    pub async fn reads(&self) {
        self.app
            .database
            .run(&format!(
                "update private.calendar_links set due_at = '{}' where due_at is not null",
                self.app.clock.now().to_rfc3339()
            ))
            .await;
        self.app.settles().await;
    }

    /// The times that are free on a day.
    pub async fn free(&self, day: &str) -> Vec<String> {
        let now = self.app.clock.now().to_rfc3339();
        self.app
            .database
            .column(&format!(
                "select to_char(s.start_time, 'HH24:MI')
                 from (select set_config('frontdesk.now', '{now}', false)) as clock,
                      lateral get_available_time_slots('{ORGANIZATION_ID}', '{day}', 60) as s
                 where s.is_available"
            ))
            .await
    }

    /// The events that the service wrote, as they stand.
    pub fn ours(&self) -> Vec<Value> {
        self.google
            .events(PRIMARY)
            .into_iter()
            .filter(|event| {
                event["extendedProperties"]["private"]["frontdesk"].is_string()
                    && event["status"] != "cancelled"
            })
            .collect()
    }
}
