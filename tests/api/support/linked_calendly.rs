//! A service whose organization has an account with Calendly, linked by the command.

use std::process::Output;

use super::{
    TestApp,
    app::{Builder, ORGANIZATION_ID, SECRETS_KEY},
    calendly::{Calendly, EVENT_TYPE, TOKEN},
    eventually,
    operator::{object, with_input},
};

/// The service and its Calendly.
pub struct LinkedCalendly {
    /// The service.
    pub app: TestApp,
    /// Calendly.
    pub calendly: Calendly,
}

impl LinkedCalendly {
    /// An account that is linked to the whole organization; the service has an address that Calendly can reach.
    pub async fn start() -> Self {
        Self::with(Calendly::start().await, TestApp::builder().await).await
    }

    /// The same with a Calendly and settings of the test's own.
    pub async fn with(calendly: Calendly, builder: Builder) -> Self {
        let app = builder
            .setting("--calendly-api-url", &calendly.api_url())
            .setting("--public-url", "https://calls.example.test")
            .start()
            .await;
        calendly.set_now(app.clock.now());
        let linked = Self { app, calendly };
        let line = ["connect", "--provider", "calendly"];
        object(&linked.command(&line, TOKEN));
        linked.app.settles().await;
        linked
    }

    /// The same, and its one service is booked at Calendly.
    pub async fn that_books() -> Self {
        let linked = Self::start().await;
        linked
            .app
            .database
            .run(&format!(
                "insert into services (organization_id, name, is_default, calendly_event_type)
                 values ('{ORGANIZATION_ID}', 'Drain cleaning', true, '{EVENT_TYPE}')"
            ))
            .await;
        linked
    }

    /// Runs `frontdesk calendar` for the organization, at the time that it is.
    pub fn command(&self, line: &[&str], input: &str) -> Output {
        let now = self.app.clock.now().to_rfc3339().replace('+', "%2B");
        let url = self.app.database.url();
        let and = if url.contains('?') { '&' } else { '?' };
        let url = format!("{url}{and}options=-c%20frontdesk.now%3D{now}");
        let (id, api) = (ORGANIZATION_ID.to_string(), self.calendly.api_url());
        let mut words = vec!["calendar", line[0], &id, "--json"];
        words.extend(&line[1..]);
        let environment = [
            ("DATABASE_URL", url.as_str()),
            ("FRONTDESK_SECRETS_KEY", SECRETS_KEY),
            ("CALENDLY_API_URL", &api),
        ];
        with_input(&words, &environment, input)
    }

    /// Has the calendar read now, and whatever follows from it done.
    pub async fn reads(&self) {
        self.app.reads_calendars().await;
    }

    /// The same, and awaits that it is stored whether Calendly announces changes.
    pub async fn subscribes(&self) {
        self.reads().await;
        eventually("whether changes are announced is stored", async || {
            let stored: i64 = self
                .app
                .database
                .value("select count(*) from private.calendar_links where channel_id is not null")
                .await;
            (stored == 1).then_some(())
        })
        .await;
    }

    /// Calendly tells its subscriptions that something was booked; what it is answered.
    pub async fn announces(&self) -> Vec<u16> {
        let mut answers = Vec::new();
        for webhook in self.calendly.webhooks() {
            let now = self.app.clock.now();
            let (body, signature) = Calendly::message(&webhook, "invitee.created", now);
            let url = webhook["url"].as_str().unwrap();
            answers.push(self.hears(url, body, &signature).await);
        }
        answers
    }

    /// Posts a message to the address of a subscription; the answer.
    pub async fn hears(&self, url: &str, body: String, signature: &str) -> u16 {
        let path = url.strip_prefix("https://calls.example.test").unwrap();
        let request = self.app.http.post(self.app.url(path));
        let request = request.header("Calendly-Webhook-Signature", signature);
        request.body(body).send().await.unwrap().status().as_u16()
    }

    /// Whether an hour of December 1, 2026 is free, for an appointment of one.
    pub async fn is_free(&self, hour: &str) -> bool {
        let free = self.app.free("2026-12-01").await;
        free.contains(&hour.to_owned())
    }
}
