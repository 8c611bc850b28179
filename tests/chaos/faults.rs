//! The faults, one after the other.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::time::sleep;
use tokio_postgres::Client;

use crate::{
    load::{self, Load},
    report::{self, Row},
    support::{
        TestApp, TestDatabase, Twilio,
        app::{Builder, ORGANIZATION, SECRET},
        outage::{Hangs, OwnServer, SlowWay},
        process::{Connection, Process},
        twilio::Behaves,
    },
};

const OPERATOR: &str = "+13035550188";
const CONTACT: &str = "+13035550103";

/// One contact, who is texted only, and no limit that a rush would reach.
const ROSTER: &str = "
    insert into emergency_contacts (organization_id, name, phone, escalation_timeout, call_enabled)
    values ('0f0f0f0f-0000-4000-8000-000000000001', 'Dana Ruiz', '+13035550103', 3600, false);
    update organizations
    set settings = settings || '{\"capacity\": 50, \"limits\": {\"messages_per_day\": 100000, \"pages_per_day\": 100000}}'";

/// Calls a second while a fault lasts.
const PER_SECOND: u32 = 40;
/// How long calls go on as usual before a fault.
const BEFORE: Duration = Duration::from_secs(2);
/// How long after a fault they must go on as usual.
const RECOVERY: Duration = Duration::from_mins(1);

/// A service that is held against its database.
struct Stage {
    app: TestApp,
    twilio: Twilio,
    database: Client,
}

impl Stage {
    async fn new(builder: Builder, twilio: Twilio, database: Client) -> Self {
        twilio.expects_anything();
        database.batch_execute(ROSTER).await.unwrap();
        let spool = std::env::temp_dir().join(format!("frontdesk-chaos-{}", uuid::Uuid::new_v4()));
        let app = builder
            .twilio(&twilio)
            // The machine's clock.
            .setting("--now", "")
            .setting("--spool", spool.to_str().unwrap())
            .setting("--fallback-number", OPERATOR)
            .setting("--deadline-ms", "1500")
            .start()
            .await;
        Self {
            app,
            twilio,
            database,
        }
    }

    /// On a database of the shared server.
    async fn usual() -> Self {
        let (builder, twilio) = (TestApp::builder().await, Twilio::start().await);
        let database = builder.database().connect().await;
        Self::new(builder, twilio, database).await
    }

    /// A fault that lasts as long as `fault` takes, under load.
    async fn under(&mut self, name: &'static str, fault: impl AsyncFnOnce(&mut Self)) -> Row {
        let load = load::on(&self.app, PER_SECOND);
        sleep(BEFORE).await;
        fault(self).await;
        self.over(name, load).await
    }

    async fn over(&self, name: &'static str, load: Load) -> Row {
        let recovered = load.is_normal_again(RECOVERY).await;
        let calls = load.end().await;
        Row::of(
            name,
            &calls,
            recovered,
            &self.database,
            &self.twilio,
            CONTACT,
        )
        .await
    }
}

/// All faults, or the one whose name contains this.
pub async fn all(only: Option<&str>) -> Vec<Row> {
    let mut rows = Vec::new();
    report::print_head();
    macro_rules! fault {
        ($name:literal, $run:expr) => {
            if only.is_none_or(|only| $name.contains(only)) {
                let row = $run($name).await;
                report::print(&row);
                rows.push(row);
            }
        };
    }
    fault!("Twilio refuses connections for 16 s", twilio_is_gone);
    fault!("Twilio answers 500 for 65 s", twilio_fails);
    fault!(
        "Twilio hangs while the database is read-only, 10 s",
        both_hang
    );
    fault!("the database is read-only for 10 s", read_only);
    fault!("the database is gone for 10 s", gone);
    fault!("a standby is promoted", promoted);
    fault!("all connections to the database go silent", silent);
    fault!(
        "the database hangs at the start, for 8 s",
        hangs_at_the_start
    );
    fault!("an import locks the organization for 10 s", locked);
    fault!("every answer of the database takes 200 ms, 15 s", slow);
    fault!("strangers hold 70 bodies of 4 MiB", held_bodies);
    fault!("the process is killed three times", killed);
    rows
}

