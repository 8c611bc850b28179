//! The load test: replays the fixtures against a frontdesk, checks every answer and then the database, and tells how fast it was, what
//! it cost, and who is ahead: it, or what would be written instead.
//!
//! `make load` runs everything that `docs/performance.md` says; `loadtest help` tells the rest.

mod arrivals;
mod client;
mod expect;
mod generator;
mod goals;
mod growth;
mod machine;
mod messages;
mod pgbench;
mod record;
mod report;
mod scenarios;
mod sign;
mod stage;
mod target;
mod verify;

use std::{
    collections::BTreeMap, fs, path::Path, path::PathBuf, process::ExitCode, rc::Rc, time::Duration,
};

use anyhow::{Context, Result, bail};
use clap::{Args, Parser, Subcommand};
use frontdesk::{clock::machine_time, config::WebhookSettings};

use arrivals::Arrivals;
use client::Endpoint;
use expect::Bound;
use generator::{Callers, Outcome, Place, Plan};
use messages::Messages;
use report::{FRONTDESK, Report};
use scenarios::{MIX, Test};
use sign::Signer;
use stage::{Running, Size, Stage};
use target::Target;
use verify::{Promises, verify};

/// Measures a frontdesk under load.
#[derive(Parser)]
#[command(name = "loadtest", version, max_term_width = 110)]
struct Cli {
    #[command(subcommand)]
    command: Option<What>,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Subcommand)]
enum What {
    /// Everything, held against the goals. What runs when nothing else is named.
    All,
    /// Beside the bare server, Fastify and pgbench, with the budgets and a rush for one hour.
    Compare,
    /// How cost grows with appointments and organizations.
    Growth,
    /// One run.
    Run(RunSettings),
}

#[derive(Args)]
struct RunSettings {
    /// closed:8, constant:500, poisson:500 or burst:300/5 (at once, every so many seconds).
    #[arg(long, default_value = "closed:8")]
    arrivals: Arrivals,
    /// How long, in seconds; hours make a soak.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// How many of a hundred callers check, book, are put through, and have an emergency.
    #[arg(long, value_parser = mix, default_value = "60,20,10,10")]
    mix: [u32; 4],
    /// All callers are after this full hour of the same day of one organization: a hot slot. 17 is free on every day of the seed.
    #[arg(long, value_name = "HOUR", value_parser = clap::value_parser!(u32).range(0..24))]
    hot_hour: Option<u32>,
}

