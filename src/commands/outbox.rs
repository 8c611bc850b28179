//! `frontdesk outbox`: what could not be done outside the database, and retrying it. Whom it was for and what it said stay in the
//! organization's tables.

use super::{
    org::sender::ServiceSender,
    period::{more, note},
    prelude::*,
    unreached::Unreached,
};

const LIST: Sql = sql!("org_dead_letters", [UUID, INT8]);
const REDRIVE: Sql = sql!("org_redrive", [UUID_ARRAY]);

/// `frontdesk outbox` and its subcommands.
pub type OutboxCommand = Reporting<Actions>;

actions! {
    /// Lists the messages, calls and e-mails that were given up, the last first, and what reached nobody.
    List(List),
    /// Retries what was given up.
    Redrive(Redrive),
}

/// What was given up, the last first.
#[derive(Args)]
pub struct List {
    /// Of one organization only.
    #[arg(long, value_name = "ID|NAME")]
    org: Option<OrganizationArg>,
    /// How many at most.
    #[arg(long, alias = "most", value_name = "COUNT", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
    #[command(flatten)]
    service: ServiceSender,
}

/// Retries what was given up; pages of emergencies that somebody has are left alone.
#[derive(Args)]
pub struct Redrive {
    /// What `frontdesk outbox list` shows.
    #[arg(value_name = "ID", required = true)]
    ids: Vec<Uuid>,
}

impl Action for List {
    async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let client = &*client;
        let organization = OrganizationArg::id_of(self.org.as_ref(), client).await?;
        let limit = i64::from(self.limit);
        let mut given_up: Vec<Value> =
            records(client, &LIST, &[&organization, &(limit + 1)]).await?;
        let has_more = more(&mut given_up, limit);
        let unreached = Unreached::read(client, organization, &self.service).await?;
        let columns = [
            ("id", "id"),
            ("organization", "organization"),
            ("kind", "kind"),
            ("attempts", "attempts"),
            ("reason", "reason"),
            ("given up at", "given_up_at"),
            ("emergency is over", "is_over"),
        ];
        let note = note(has_more, given_up.len());
        let shown = listed(&given_up, &columns)?.map(|table| table + &note);
        let mut sections: Vec<String> = shown.into_iter().chain(unreached.sections()).collect();
        if sections.is_empty() {
            sections.push("Nothing was given up.".to_owned());
        }
        given_up.extend(unreached.objects());
        Ok(Report::new(sections.join("\n\n"), given_up.into()))
    }
}

impl Action for Redrive {
    async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let rows = query(&*client, &REDRIVE, &[&self.ids]).await?;
        let again = rows.iter().map(|row| row.try_get(0));
        let again = again.collect::<Result<Vec<Uuid>, _>>()?;
        let left = self.ids.len() - again.len();
        let tried = count(again.len(), "job");
        let sentence = if left == 0 {
            format!("{tried} will be retried.")
        } else {
            format!(
                "{tried} will be retried; {left} not: unknown, not given up, or of an emergency that somebody has."
            )
        };
        Ok(Report::new(sentence, json!({ "redriven": again })))
    }
}