async fn twilio_is_gone(name: &'static str) -> Row {
    Stage::usual()
        .await
        .under(name, async |stage| {
            stage.twilio.is_down(Behaves::Gone);
            sleep(Duration::from_secs(16)).await;
            stage.twilio.is_back();
        })
        .await
}

async fn twilio_fails(name: &'static str) -> Row {
    let mut stage = Stage::usual().await;
    // A few emergencies are enough, since each is tried again and again.
    let load = load::on(&stage.app, 4);
    sleep(BEFORE).await;
    stage.twilio.is_down(Behaves::Broken { is_done: false });
    sleep(Duration::from_secs(65)).await;
    stage.twilio.is_back();
    let mut row = stage.over(name, load).await;
    let raised: i64 = value(
        &mut stage.database,
        "select count(*) from private.outbox where kind = 'fallback'",
    )
    .await;
    if raised == 0 {
        row.problem = Some("the fallback number was not told".to_owned());
    }
    row
}

async fn both_hang(name: &'static str) -> Row {
    Stage::usual()
        .await
        .under(name, async |stage| {
            stage.twilio.is_down(Behaves::Silent { is_done: false });
            stage.app.database.becomes_read_only().await;
            sleep(Duration::from_secs(10)).await;
            stage.app.database.takes_writes_again().await;
            // That cut off the connection of this one too.
            stage.database = stage.app.database.connect().await;
            stage.twilio.is_back();
        })
        .await
}

async fn read_only(name: &'static str) -> Row {
    Stage::usual()
        .await
        .under(name, async |stage| {
            stage.app.database.becomes_read_only().await;
            sleep(Duration::from_secs(10)).await;
            stage.app.database.takes_writes_again().await;
            // That cut off the connection of this one too.
            stage.database = stage.app.database.connect().await;
        })
        .await
}

async fn gone(name: &'static str) -> Row {
    let mut server = OwnServer::with(ORGANIZATION).await;
    let builder = TestApp::builder().await.database_url(&server.service_url());
    let database = server.connect("frontdesk").await;
    let mut stage = Stage::new(builder, Twilio::start().await, database).await;
    stage
        .under(name, async |stage| {
            server.stops().await;
            sleep(Duration::from_secs(10)).await;
            server.starts().await;
            stage.database = server.connect("frontdesk").await;
        })
        .await
}

async fn promoted(name: &'static str) -> Row {
    let mut primary = OwnServer::with(ORGANIZATION).await;
    let standby = primary.standby().await;
    let url = OwnServer::url_of_all(&[&primary, &standby]);
    let builder = TestApp::builder().await.database_url(&url);
    let database = primary.connect("frontdesk").await;
    let mut stage = Stage::new(builder, Twilio::start().await, database).await;
    stage
        .under(name, async |stage| {
            let followed = standby.connect("frontdesk").await;
            primary.stops().await;
            followed.batch_execute("select pg_promote()").await.unwrap();
            stage.database = standby.connect("frontdesk").await;
        })
        .await
}

async fn silent(name: &'static str) -> Row {
    let builder = TestApp::builder().await;
    let way = SlowWay::to(builder.database()).await;
    let database = builder.database().connect().await;
    let builder = builder.database_url(&way.url());
    let mut stage = Stage::new(builder, Twilio::start().await, database).await;
    stage
        .under(name, async |_| way.forgets_its_connections())
        .await
}

async fn hangs_at_the_start(name: &'static str) -> Row {
    let builder = TestApp::builder().await;
    let way = SlowWay::to(builder.database()).await;
    let database = builder.database().connect().await;
    way.hangs(Hangs::AfterTheHandshake);
    let builder = builder.database_url(&way.url());
    let stage = Stage::new(builder, Twilio::start().await, database).await;
    let load = load::on(&stage.app, PER_SECOND);
    sleep(Duration::from_secs(8)).await;
    way.hangs(Hangs::Not);
    stage.over(name, load).await
}

async fn locked(name: &'static str) -> Row {
    Stage::usual()
        .await
        .under(name, async |stage| {
            let import = stage.app.database.connect().await;
            import
                .batch_execute("begin; select private.lock_organization(id) from organizations")
                .await
                .unwrap();
            sleep(Duration::from_secs(10)).await;
            import.batch_execute("rollback").await.unwrap();
        })
        .await
}

