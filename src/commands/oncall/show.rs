//! `frontdesk oncall show`: who is on call when.

use clap::Args;
use serde_json::{Value, json};
use tokio_postgres::GenericClient;

use crate::commands::{
    org::organization::OrganizationArg,
    org::{
        coverage::{self, Coverage, From, Source, Stretch},
        report::{Report, count, table},
    },
};

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

impl Show {
    pub(super) async fn run(self, client: &impl GenericClient) -> anyhow::Result<Report> {
        let organization = coverage::one(client, self.org.resolve_to_read(client).await?).await?;
        let coverage = Coverage::read(client, organization, From::Today, self.days).await?;
        let rows: Vec<_> = coverage
            .stretches
            .iter()
            .map(|stretch| cells(&coverage, stretch))
            .collect();
        let organization = &coverage.organization;
        let stretches: Vec<Value> = coverage
            .stretches
            .iter()
            .map(|stretch| stretch.object(&coverage.asked(stretch)))
            .collect();
        Ok(Report {
            sentence: format!(
                "{}, {}, {}\n\n{}",
                organization.name,
                organization.timezone,
                count(self.days.into(), "day"),
                table(&["", "from", "until", "first", "then"], &rows)
            ),
            object: json!({
                "id": organization.id,
                "name": organization.name,
                "timezone": organization.timezone,
                "days": self.days,
                "stretches": stretches,
            }),
        })
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
