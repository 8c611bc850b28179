//! `frontdesk dev`: a demonstration from nothing. A private PostgreSQL, a demo organization, the service, and a request to
//! try it with.

use std::path::PathBuf;

use anyhow::Context;
use chrono_tz::Tz;
use clap::Args;
use secrecy::ExposeSecret;
use serde_json::json;
use tokio_postgres::Client;
use uuid::Uuid;

use super::{database, migrate, serve};
use crate::{
    clock::Clock,
    config::{DatabaseConfig, Settings},
    db::embedded::{self, Server},
    domain::{language::Language, slot::Slot, speech::Voice, when::Occurrence},
    keyring::Keyring,
    startup,
    telemetry::{self, LogFormat},
    tools::{
        Answer, Outcome as _,
        book_appointment::{self, Outcome},
        confirmation::Appointment,
    },
    vapi::reply::{self, ToolResult},
};

/// The secret of a demonstration that brings none; the service then listens on loopback like any other by default.
const DEMO_SECRET: &str = "frontdesk-demo";

/// The key that encrypts the credentials in a private demonstration that brings none, so that a calendar can be linked.
const DEMO_SECRETS_KEY: &str = "ZnJvbnRkZXNrLWRlbW8tZnJvbnRkZXNrLWRlbW8tMzI=";

/// The demo organization, its people and a few appointments. Run again, it changes nothing.
const SEED: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/fixtures/seed/demo.sql"
));

/// A thousand organizations with a million appointments.
const BIG: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/fixtures/seed/big.sql"
));

/// The demo organization's id, as the seed has it.
const DEMO_ORGANIZATION: Uuid = uuid::uuid!("00000000-0000-4000-8000-00000000d3e0");

/// The demo organization's zone, as the seed has it.
const DEMO_ZONE: Tz = chrono_tz::America::Denver;

/// The first free slot from the day after tomorrow on: what the printed request books, so that the README's example, which asks for tomorrow, is
/// answered as it says.
const FIRST_FREE: &str = "
    select c.slot_date, c.start_time
    from private.check_availability($1, (now() at time zone 'America/Denver')::date + 2, row(60, null, null, null, null, null), null, null) as c
    where c.slot_date is not null
    limit 1";

/// Settings of a demonstration.
#[derive(Args)]
pub struct DevSettings {
    #[command(flatten)]
    settings: Settings,
    /// Where the private PostgreSQL keeps its data; kept from one run to the next.
    #[arg(long, env = "FRONTDESK_DATA_DIR", value_name = "DIRECTORY")]
    data_dir: Option<PathBuf>,
    /// Adds a thousand organizations with a million appointments, which takes minutes the first time.
    #[arg(long)]
    big: bool,
}

/// Runs the demonstration until Ctrl-C.
///
/// # Errors
///
/// When PostgreSQL cannot be found, installed or started, or the service cannot.
pub async fn run(dev: DevSettings) -> anyhow::Result<()> {
    let mut settings = dev.settings;
    let log = &settings.log;
    telemetry::start_logs(log.filter(), log.log_format.unwrap_or(LogFormat::Pretty));
    // Before minutes are spent on PostgreSQL.
    startup::can_listen(&settings)?;
    let mut server = None;
    if settings.database.database_url.is_none() {
        let private = start_private(dev.data_dir).await?;
        // The service is tried as it is run: as the role that owns nothing.
        let url = private.url_of("frontdesk_app", "frontdesk");
        settings.database.database_url = Some(url.into());
        settings.database.owner_url = Some(private.url("frontdesk").into());
        server = Some(private);
    }
    let outcome = demonstrate(settings, server.is_some(), dev.big).await;
    if let Some(mut server) = server {
        let stopped = tokio::task::spawn_blocking(move || server.stop()).await?;
        stopped.context("the private PostgreSQL did not stop")?;
    }
    outcome
}

/// Finds or installs PostgreSQL, starts it, and makes the demo's database.
async fn start_private(data_dir: Option<PathBuf>) -> anyhow::Result<Server> {
    let data_directory = match data_dir {
        None => embedded::default_data_directory()?,
        Some(path) => path,
    };
    let server = tokio::task::spawn_blocking(move || -> anyhow::Result<Server> {
        let installation = embedded::find_or_install(&mut |line| eprintln!("postgresql: {line}"))?;
        Ok(Server::start(
            &installation,
            embedded::Options {
                data_directory,
                durable: true,
                settings: Vec::new(),
            },
        )?)
    })
    .await??;
    let config: tokio_postgres::Config = server.url("postgres").parse()?;
    let (client, connection) = config.connect(tokio_postgres::NoTls).await?;
    let driver = tokio::spawn(connection);
    let exists = client
        .query_opt("select from pg_database where datname = 'frontdesk'", &[])
        .await?;
    if exists.is_none() {
        client.batch_execute("create database frontdesk").await?;
    }
    drop(client);
    drop(driver.await);
    Ok(server)
}

