//! A service whose organization has a calendar at Google, linked by the command, to which its owner agreed in a browser.

use serde_json::Value;

use super::{
    Google, TestApp,
    app::{Builder, ORGANIZATION_ID},
    consent::connect_after,
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
        let mut settings = self.google.settings();
        settings.push(("--google-authorize-url", self.google.authorize_url()));
        let mut line = vec!["--provider", "google", "--calendar", PRIMARY];
        line.extend(arguments);
        connect_after(&self.app, &settings, &line, before).await
    }

    /// Links another calendar of the account, or changes whose time it is.
    pub async fn link(&self, calendar: &str, arguments: &[&str]) {
        let mut settings = self.google.settings();
        settings.push(("--google-authorize-url", self.google.authorize_url()));
        let mut line = vec!["--provider", "google", "--calendar", calendar];
        line.extend(arguments);
        connect_after(&self.app, &settings, &line, async |_page| ()).await;
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