#[derive(Args)]
struct Settings {
    /// A frontdesk that runs already, whose database has the big seed, such as <https://desk.example.com/vapi/webhook>; one is
    /// started if left out.
    #[arg(long, global = true, env = "LOADTEST_URL")]
    url: Option<url::Url>,
    /// How many organizations are called.
    #[arg(long, global = true, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    organizations: u32,
    /// How many visits each has.
    #[arg(long, global = true, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(10..=100_000))]
    visits: u32,
    /// How many connections to the database the service is given.
    #[arg(long, global = true, default_value_t = 8)]
    pool: u32,
    /// How many rounds each comparison takes.
    #[arg(long, global = true, default_value_t = 5)]
    rounds: u32,
    /// How long each program runs in a round, in seconds.
    #[arg(long, global = true, default_value_t = 5)]
    round_seconds: u64,
    /// How many bytes of conversation each message carries besides the fixture's.
    #[arg(long, global = true, default_value_t = 0)]
    padding: usize,
    /// A bound, such as `p99<=50ms`, `p99.book_appointment<=100ms`, `per_second>=1000`, `cpu<=75us`, `resident<=20MB` or `errors<=0`.
    #[arg(long, global = true)]
    expect: Vec<Bound>,
    /// Writes everything as JSON.
    #[arg(long, global = true)]
    json: Option<PathBuf>,
    /// Where the private PostgreSQL keeps its data.
    #[arg(long, global = true, default_value = "")]
    data_dir: String,
    /// What random choices follow from.
    #[arg(long, global = true, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    webhook: WebhookSettings,
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(2),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Does what was asked for; whether nothing fell short.
fn run(cli: Cli) -> Result<bool> {
    let settings = &cli.settings;
    let report = match cli.command.unwrap_or(What::All) {
        What::All | What::Compare | What::Growth if settings.url.is_some() => {
            bail!("a frontdesk that is not started here can only be asked to `run`")
        }
        What::Run(what) => run_once(settings, &what)?,
        part => test(settings, &part)?,
    };
    print!("{}", report.text());
    if let Some(path) = &settings.json {
        let text = serde_json::to_string_pretty(&report)?;
        fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    Ok(report.passed())
}

fn callers(settings: &Settings) -> Result<Rc<Callers>> {
    let run = format!("{:08x}", fastrand::u32(..));
    let messages = Messages::new(run, settings.padding)?;
    let days = messages::working_days(machine_time().date_naive());
    let callers = Callers::new(messages, settings.organizations, days, settings.seed);
    Ok(Rc::new(callers))
}

/// The whole test, or a part of it.
fn test(settings: &Settings, part: &What) -> Result<Report> {
    let signer = Signer::new(settings.webhook.clone());
    if signer.scheme() != "HMAC" {
        bail!(
            "what frontdesk is compared with knows HMAC alone; unset VAPI_SECRET and VAPI_BEARER_TOKEN"
        );
    }
    let mut programs = stage::build()?;
    let stage = Stage::open(&settings.data_dir)?;
    if !matches!(part, What::Growth) {
        programs.fastify = stage::install_fastify(&stage)?;
    }
    let mut report = new_report(settings, &stage.version);
    let mut test = Test {
        stage: &stage,
        programs: &programs,
        signer: &signer,
        callers: &callers(settings)?,
        size: size(settings),
        pool: settings.pool,
        rounds: settings.rounds.max(1),
        length: Duration::from_secs(settings.round_seconds),
        report: &mut report,
        promises: Promises::default(),
    };
    if !matches!(part, What::Growth) {
        test.compare()?;
    }
    if !matches!(part, What::Compare) {
        test.growth()?;
    }
    let goals = goals::judge(&report);
    report.verdicts.extend(goals);
    Ok(report)
}

/// One run, against a service that is started for it or one that runs already.
fn run_once(settings: &Settings, what: &RunSettings) -> Result<Report> {
    let callers = callers(settings)?;
    callers.mix.set(what.mix);
    let place = |hour| Place::One(0, hour);
    callers.place.set(what.hot_hour.map_or(Place::Any, place));
    let signer = Signer::new(settings.webhook.clone());
    if let Some(url) = &settings.url {
        let target = Rc::new(Target {
            name: FRONTDESK,
            endpoint: Endpoint::new(url.clone())?,
            signer,
            service: None,
            postgresql: None,
        });
        let mut report = new_report(settings, "of unknown version");
        measure(&mut report, &target, &callers, settings, what)?;
        return Ok(report);
    }
    let programs = stage::build()?;
    let stage = Stage::open(&settings.data_dir)?;
    let database = stage.database(size(settings))?;
    let running = stage.start(&programs, FRONTDESK, &database, settings.pool, &signer)?;
    let mut report = new_report(settings, &stage.version);
    let outcome = measure(&mut report, &running.target, &callers, settings, what)?;
    Running::stop(running)?;
    let mut promises = Promises::default();
    promises.add(&outcome);
    let found = verify(&stage.owner_url(&database), &callers.messages, &promises)?;
    report.verdicts.extend(found);
    Ok(report)
}

fn measure(
    report: &mut Report,
    target: &Rc<Target>,
    callers: &Rc<Callers>,
    settings: &Settings,
    what: &RunSettings,
) -> Result<Outcome> {
    let plan = Plan {
        name: "run",
        arrivals: what.arrivals,
        length: Duration::from_secs(what.seconds),
        seed: settings.seed,
    };
    let outcome = generator::run(target, callers, &plan)?;
    report.settings.extend([
        ("arrivals", what.arrivals.to_string()),
        ("seconds", what.seconds.to_string()),
        ("mix", what.mix.map(|share| share.to_string()).join(",")),
        (
            "hot-hour",
            what.hot_hour
                .map_or_else(String::new, |hour| hour.to_string()),
        ),
    ]);
    let judged = settings.expect.iter();
    report
        .verdicts
        .extend(judged.map(|bound| bound.judge(&outcome.run)));
    report.runs.push(outcome.run.clone());
    Ok(outcome)
}

fn size(settings: &Settings) -> Size {
    Size {
        organizations: settings.organizations,
        visits: settings.visits,
    }
}

fn new_report(settings: &Settings, postgresql: &str) -> Report {
    let url = settings
        .url
        .as_ref()
        .map_or_else(String::new, ToString::to_string);
    Report {
        at: machine_time(),
        commit: if url.is_empty() {
            machine::commit(Path::new(stage::CHECKOUT))
        } else {
            "a service elsewhere".to_owned()
        },
        machine: machine::describe(postgresql),
        settings: vec![
            ("url", url),
            ("organizations", settings.organizations.to_string()),
            ("visits", settings.visits.to_string()),
            ("pool", settings.pool.to_string()),
            ("rounds", settings.rounds.to_string()),
            ("round-seconds", settings.round_seconds.to_string()),
            ("padding", settings.padding.to_string()),
            (
                "proved by",
                Signer::new(settings.webhook.clone()).scheme().to_owned(),
            ),
            ("seed", settings.seed.to_string()),
        ],
        runs: Vec::new(),
        first_answers: BTreeMap::new(),
        growth: BTreeMap::new(),
        verdicts: Vec::new(),
    }
}

fn mix(text: &str) -> Result<[u32; 4], String> {
    const ALLOWED: &str = "allowed: four shares that are 100 together, such as 60,20,10,10";
    let shares: Result<Vec<u32>, _> = text.split(',').map(|share| share.trim().parse()).collect();
    let shares: [u32; 4] = shares
        .ok()
        .and_then(|shares| shares.try_into().ok())
        .ok_or(ALLOWED)?;
    let whole = shares
        .iter()
        .try_fold(0_u32, |sum, share| sum.checked_add(*share));
    if whole == Some(MIX.iter().sum()) {
        Ok(shares)
    } else {
        Err(ALLOWED.to_owned())
    }
}