async fn slow(name: &'static str) -> Row {
    let builder = TestApp::builder().await;
    let way = SlowWay::to(builder.database()).await;
    let database = builder.database().connect().await;
    let builder = builder.database_url(&way.url());
    let mut stage = Stage::new(builder, Twilio::start().await, database).await;
    stage
        .under(name, async |_| {
            way.takes(Duration::from_millis(200));
            sleep(Duration::from_secs(15)).await;
            way.takes(Duration::ZERO);
        })
        .await
}

/// The service as a process, on the machine's clock.
async fn process(database: &TestDatabase, twilio: &Twilio) -> Process {
    let settings = [
        (
            "TWILIO_ACCOUNT_SID",
            crate::support::twilio::ACCOUNT.to_owned(),
        ),
        (
            "TWILIO_AUTH_TOKEN",
            crate::support::twilio::TOKEN.to_owned(),
        ),
        ("TWILIO_API_URL", twilio.url()),
        ("TWILIO_FROM", crate::support::twilio::NUMBER.to_owned()),
        (
            "FRONTDESK_PUBLIC_URL",
            crate::support::twilio::PUBLIC_URL.to_owned(),
        ),
        ("FRONTDESK_NOW", String::new()),
    ];
    let settings: Vec<(&str, &str)> = settings
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let process = Process::start(database, &settings).await;
    twilio.reaches(process.port);
    process
}

async fn database() -> (TestDatabase, Client, Twilio) {
    let (database, twilio) = (TestDatabase::new().await, Twilio::start().await);
    twilio.expects_anything();
    let client = database.connect().await;
    client.batch_execute(ORGANIZATION).await.unwrap();
    client.batch_execute(ROSTER).await.unwrap();
    (database, client, twilio)
}

async fn held_bodies(name: &'static str) -> Row {
    const BODY: usize = 4 * 1_024 * 1_024;
    const MAX_MEMORY: u64 = 128 * 1_024 * 1_024;
    let (database, client, twilio) = database().await;
    let process = process(&database, &twilio).await;
    let load = Load::begin(process.port, SECRET, PER_SECOND);
    sleep(BEFORE).await;
    let paths = ["/vapi/webhook", "/twilio/sms", "/vapi/webhook/nobody"];
    let holding = join_all((0..70).map(|nth| {
        let path = paths[nth % paths.len()];
        let port = process.port;
        async move {
            let mut connection = Connection::to(port).await;
            connection.begins(path, &[], BODY).await;
            let chunk = vec![b' '; BODY - 1];
            // One that is answered and closed takes no more.
            drop(tokio::time::timeout(Duration::from_secs(5), connection.sends(&chunk)).await);
            sleep(Duration::from_secs(5)).await;
        }
    }));
    holding.await;
    let recovered = load.is_normal_again(RECOVERY).await;
    let calls = load.end().await;
    let mut row = Row::of(name, &calls, recovered, &client, &twilio, CONTACT).await;
    let memory = process.peak_memory();
    if memory > MAX_MEMORY {
        row.problem = Some(format!("{memory} bytes of memory"));
    }
    row
}

/// The agent asks again when it hears nothing, as Vapi does; what counts is what was acknowledged.
async fn killed(name: &'static str) -> Row {
    let (database, client, twilio) = database().await;
    let mut all = Vec::new();
    for _ in 0..3 {
        let process = process(&database, &twilio).await;
        let load = Load::begin(process.port, SECRET, PER_SECOND);
        sleep(Duration::from_secs(3)).await;
        drop(process);
        let calls = load.end().await;
        // A caller whose connection broke was told nothing, and nothing was promised.
        all.extend(calls.into_iter().filter(|call| call.heard.is_some()));
    }
    let begun = Instant::now();
    let last = process(&database, &twilio).await;
    let row = Row::of(name, &all, Some(begun.elapsed()), &client, &twilio, CONTACT).await;
    drop(last);
    row
}

async fn value<T>(client: &mut Client, sql: &str) -> T
where
    T: for<'a> tokio_postgres::types::FromSql<'a>,
{
    client.query_one(sql, &[]).await.unwrap().get(0)
}
