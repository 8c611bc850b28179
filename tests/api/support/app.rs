//! The service, started as `frontdesk serve` starts it, on a port and a database of its own.

use chrono::{DateTime, Utc};
use clap::Parser;
use frontdesk::{clock::Clock, config::Settings, jobs::attempt::LEASE, startup::Application};
use serde_json::Value;
use tokio::{sync::oneshot, task::JoinHandle};
use uuid::Uuid;

pub use super::database::{NOW, ORGANIZATION_ID};
use super::{Caller, TestDatabase, Twilio, database::RUNTIME, eventually};

/// The service-wide secret of every test that does not bring its own.
pub const SECRET: &str = "the-secret-of-the-tests";

/// The key that encrypts credentials, of every service that does not bring its own.
pub const SECRETS_KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

/// Vapi's ids of the test organization's number and assistant, and the number itself, as the fixtures have them.
pub const PHONE_NUMBER_ID: &str = "11111111-aaaa-4000-8000-000000000001";
/// See [`PHONE_NUMBER_ID`].
pub const ASSISTANT_ID: &str = "22222222-bbbb-4000-8000-000000000001";
/// See [`PHONE_NUMBER_ID`].
pub const CALLED_NUMBER: &str = "+13035550100";

#[derive(Parser)]
struct CommandLine {
    #[command(flatten)]
    settings: Settings,
}

/// A running service and its database.
pub struct TestApp {
    /// The database.
    pub database: TestDatabase,
    /// The organization, in Denver, that is open on weekdays from 8 to 18.
    pub organization_id: Uuid,
    /// Vapi's id of its number.
    pub phone_number_id: String,
    /// Vapi's id of its assistant.
    pub assistant_id: String,
    /// Its number.
    pub called_number: String,
    /// The clock of the rules.
    pub clock: Clock,
    /// For requests that no helper makes.
    pub http: reqwest::Client,
    /// The port of the webhook.
    pub port: u16,
    pub(super) admin_port: u16,
    /// What stops the service, where it is the test's own.
    pub(super) stop: Option<oneshot::Sender<()>>,
    pub(super) running: Option<JoinHandle<std::io::Result<()>>>,
}

/// Settings to start a service with.
pub struct Builder {
    database: TestDatabase,
    arguments: Vec<String>,
    url: Option<String>,
    twilio: Option<Twilio>,
}

impl TestApp {
    /// The service with the usual settings, at [`NOW`].
    pub async fn start() -> Self {
        Self::builder().await.start().await
    }

    /// The service with settings of the test's own.
    pub async fn builder() -> Builder {
        let builder = Self::builder_without_organization().await;
        builder.database.run(ORGANIZATION).await;
        builder
    }

    /// The same, to which nobody is known yet.
    pub async fn builder_without_organization() -> Builder {
        Builder {
            database: TestDatabase::new().await,
            arguments: Vec::new(),
            url: None,
            twilio: None,
        }
    }

