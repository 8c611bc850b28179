//! Organizations that share a database and a service, which tests at the same time that nothing of one is seen by another.

use std::sync::atomic::{AtomicU32, Ordering};

use tokio::sync::OnceCell;
use uuid::Uuid;

use super::{
    TestApp, TestDatabase, Twilio,
    app::{ASSISTANT_ID, CALLED_NUMBER, ORGANIZATION, PHONE_NUMBER_ID, http},
    database::organization_in,
    line::Line,
};

/// The id of the test organization, as texts have it.
const TEST_ORGANIZATION: &str = "0f0f0f0f-0000-4000-8000-000000000001";

static SHARED: OnceCell<TestApp> = OnceCell::const_new();
static PAGING: OnceCell<TestApp> = OnceCell::const_new();
static NUMBER: AtomicU32 = AtomicU32::new(1);

impl TestApp {
    /// An organization of the test's own, on a service that all tests share, at [`NOW`](super::app::NOW). Of all that take commands for a
    /// call, the service commands [`Line::shared`] alone. A test about several organizations asks for several; one that moves the clock, or
    /// changes what belongs to no organization, needs [`TestApp::start`].
    pub async fn shared() -> Self {
        service().await.organization().await
    }

    /// The same on another such service, whose Twilio takes whatever is sent: for tests of what is decided before anybody is told. What
    /// the test inserts with one of the contacts' numbers gets a number of its own.
    pub async fn paging(contacts: &[&'static str]) -> Self {
        let start = async || {
            let twilio = Twilio::start().await;
            twilio.expects_anything();
            let builder = Self::builder_without_organization().await;
            builder.twilio(&twilio).start().await
        };
        let service = PAGING.get_or_init(start).await;
        service.organization_with(contacts).await
    }

    /// Another organization on the same service, like the test organization but for its ids and its number. The queries of the returned value
    /// see this organization alone, and where they name the test organization they mean this one.
    pub async fn organization(&self) -> Self {
        self.organization_with(&[]).await
    }

    /// The same with contacts: what the test inserts with one of these numbers gets another, which no organization of the run has besides
    /// ([`TestDatabase::own`](super::TestDatabase::own) tells which).
    pub async fn organization_with(&self, contacts: &[&'static str]) -> Self {
        let app = self.to_be_made(contacts).await;
        // The owner's session has compiled what a new organization sets off.
        let organization = app.database.own(ORGANIZATION);
        self.database.run_again(&organization).await;
        app
    }

    /// The same, of which nothing is in the database yet.
    async fn to_be_made(&self, contacts: &[&'static str]) -> Self {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        assert!(number < 10_000, "the numbers are used up");
        let organization_id = Uuid::new_v4();
        let phone_number_id = Uuid::new_v4().to_string();
        let assistant_id = Uuid::new_v4().to_string();
        let called_number = format!("+1720555{number:04}");
        let mut names = vec![
            (TEST_ORGANIZATION, organization_id.to_string()),
            (PHONE_NUMBER_ID, phone_number_id.clone()),
            (ASSISTANT_ID, assistant_id.clone()),
            (CALLED_NUMBER, called_number.clone()),
        ];
        names.extend(contacts.iter().map(|contact| {
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            (*contact, format!("+1970555{number:04}"))
        }));
        let database = self.database.as_seen_by(organization_id, names).await;
        Self {
            database,
            organization_id,
            phone_number_id,
            assistant_id,
            called_number,
            clock: self.clock.clone(),
            http: http(),
            port: self.port,
            admin_port: self.admin_port,
            stop: None,
            running: None,
        }
    }
}

impl TestDatabase {
    /// What [`with_organization`](Self::with_organization) gives, on the database that all tests share: for a test that asks nothing of the
    /// service and sees this organization alone.
    pub async fn shared(zone: &str, settings: &str) -> Self {
        let service = service().await;
        let database = service.to_be_made(&[]).await.database;
        let organization = organization_in(zone, settings);
        service
            .database
            .run_again(&database.own(&organization))
            .await;
        database
    }
}

async fn service() -> &'static TestApp {
    let start = async || {
        let builder = TestApp::builder_without_organization().await;
        let hosts = Line::shared_host().await;
        builder.setting("--control-hosts", &hosts).start().await
    };
    SHARED.get_or_init(start).await
}
