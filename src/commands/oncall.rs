//! `frontdesk oncall`: who is on call when, and what would leave an emergency without anybody, before there is one.

use std::process::ExitCode;

use super::{
    org::{
        coverage::{self, Coverage, Covered, From, Source, Stretch},
        reachability::{self, Warning},
        sender::ServiceSender,
    },
    output::section,
    prelude::*,
    unreached::Unreached,
};

/// `frontdesk oncall` and its subcommands.
pub type OncallCommand = Reporting<Actions>;

actions! {
    /// Shows who is on call when, on the organization's clock.
    Show(Show),
    /// Warns of times when nobody is on call and of contacts who could not be paged; exits with 1 when there is anything.
    Gaps(Gaps),
}

/// A window of a contact lasts no longer, in hours.
const MAX_WINDOW: i64 = 24;

/// The stretches of some days.
#[derive(Args)]
pub struct Show {
    /// The organization: its id or its name.
    #[arg(long, value_name = "ID|NAME")]
    org: OrganizationArg,
    /// How many days, today included: 1 to 366.
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(i32).range(1..=366))]
    days: i32,
}

/// The gaps of some days.
#[derive(Args)]
pub struct Gaps {
    /// The organization: its id or its name; every organization if left out.
    #[arg(long, value_name = "ID|NAME")]
    org: Option<OrganizationArg>,
    #[command(flatten)]
    service: ServiceSender,
    /// How many days, today included: 1 to 366.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(i32).range(1..=366))]
    days: i32,
}

impl Action for Show {
    async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let client = &*client;
        let organization = self.org.find_to_read(client).await?;
        let organization = coverage::one(client, organization.id).await?;
        let coverage = Coverage::read(client, organization, From::Today, self.days).await?;
        let stretches = coverage.stretches.iter();
        let rows: Vec<_> = stretches
            .clone()
            .map(|stretch| cells(&coverage, stretch))
            .collect();
        let stretches: Vec<Value> = stretches
            .map(|stretch| stretch.object(&coverage.asked(stretch)))
            .collect();
        let Covered {
            id, name, timezone, ..
        } = &coverage.organization;
        let days = count(self.days, "day");
        let table = table(&["", "from", "until", "first", "then"], &rows);
        Ok(Report::new(
            format!("{name}, {timezone}, {days}\n\n{table}"),
            json!({
                "id": id,
                "name": name,
                "timezone": timezone,
                "days": self.days,
                "stretches": stretches,
            }),
        ))
    }
}

impl Action for Gaps {
    async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let client = &*client;
        let only = OrganizationArg::id_of(self.org.as_ref(), client).await?;
        let organizations = coverage::every(client, only).await?;
        let looked_at = count(organizations.len(), "organization");
        let (mut sections, mut objects) = (Vec::new(), Vec::new());
        for organization in organizations {
            let coverage = Coverage::read(client, organization, From::Now, self.days).await?;
            let Covered { id, name, .. } = &coverage.organization;
            let unreached = Unreached::read(client, Some(*id), &self.service).await?;
            let warnings = warnings(&coverage, &unreached);
            let found: Vec<Value> = warnings.iter().map(Warning::object).collect();
            objects.push(json!({ "id": id, "name": name, "warnings": found }));
            if !warnings.is_empty() {
                let lines: Vec<String> = warnings.iter().map(Warning::line).collect();
                sections.push(section(&format!("{name} ({id})"), &lines.join("\n")));
            }
        }
        let is_well = sections.is_empty();
        if is_well {
            sections.push(format!(
                "No gap in {}, of {looked_at}.",
                count(self.days, "day")
            ));
        }
        let mut report = Report::new(
            sections.join("\n\n"),
            json!({ "days": self.days, "organizations": objects }),
        );
        if !is_well {
            report.outcome = Ok(ExitCode::FAILURE);
        }
        Ok(report)
    }
}

fn cells(coverage: &Coverage, stretch: &Stretch) -> Vec<String> {
    let (starts, ends) = stretch.stamps();
    let (first, then) = if stretch.source == Source::OnCall {
        let names: Vec<&str> = coverage
            .asked(stretch)
            .iter()
            .map(|contact| contact.name.as_str())
            .collect();
        let (first, then) = names.split_first().unwrap_or((&"", &[]));
        ((*first).to_owned(), then.join(", "))
    } else {
        let then = format!("falls to {}", coverage.falls_to(stretch));
        ("(nobody)".to_owned(), then)
    };
    vec![
        if stretch.is_now { "now" } else { "" }.to_owned(),
        starts,
        if stretch.is_last {
            format!("{ends} or later")
        } else {
            ends
        },
        first,
        then,
    ]
}

fn warnings(coverage: &Coverage, unreached: &Unreached) -> Vec<Warning> {
    coverage
        .stretches
        .iter()
        .filter(|stretch| stretch.source != Source::OnCall)
        .map(|stretch| gap(coverage, stretch))
        .chain(reachability::of_contacts(coverage))
        .chain(reachability::of_last_resort(&coverage.organization))
        .chain(unreached.warnings())
        .collect()
}

/// A stretch in which nobody is on call. A contact with the days and hours that are missing fixes it.
fn gap(coverage: &Coverage, stretch: &Stretch) -> Warning {
    let (from, until) = stretch.stamps();
    let time = if stretch.is_last {
        format!("from {from} on")
    } else {
        format!("from {from} until {until}")
    };
    let when = if stretch.is_last || stretch.length().num_hours() > MAX_WINDOW {
        String::new()
    } else {
        let day = stretch.starts().local().format("%a").to_string();
        format!(
            " --days {} --hours {}-{}",
            day.to_lowercase(),
            stretch.starts().local().format("%H:%M"),
            stretch.ends().local().format("%H:%M")
        )
    };
    Warning::new(
        "gap",
        format!(
            "Nobody is on call {time}: an emergency falls to {}",
            coverage.falls_to(stretch)
        ),
        format!(
            "frontdesk org add-contact {} --name NAME --phone NUMBER{when}",
            coverage.organization.id
        ),
    )
    .during(stretch)
}