    /// A path of the webhook's listener.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// A path of the private listener.
    pub fn admin_url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.admin_port)
    }

    /// Moves the clock of the rules.
    pub fn at(&self, instant: &str) {
        assert!(self.running.is_some(), "others go by this clock");
        self.clock.set(instant.parse::<DateTime<Utc>>().unwrap());
    }

    /// What somebody at a dashboard writes, at the time that it is.
    pub async fn dashboard(&self, sql: &str) {
        let now = self.clock.now().to_rfc3339();
        self.database
            .run(&format!("set frontdesk.now = '{now}'; {sql}"))
            .await;
    }

    /// Waits until nothing is due at the time that it is, and no attempt or question to a provider is under way: the clock must not jump
    /// over its answer.
    pub async fn settles(&self) {
        eventually("everything that is due is done", async || {
            let now = self.clock.now();
            // The clock stands while a job is claimed.
            let claimed_until = now + LEASE;
            let rows = self
                .database
                .rows(
                    "select (select count(*) from emergency_incidents where due_at <= $1)
                          + (select count(*) from private.outbox where due_at <= $1 or due_at = $2 or state = 'sending')
                          + (select count(*) from private.outbox_attempts where finished_at is null)
                          + (select count(*) from private.reminder_schedule where next_at <= $1)
                          + (select count(*) from private.calendar_links where due_at <= $1 or claimed_until is not null)
                          + (select count(*) from private.calendar_copies where due_at <= $1 or claimed_until is not null)",
                    &[&now, &claimed_until],
                )
                .await;
            (rows[0].get::<_, i64>(0) == 0).then_some(())
        })
        .await;
        let wrong = self.database.wrong_busy_days().await;
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    /// Waits until the call log has so many calls: a tool call is added to its call after its answer.
    pub async fn logs_calls(&self, calls: i64) {
        eventually("the calls are in the log", async || {
            let count: i64 = self.database.value("select count(*) from call_logs").await;
            (count == calls).then_some(())
        })
        .await;
    }

    /// Moves the clock to whatever comes next, again and again, until nothing comes before `end`.
    pub async fn passes_until(&self, end: &str) {
        let end = end.parse::<DateTime<Utc>>().unwrap();
        loop {
            self.settles().await;
            let rows = self
                .database
                .rows(
                    "select least(
                         (select min(due_at) from private.outbox where due_at > $1 and due_at <= $2),
                         (select min(due_at) from emergency_incidents where due_at > $1 and due_at <= $2)
                     )",
                    &[&self.clock.now(), &end],
                )
                .await;
            match rows[0].get::<_, Option<DateTime<Utc>>>(0) {
                Some(next) => self.clock.set(next),
                None => break,
            }
        }
        self.clock.set(end);
        self.settles().await;
    }

    /// Another instance of the service on the same database.
    pub async fn another(&self, twilio: &Twilio) -> Self {
        self.another_with(twilio.settings()).await
    }

    /// The same with other settings.
    pub async fn another_with(
        &self,
        settings: impl IntoIterator<Item = (&'static str, String)>,
    ) -> Self {
        let mut other = Builder {
            database: super::database::empty().await,
            arguments: Vec::new(),
            url: Some(self.database.service_url()),
            twilio: None,
        };
        for (name, value) in settings {
            other = other.setting(name, &value);
        }
        other.start().await
    }

    /// Stops the service as a deployment does, and starts it again on the same database.
    pub async fn restart(&mut self, twilio: &Twilio) {
        self.stop().await.unwrap().unwrap();
        let now = self.clock.now();
        let database = std::mem::replace(&mut self.database, super::database::empty().await);
        let builder = Builder {
            database,
            arguments: Vec::new(),
            url: None,
            twilio: None,
        };
        *self = builder.twilio(twilio).start().await;
        self.clock.set(now);
    }

    /// A new call from a number that no other call of the test has.
    pub fn caller(&self) -> Caller<'_> {
        Caller::new(self)
    }

    /// Sends a message as Vapi would, proved by the service-wide secret.
    pub async fn post(&self, message: &Value) -> reqwest::Response {
        self.post_raw(message.to_string()).await
    }

    /// Sends a body as Vapi would, proved by the service-wide secret.
    pub async fn post_raw(&self, body: impl Into<reqwest::Body>) -> reqwest::Response {
        self.http
            .post(self.url("/vapi/webhook"))
            .header("X-Vapi-Secret", SECRET)
            .header("Content-Type", "application/json")
            .body(body)
            .send()
            .await
            .unwrap()
    }

    /// Sends a message and reads its reply, which must be 200.
    pub async fn reply(&self, message: &Value) -> Value {
        let reply = self.post(message).await;
        assert_eq!(reply.status(), 200);
        reply.json().await.unwrap()
    }

    /// The only emergency.
    pub async fn incident(&self) -> Value {
        self.database
            .object("select * from emergency_incidents")
            .await
    }

    /// Sets rules of the organization, as `organizations.settings` has them.
    pub async fn rules(&self, settings: &Value) {
        self.database
            .rows(
                "update organizations set settings = settings || $1 where id = $2",
                &[settings, &self.organization_id],
            )
            .await;
    }

    /// Tells the service to stop; it is gone when the returned task is done.
    pub fn stop(&mut self) -> JoinHandle<std::io::Result<()>> {
        self.stop.take().unwrap().send(()).unwrap();
        self.running.take().unwrap()
    }
}

impl Builder {
    /// A setting, as on the command line; the last one of a name counts.
    pub fn setting(mut self, name: &str, value: &str) -> Self {
        let is_same = format!("{name}=");
        self.arguments.retain(|known| !known.starts_with(&is_same));
        self.arguments.push(format!("{name}={value}"));
        self
    }

