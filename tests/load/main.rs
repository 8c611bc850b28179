//! The load-test harness: replays the fixtures against a frontdesk, checks every answer and then the database, and tells how
//! fast it was, what it cost, and how far it is from what the machine can do at most.
//!
//! `cargo run --release --bin loadtest` proves everything that README's chapter "Performance" says; `loadtest help` tells the rest.

mod arrivals;
mod client;
mod expect;
mod fastify;
mod generator;
mod growth;
mod limits;
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
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    rc::Rc,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use clap::{Args, Parser, Subcommand};
use frontdesk::{clock::machine_time, config::WebhookSettings};

use arrivals::Arrivals;
use client::Endpoint;
use expect::Bound;
use generator::{Callers, Plan};
use messages::Messages;
use report::{Report, diff::diff, page::page, table::table};
use scenarios::{MIX, Proof};
use sign::Signer;
use stage::{Running, Size, Stage};
use target::{Kind, Target};
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
    /// Everything: limits, knee, a rush for one hour, growth, the first answer. What runs when nothing else is named.
    All,
    /// The limits alone: the service against the floor program and pgbench.
    Limits,
    /// The check against the same as it is written on Fastify, which is installed with npm.
    Fastify,
    /// One run.
    Run(RunSettings),
    /// What two runs have in common, and what changed between them, from their JSON files.
    Diff {
        /// The earlier one.
        before: PathBuf,
        /// The later one.
        after: PathBuf,
    },
}

