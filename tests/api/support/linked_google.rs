//! A service whose organization has a calendar at Google or in Outlook, linked by the command, to which its owner agreed in a browser.

use serde_json::Value;

use super::{
    Google, Provider, TestApp,
    app::{Builder, ORGANIZATION_ID},
    consent, eventually,
    google::PRIMARY,
};

/// The service and its Google.
pub struct LinkedGoogle {
    /// The service.
    pub app: TestApp,
    /// Google.
    pub google: Google,
}

impl TestApp {
    /// A service to which an account's own calendar is linked, for the whole organization.
    pub async fn linked(mut builder: Builder, provider: &Provider, settings: &str) -> Self {
        for (name, value) in provider.settings() {
            builder = builder.setting(name, &value);
        }
        let app = builder.start().await;
        provider.reaches(app.port);
        provider.set_now(app.clock.now());
        app.database
            .run(&format!("update organizations set settings = '{settings}'"))
            .await;
        consent::connect(&app, provider, &[], async |_page| ()).await;
        app.settles().await;
        app
    }

    /// Has the linked calendars read now, and whatever follows from it done.
    pub async fn reads_calendars(&self) {
        self.database
            .run(&format!(
                "update private.calendar_links set due_at = '{}' where due_at is not null",
                self.clock.now().to_rfc3339()
            ))
            .await;
        self.settles().await;
    }

    /// The times that are free on a day.
    pub async fn free(&self, day: &str) -> Vec<String> {
        let now = self.clock.now().to_rfc3339();
        self.database
            .column(&format!(
                "select to_char(s.start_time, 'HH24:MI')
                 from (select set_config('frontdesk.now', '{now}', false)) as clock,
                      lateral get_available_time_slots('{ORGANIZATION_ID}', '{day}', 60) as s
                 where s.is_available"
            ))
            .await
    }
}

impl LinkedGoogle {
    /// Waits until the link's channel is open and stored: what is asked of the link before that would not know of it.
    pub async fn has_one_channel(&self) {
        eventually("a channel is open", async || {
            let stored: i64 = self
                .app
                .database
                .value("select count(*) from private.calendar_links where channel_resource is not null")
                .await;
            (stored == 1).then_some(())
        })
        .await;
        assert_eq!(self.google.channels().len(), 1);
    }

    /// The owner's own calendar, linked to the whole organization, with settings of the organization.
    pub async fn start(settings: &str) -> Self {
        Self::with(TestApp::builder().await, settings).await
    }

    /// The same with settings of the service.
    pub async fn with(builder: Builder, settings: &str) -> Self {
        let google = Google::start().await;
        let app = TestApp::linked(builder, &google, settings).await;
        Self { app, google }
    }

    /// Links another calendar of the account, or changes whose time it is.
    pub async fn link(&self, calendar: &str, arguments: &[&str]) {
        let line = [&["--calendar", calendar], arguments].concat();
        consent::connect(&self.app, &self.google, &line, async |_page| ()).await;
    }

    /// Has the calendar read now, and whatever follows from it done.
    pub async fn reads(&self) {
        self.app.reads_calendars().await;
    }

    /// The times that are free on a day.
    pub async fn free(&self, day: &str) -> Vec<String> {
        self.app.free(day).await
    }

    /// The events that the service wrote, as they stand.
    pub fn ours(&self) -> Vec<Value> {
        self.google
            .events(PRIMARY)
            .into_iter()
            .filter(|event| event["extendedProperties"]["private"]["frontdesk"].is_string())
            .collect()
    }
}