/// Migrates, seeds, serves, and prints what to try.
async fn demonstrate(mut settings: Settings, is_private: bool, big: bool) -> anyhow::Result<()> {
    if settings.webhook.understand()?.is_empty() && !settings.insecure {
        settings.webhook.vapi_secret = Some(vec![DEMO_SECRET.into()]);
    }
    // One that the user brought is theirs, and its password is not to be shown.
    let owner_url = settings.database.owner_url.clone();
    let private_url = owner_url.filter(|_| is_private);
    let secret = settings.webhook.first_secret();
    let brings_no_key = is_private && settings.secrets.secrets_key.is_none();
    if brings_no_key {
        settings.secrets.secrets_key = Keyring::read(&[DEMO_SECRETS_KEY.into()]).ok();
    }
    let config = settings.understand()?;
    let applied = migrate::apply(&config.database).await;
    let applied = if is_private {
        applied?
    } else {
        applied.context(
            "the database that is set (DATABASE_URL, FRONTDESK_DIRECT_URL or FRONTDESK_OWNER_URL) cannot be used; unset them, and `frontdesk \
             dev` starts a PostgreSQL of its own",
        )?
    };
    let applied = applied.files.len();
    tracing::info!(files = applied, "the database is current");
    if is_private {
        let login = "alter role frontdesk_app login";
        database::with(&config.database, |client| async move {
            Ok(client.batch_execute(login).await?)
        })
        .await?;
    }
    if big {
        tracing::info!(
            "adding a thousand organizations with a million visits, which takes minutes the first time"
        );
        database::with(&config.database, |client| async move {
            client.batch_execute(BIG).await?;
            client.batch_execute("vacuum analyze").await?;
            if is_private {
                // Else it would go on behind the first callers, who would wait for the disk with it.
                client.batch_execute("checkpoint").await?;
            }
            Ok(())
        })
        .await?;
    }
    let slot = seed(&config.database).await?;
    let admin = config.settings.admin_listen;
    let host = config.settings.listen.ip();
    serve::serve(config, |port| {
        println!("\nfrontdesk answers on http://{host}:{port}, metrics on http://{admin}/metrics. Ctrl-C stops everything.");
        if let Some(slot) = slot {
            print_request(&format!("http://{host}:{port}"), secret.as_deref(), slot);
        }
        if let Some(url) = &private_url {
            let program = std::env::args().next().unwrap_or_default();
            println!("Look at the organization, and change it, from another terminal:\n\n  export DATABASE_URL='{}'", url.expose_secret());
            if brings_no_key {
                println!("  export FRONTDESK_SECRETS_KEY='{DEMO_SECRETS_KEY}'");
            }
            println!("  {program} org show {DEMO_ORGANIZATION}\n");
        }
    })
    .await
}

/// Seeds the demo organization and finds its first free slot.
async fn seed(owner: &DatabaseConfig) -> anyhow::Result<Option<Slot>> {
    database::with(owner, |client: Client| async move {
        client
            .batch_execute(SEED)
            .await
            .context("the demo organization cannot be entered")?;
        let row = client.query_opt(FIRST_FREE, &[&DEMO_ORGANIZATION]).await?;
        row.map(|row| {
            let (date, start) = (row.try_get(0)?, row.try_get(1)?);
            Ok(Slot { date, start })
        })
        .transpose()
    })
    .await
}

/// Prints a request that books `slot`, and the answer to expect.
fn print_request(base: &str, secret: Option<&str>, slot: Slot) {
    let (call_id, tool_call_id) = (Uuid::new_v4(), Uuid::new_v4());
    let message = json!({ "message": {
        "type": "tool-calls",
        "call": {
            "id": call_id,
            "phoneNumberId": "demo-phone-number",
            "customer": { "number": "+13035550142" },
        },
        "toolCallList": [{
            "id": tool_call_id,
            "type": "function",
            "function": {
                "name": book_appointment::TOOL.name,
                "arguments": {
                    "customer_name": "Maria Lopez",
                    "date": slot.token(),
                    "service": "leaky faucet",
                    "service_address": "12 Elm Street, Denver",
                },
            },
        }],
    }});
    let outcome = Outcome::Booked(Appointment {
        appointment_id: Uuid::nil(),
        name: "Maria Lopez".to_owned(),
        service: Some("Service visit".to_owned()),
        address: Some("12 Elm Street, Denver".to_owned()),
        date: slot.date,
        start: slot.start,
        occurrence: Occurrence::Once,
        names_zone: false,
        is_unconfirmed: false,
    });
    let today = Clock::system().now().with_timezone(&DEMO_ZONE).date_naive();
    let words = outcome.say(Voice {
        language: Language::English,
        today,
    });
    let answer = Answer {
        note: outcome.note().map(|note| note.write(today, DEMO_ZONE)),
        ..Answer::plain(Ok(words), outcome.label())
    };
    let results = [ToolResult {
        name: book_appointment::TOOL.name.to_owned(),
        tool_call_id: Some(tool_call_id.to_string()),
        body: answer.text(),
    }];
    let answer = serde_json::to_string(&reply::tool_results(&results)).unwrap_or_default();
    let header = secret.map_or_else(String::new, |secret| {
        format!("-H 'X-Vapi-Secret: {secret}' ")
    });
    println!("\nBook a visit:\n");
    println!(
        "  curl -s {base}/vapi/webhook {header}-H 'Content-Type: application/json' -d '{message}'"
    );
    println!("\nand expect:\n\n  {answer}\n");
}
