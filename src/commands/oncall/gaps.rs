//! `frontdesk oncall gaps`: what would leave an emergency without anybody, before there is one.

use clap::Args;
use serde_json::{Value, json};
use tokio_postgres::GenericClient;

use crate::commands::{
    org::organization::OrganizationArg,
    org::{
        coverage::{self, Coverage, Covered, From, Source, Stretch},
        reach::{self, Warning},
        report::{Report, count},
    },
    unreached::Unreached,
};

/// A window of a contact lasts no longer, in hours.
const MAX_WINDOW: i64 = 24;

/// The gaps of some days.
#[derive(Args)]
pub struct Gaps {
    /// The organization: its id or its name; every organization if left out.
    #[arg(long, value_name = "ID|NAME")]
    org: Option<OrganizationArg>,
    /// How many days, today included: 1 to 366.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(i32).range(1..=366))]
    days: i32,
}

impl Gaps {
    /// Tells what is wrong, and whether nothing is.
    pub(super) async fn run(self, client: &impl GenericClient) -> anyhow::Result<(Report, bool)> {
        let organizations = match &self.org {
            Some(organization) => {
                vec![coverage::one(client, organization.resolve_to_read(client).await?).await?]
            }
            None => coverage::every(client).await?,
        };
        let looked_at = i64::try_from(organizations.len())?;
        let mut sections = Vec::new();
        let mut objects = Vec::new();
        for organization in organizations {
            let coverage = Coverage::read(client, organization, From::Now, self.days).await?;
            let unreached = Unreached::read(client, Some(coverage.organization.id)).await?;
            let warnings = warnings(&coverage, &unreached);
            objects.push(object(&coverage.organization, &warnings));
            if !warnings.is_empty() {
                sections.push(section(&coverage.organization, &warnings));
            }
        }
        let is_well = sections.is_empty();
        let sentence = if is_well {
            format!(
                "No gap in {}, of {}.",
                count(self.days.into(), "day"),
                count(looked_at, "organization")
            )
        } else {
            sections.join("\n\n")
        };
        let report = Report {
            sentence,
            object: json!({ "days": self.days, "organizations": objects }),
        };
        Ok((report, is_well))
    }
}

fn warnings(coverage: &Coverage, unreached: &Unreached) -> Vec<Warning> {
    coverage
        .stretches
        .iter()
        .filter(|stretch| stretch.source != Source::OnCall)
        .map(|stretch| gap(coverage, stretch))
        .chain(reach::of_contacts(coverage))
        .chain(reach::of_last_resort(&coverage.organization))
        .chain(unreached.warnings())
        .collect()
}

/// A stretch in which nobody is on call. A contact with the days and hours that are missing mends it.
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

fn section(organization: &Covered, warnings: &[Warning]) -> String {
    let lines: Vec<String> = warnings
        .iter()
        .map(|warning| format!("  {}", warning.line()))
        .collect();
    format!(
        "{} ({})\n{}",
        organization.name,
        organization.id,
        lines.join("\n")
    )
}

fn object(organization: &Covered, warnings: &[Warning]) -> Value {
    let warnings: Vec<Value> = warnings.iter().map(Warning::object).collect();
    json!({ "id": organization.id, "name": organization.name, "warnings": warnings })
}
