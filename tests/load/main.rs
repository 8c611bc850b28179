//! The load test: replays the fixtures against a frontdesk, checks every answer and then the database, and prints how fast it was, what
//! it cost, and who is ahead: the service, or what would be written instead.
//!
//! `docs/performance.md` explains it; `loadtest help` lists the commands.

mod arrivals;
mod client;
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

use std::{env, fs, path::PathBuf, process::ExitCode, rc::Rc, time::Duration};

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};
use frontdesk::clock::machine_time;

use arrivals::Arrivals;
use client::Endpoint;
use generator::{Callers, Place, Plan};
use messages::Messages;
use report::{FRONTDESK, Limit, Report, Verdict};
use scenarios::Test;
use sign::Signer;
use stage::{Running, Size, Stage};
use target::Target;
use verify::{Told, verify};

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
    /// Everything, compared with the goals. What runs when nothing else is named.
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
    /// How many of a hundred callers check, book, are transferred, and have an emergency.
    #[arg(long, value_parser = mix, default_value = "60,20,10,10")]
    mix: [u32; 4],
    /// A frontdesk that runs already, whose database has the big seed, such as <https://frontdesk.example.com/vapi/webhook>; it is
    /// called with the secret in `VAPI_SECRET`, `VAPI_BEARER_TOKEN` or `VAPI_HMAC_SECRET`. One is started if left out.
    #[arg(long)]
    url: Option<url::Url>,
    /// Fails if the 99th percentile is more milliseconds than this.
    #[arg(long, value_name = "MS")]
    p99: Option<f64>,
    /// All callers are after this full hour of the same day of one organization: a hot slot. 17 is free on every day of the seed.
    #[arg(long, value_name = "HOUR", value_parser = clap::value_parser!(u32).range(0..24))]
    hot_hour: Option<u32>,
}

#[derive(Args)]
struct Settings {
    #[command(flatten)]
    size: Size,
    /// How many connections to the database the service is given.
    #[arg(long, global = true, default_value_t = 8)]
    pool: u32,
    /// How many rounds each comparison takes.
    #[arg(long, global = true, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// How long each program runs in a round, in seconds.
    #[arg(long, global = true, default_value_t = 5)]
    round_seconds: u64,
    /// Writes everything as JSON.
    #[arg(long, global = true)]
    json: Option<PathBuf>,
    /// Where the private PostgreSQL keeps its data.
    #[arg(long, global = true)]
    data_dir: Option<PathBuf>,
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

/// Runs the command; whether every required goal is met.
fn run(cli: Cli) -> Result<bool> {
    let settings = &cli.settings;
    let mut report = match cli.command.unwrap_or(What::All) {
        What::Run(what) => run_once(settings, &what)?,
        part => test(settings, &part)?,
    };
    let wrong = report.runs.iter().flat_map(|run| run.errors.values());
    let wrong = Verdict::none("wrong answers", wrong.sum());
    report.verdicts.push(wrong);
    print!("{}", report.text());
    if let Some(path) = &settings.json {
        let text = serde_json::to_string_pretty(&report)?;
        fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    Ok(report.passed())
}

fn callers(settings: &Settings) -> Result<Rc<Callers>> {
    let run = format!("{:08x}", fastrand::u32(..));
    let days = messages::working_days(machine_time().date_naive());
    let callers = Callers::new(Messages::new(run)?, settings.size.organizations, days);
    Ok(Rc::new(callers))
}

/// The whole test, or a part of it.
fn test(settings: &Settings, part: &What) -> Result<Report> {
    let mut programs = stage::build()?;
    let stage = Stage::open(settings.data_dir.clone())?;
    if !matches!(part, What::Growth) {
        programs.fastify = stage::install_fastify(&stage)?;
    }
    let mut report = new_report(settings, Some(&stage));
    let mut test = Test {
        stage: &stage,
        programs: &programs,
        callers: &callers(settings)?,
        settings,
        report: &mut report,
        told: Told::default(),
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
    if let Some(url) = &what.url {
        let signer = Signer::from_environment()
            .context("set VAPI_SECRET, VAPI_BEARER_TOKEN or VAPI_HMAC_SECRET to the service's")?;
        let target = Rc::new(Target {
            name: FRONTDESK,
            endpoint: Endpoint::new(url.clone())?,
            signer,
            service: None,
            postgresql: None,
        });
        let mut report = new_report(settings, None);
        measure(&mut report, &target, &callers, what)?;
        return Ok(report);
    }
    let programs = stage::build()?;
    let stage = Stage::open(settings.data_dir.clone())?;
    let database = stage.database(settings.size)?;
    let running = stage.start(&programs, FRONTDESK, &database, settings.pool)?;
    let mut report = new_report(settings, Some(&stage));
    let told = measure(&mut report, &running.target, &callers, what)?;
    Running::stop(running)?;
    let found = verify(&stage.owner_url(&database), &callers.messages, &told)?;
    report.verdicts.extend(found);
    Ok(report)
}

fn measure(
    report: &mut Report,
    target: &Rc<Target>,
    callers: &Rc<Callers>,
    what: &RunSettings,
) -> Result<Told> {
    let plan = Plan {
        name: &what.arrivals.to_string(),
        arrivals: what.arrivals,
        length: Duration::from_secs(what.seconds),
        seed: 1,
    };
    let (run, told) = generator::run(target, callers, &plan)?;
    if let Some(most) = what.p99 {
        let p99 = Some(run.all.p99 / 1e3);
        let verdict = Verdict::of("99th percentile", p99, Limit::AtMost(most), "ms", true);
        report.verdicts.push(verdict);
    }
    report.runs.push(run);
    Ok(told)
}

/// A report without figures, of a service that is started on a stage or that runs elsewhere.
fn new_report(settings: &Settings, stage: Option<&Stage>) -> Report {
    let arguments: Vec<String> = env::args().skip(1).collect();
    Report {
        at: machine_time(),
        commit: stage.and_then(|_| machine::commit(stage::CHECKOUT.as_ref())),
        machine: machine::describe(stage.map_or("elsewhere", |stage| &stage.version)),
        settings: format!(
            "loadtest {}: {} organizations with {} appointments each, {} connections to the database, {} rounds of {} s",
            arguments.join(" "),
            settings.size.organizations,
            settings.size.appointments,
            settings.pool,
            settings.rounds,
            settings.round_seconds
        ),
        ..Report::default()
    }
}

fn mix(text: &str) -> Result<[u32; 4], String> {
    const ALLOWED: &str = "allowed: four shares that are 100 together, such as 60,20,10,10";
    let shares: Result<Vec<u32>, _> = text.split(',').map(|share| share.trim().parse()).collect();
    let shares: Option<[u32; 4]> = shares.ok().and_then(|shares| shares.try_into().ok());
    let whole = |shares: &[u32; 4]| shares.iter().copied().map(u64::from).sum::<u64>() == 100;
    shares.filter(whole).ok_or_else(|| ALLOWED.to_owned())
}