#[derive(Args)]
struct RunSettings {
    /// closed:8, constant:500, poisson:500, burst:300/5 (at once, every so many seconds) or ramp:200-8000 (to find the knee).
    #[arg(long, default_value = "closed:8")]
    arrivals: Arrivals,
    /// How long, in seconds; hours make a soak.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// How many of a hundred callers check, book, are put through, and have an emergency.
    #[arg(long, value_parser = mix, default_value = "70,20,5,5")]
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
    /// A bound, such as `p99<=50ms`, `p99.book_appointment<=100ms`, `per_second>=1000`, `cpu<=75us`, `resident<=20MiB` or `errors<=0`.
    #[arg(long, global = true)]
    expect: Vec<Bound>,
    /// Writes everything as JSON.
    #[arg(long, global = true)]
    json: Option<PathBuf>,
    /// Writes one HTML file that needs no other.
    #[arg(long, global = true)]
    html: Option<PathBuf>,
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

/// Does what was asked for; whether every bound was kept.
fn run(cli: Cli) -> Result<bool> {
    let settings = &cli.settings;
    let run = format!("{:08x}", fastrand::u32(..));
    let report = match cli.command.unwrap_or(What::All) {
        What::Diff { before, after } => {
            print!("{}", diff(&read(&before)?, &read(&after)?));
            return Ok(true);
        }
        What::All | What::Limits | What::Fastify if settings.url.is_some() => {
            bail!("a frontdesk that is not started here can only be asked to `run`")
        }
        What::Run(what) => run_once(settings, &what, run)?,
        part => prove(settings, run, &part)?,
    };
    print!("{}", table(&report));
    if let Some(path) = &settings.json {
        write(path, &serde_json::to_string_pretty(&report)?)?;
    }
    if let Some(path) = &settings.html {
        write(path, &page(&report))?;
    }
    Ok(report.verdicts.iter().all(|verdict| verdict.passed))
}

fn callers(settings: &Settings, run: String) -> Result<Rc<Callers>> {
    let messages = Messages::new(run, settings.padding)?;
    let days = messages::working_days(machine_time().date_naive());
    let callers = Callers::new(messages, settings.organizations, days, settings.seed);
    Ok(Rc::new(callers))
}

/// The whole proof, or a part of it.
fn prove(settings: &Settings, run: String, part: &What) -> Result<Report> {
    let programs = stage::build()?;
    let stage = Stage::open(&settings.data_dir)?;
    let mut report = new_report(settings, stage.version.clone());
    let mut proof = Proof {
        stage: &stage,
        programs: &programs,
        signer: &Signer::new(settings.webhook.clone()),
        callers: &callers(settings, run)?,
        size: size(settings),
        pool: settings.pool,
        rounds: settings.rounds,
        length: Duration::from_secs(settings.round_seconds),
        report: &mut report,
        promises: Promises::default(),
    };
    match part {
        What::Limits => proof.run(false),
        What::Fastify => proof.against_fastify(),
        _ => proof.run(true),
    }?;
    Ok(report)
}

/// One run, against a service that is started for it or one that runs already.
fn run_once(settings: &Settings, what: &RunSettings, run: String) -> Result<Report> {
    let callers = callers(settings, run)?;
    callers.mix.set(what.mix);
    callers.hot.set(what.hot_hour.map(|hour| (0, hour)));
    let signer = Signer::new(settings.webhook.clone());
    let Some(url) = &settings.url else {
        let programs = stage::build()?;
        let stage = Stage::open(&settings.data_dir)?;
        let database = stage.database(size(settings))?;
        let running = stage.frontdesk(&programs.0, &database, settings.pool, &signer)?;
        let mut report = new_report(settings, stage.version.clone());
        let promises = measure(&mut report, &running.target, &callers, settings, what)?;
        Running::stop(running)?;
        let check = verify(&stage.owner_url(&database), &callers.messages, &promises)?;
        report.verdicts.extend(expect::database(&check));
        report.database = Some(check);
        return Ok(report);
    };
    let target = Rc::new(Target {
        name: "frontdesk",
        endpoint: Endpoint::new(url.clone())?,
        kind: Kind::Frontdesk(Box::new(signer)),
        service: None,
        postgresql: None,
    });
    let mut report = new_report(settings, String::new());
    measure(&mut report, &target, &callers, settings, what)?;
    Ok(report)
}

fn measure(
    report: &mut Report,
    target: &Rc<Target>,
    callers: &Rc<Callers>,
    settings: &Settings,
    what: &RunSettings,
) -> Result<Promises> {
    let length = Duration::from_secs(what.seconds);
    let mut outcomes = Vec::new();
    if let Arrivals::Ramp(from, to) = what.arrivals {
        let (ramp, runs) = scenarios::ramp(target, callers, from, to, length)?;
        report.ramps.push(ramp);
        outcomes.extend(runs);
    } else {
        let plan = Plan {
            name: "run",
            arrivals: what.arrivals,
            length,
            seed: settings.seed,
        };
        outcomes.push(generator::run(target, callers, &plan)?);
    }
    report.settings.extend(
        [
            ("arrivals", what.arrivals.to_string()),
            ("seconds", what.seconds.to_string()),
            ("mix", what.mix.map(|share| share.to_string()).join(",")),
            (
                "hot-hour",
                what.hot_hour
                    .map_or_else(String::new, |hour| hour.to_string()),
            ),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    );
    let mut promises = Promises::default();
    for outcome in outcomes {
        let judged = settings
            .expect
            .iter()
            .map(|bound| bound.judge(&outcome.run));
        report.verdicts.extend(judged);
        promises.answered += outcome.run.answered;
        promises.booked.extend(outcome.booked);
        promises.written.extend(outcome.written);
        promises.unsure.extend(outcome.unsure);
        report.runs.push(outcome.run);
    }
    Ok(promises)
}

fn size(settings: &Settings) -> Size {
    Size {
        organizations: settings.organizations,
        visits: settings.visits,
    }
}

fn new_report(settings: &Settings, postgresql: String) -> Report {
    let is_here = settings.url.is_none();
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR"));
    Report {
        at: machine_time(),
        commit: if is_here {
            machine::commit(checkout)
        } else {
            String::new()
        },
        machine: machine::describe(postgresql),
        settings: [
            (
                "url",
                settings
                    .url
                    .as_ref()
                    .map_or_else(String::new, ToString::to_string),
            ),
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
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec(),
        runs: Vec::new(),
        ramps: Vec::new(),
        comparisons: Vec::new(),
        database: None,
        verdicts: Vec::new(),
    }
}

fn mix(text: &str) -> Result<[u32; 4], String> {
    const ALLOWED: &str = "allowed: four shares that are 100 together, such as 70,20,5,5";
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

fn read(path: &Path) -> Result<Report> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    serde_json::from_str(&text).with_context(|| format!("{} is no report", path.display()))
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))
}
