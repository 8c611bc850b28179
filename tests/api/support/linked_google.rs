//! A service whose organization has a calendar at Google or in Outlook, linked by the command, to which its owner agreed in a browser.

use serde_json::Value;

use super::{
    Google, Provider, TestApp,
    app::{Builder, ORGANIZATION_ID},
    consent,
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