    /// A switch, as on the command line.
    pub fn switch(mut self, name: &str) -> Self {
        self.arguments.push(name.to_owned());
        self
    }

    /// A Twilio that the service uses, and that reaches it.
    pub fn twilio(mut self, twilio: &Twilio) -> Self {
        for (name, value) in twilio.settings() {
            self = self.setting(name, &value);
        }
        self.twilio = Some(twilio.clone());
        self
    }

    /// Another database than the test's own, such as one that is away.
    pub fn database_url(mut self, url: &str) -> Self {
        self.url = Some(url.to_owned());
        self
    }

    /// The database, before the service starts.
    pub fn database(&self) -> &TestDatabase {
        &self.database
    }

    /// The service.
    pub async fn start(self) -> TestApp {
        self.secret(SECRET).try_start().await.unwrap()
    }

    /// The service without the usual secret.
    pub fn secret(self, secret: &str) -> Self {
        self.setting("--vapi-secret", secret)
    }

    /// The service, or why it does not start.
    pub async fn try_start(self) -> Result<TestApp, Box<dyn std::error::Error + Send + Sync>> {
        let url = self.url.unwrap_or_else(|| self.database.service_url());
        let mut line = vec![
            "test".to_owned(),
            format!("--database-url={url}"),
            "--listen=127.0.0.1:0".to_owned(),
            "--admin-listen=127.0.0.1:0".to_owned(),
            "--workers=2".to_owned(),
        ];
        // A machine that is busy with other tests is no outage: those about outages say how long a caller waits.
        for (name, value) in [
            ("--now", NOW),
            ("--secrets-key", SECRETS_KEY),
            ("--deadline-ms", "10000"),
            ("--tool-log-seconds", "0"),
        ] {
            let is_same = format!("{name}=");
            if !self
                .arguments
                .iter()
                .any(|known| known.starts_with(&is_same))
            {
                line.push(format!("{name}={value}"));
            }
        }
        // Blank leaves it out, as a blank variable does: the machine's clock counts.
        line.extend(self.arguments.into_iter().filter(|it| it != "--now="));
        let config = CommandLine::try_parse_from(line)?.settings.understand()?;
        let clock = config.clock.clone();
        let application = RUNTIME.spawn(Application::build(config)).await??;
        let (port, admin_port) = (application.port(), application.admin_port());
        if let Some(twilio) = &self.twilio {
            twilio.reaches(port);
        }
        let (stop, stopped) = oneshot::channel::<()>();
        let running = RUNTIME.spawn(application.run_until(async {
            // A test that ends drops the sender, which stops the service as well.
            drop(stopped.await);
        }));
        Ok(TestApp {
            organization_id: ORGANIZATION_ID,
            phone_number_id: PHONE_NUMBER_ID.to_owned(),
            assistant_id: ASSISTANT_ID.to_owned(),
            called_number: CALLED_NUMBER.to_owned(),
            database: self.database,
            clock,
            http: http(),
            port,
            admin_port,
            stop: Some(stop),
            running: Some(running),
        })
    }
}

/// A client for what is not encrypted: reading the machine's certificates takes longer than most requests. It keeps no connection, which on a
/// busy machine the service might close at the moment when the next request is sent.
pub fn http() -> reqwest::Client {
    reqwest::Client::builder()
        .tls_certs_only([])
        .pool_max_idle_per_host(0)
        .build()
        .unwrap()
}

/// The test organization, entered at [`NOW`]: its first reminders are of the day after, whatever day it is.
pub const ORGANIZATION: &str = "
set local frontdesk.now = '2026-11-23T15:00:00Z';
insert into organizations (id, name, industry, timezone)
values ('0f0f0f0f-0000-4000-8000-000000000001', 'Front Range Plumbing', 'plumbing', 'America/Denver');
insert into vapi_assistants
    (organization_id, vapi_assistant_id, name, industry, language, system_prompt, voice_config)
values
    ('0f0f0f0f-0000-4000-8000-000000000001', '22222222-bbbb-4000-8000-000000000001', 'Ava', 'plumbing', 'en', '', '{}');
insert into phone_number_assignments
    (organization_id, phone_number, vapi_phone_number_id, phone_provider)
values
    ('0f0f0f0f-0000-4000-8000-000000000001', '+13035550100', '11111111-aaaa-4000-8000-000000000001', 'vapi');
";
