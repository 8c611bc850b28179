//! `frontdesk incident list`: the incidents of an organization.

use crate::commands::{local::Local, period::Period, prelude::*};

const QUERY: Sql = sql!(
    "org_incidents",
    [UUID, BOOL, TIMESTAMPTZ, INT4, TIMESTAMPTZ, INT8]
);

/// The incidents of an organization, the last first.
#[derive(Args)]
pub struct List {
    #[command(flatten)]
    period: Period,
    /// Only those that nobody has acknowledged yet.
    #[arg(long)]
    open: bool,
}

#[derive(Deserialize)]
struct Incident {
    code: i64,
    opened_at: DateTime<Utc>,
    status: String,
    urgency: String,
    callback_number: Option<String>,
    round: i64,
    rounds: i64,
    pages: i64,
    acknowledged_at: Option<DateTime<Utc>>,
    acknowledged_by: Option<String>,
    acknowledged_via: Option<String>,
}

impl Action for List {
    async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let snapshot = snapshot(client).await?;
        let of = self.period.bounds(&snapshot).await?;
        let params: Params<'_> = &[
            &of.organization.id,
            &self.open,
            &of.since,
            &of.minutes,
            &of.until,
            &of.limit,
        ];
        let incidents = records(&snapshot, &QUERY, params).await?;
        let headings = [
            "code",
            "opened",
            "status",
            "urgency",
            "round",
            "pages",
            "call back",
            "acknowledged",
        ];
        of.report("incidents", incidents, &headings, Incident::cells)
    }
}

impl Incident {
    fn cells(&self, local: Local) -> Vec<String> {
        let acknowledged = self.acknowledged_at.map(|at| {
            let by = self.acknowledged_by.as_deref().unwrap_or("the staff");
            let via = self.acknowledged_via.as_deref().unwrap_or("unknown");
            format!("{} by {by}, {via}", local.stamp(at))
        });
        vec![
            self.code.to_string(),
            local.stamp(self.opened_at),
            self.status.clone(),
            self.urgency.clone(),
            // Rounds in which nobody could be paged are over at once.
            if self.pages == 0 {
                "none".to_owned()
            } else {
                format!("{}/{}", self.round, self.rounds)
            },
            self.pages.to_string(),
            self.callback_number.clone().unwrap_or_default(),
            acknowledged.unwrap_or_default(),
        ]
    }
}
