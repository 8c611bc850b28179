//! `frontdesk call list`: the calls of an organization.

use super::ended;
use crate::commands::{
    field,
    local::{Local, length},
    period::Period,
    prelude::*,
};

const QUERY: Sql = sql!(
    "org_calls",
    [UUID, TIMESTAMPTZ, INT4, TIMESTAMPTZ, TEXT, INT8]
);

/// The calls of an organization, the last first.
#[derive(Args)]
pub struct List {
    #[command(flatten)]
    period: Period,
    /// From this number only.
    #[arg(long, value_name = "NUMBER", value_parser = field::phone)]
    phone: Option<String>,
}

#[derive(Deserialize)]
struct Call {
    /// None as long as the call has no row of its own.
    id: Option<Uuid>,
    vapi_call_id: String,
    began: DateTime<Utc>,
    phone: String,
    seconds: Option<i64>,
    status: String,
    ended_reason: Option<String>,
    is_emergency: bool,
    tools: Vec<Tool>,
}

#[derive(Deserialize)]
struct Tool {
    tool: Option<String>,
    outcome: Option<String>,
}

impl Action for List {
    async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let snapshot = snapshot(client).await?;
        let of = self.period.bounds(&snapshot).await?;
        let params: Params<'_> = &[
            &of.organization.id,
            &of.since,
            &of.minutes,
            &of.until,
            &self.phone,
            &of.limit,
        ];
        let calls = records(&snapshot, &QUERY, params).await?;
        let headings = ["began", "from", "lasted", "ended", "id", "tools"];
        of.report("calls", calls, &headings, Call::cells)
    }
}

impl Call {
    fn cells(&self, local: Local) -> Vec<String> {
        let mut tools: Vec<String> = self.tools.iter().map(Tool::named).collect();
        if self.is_emergency {
            tools.insert(0, "EMERGENCY".to_owned());
        }
        vec![
            local.stamp(self.began),
            self.phone.clone(),
            self.seconds.map(length).unwrap_or_default(),
            ended(self.ended_reason.as_deref(), &self.status).to_owned(),
            self.id
                .map_or_else(|| self.vapi_call_id.clone(), |id| id.to_string()),
            tools.join(", "),
        ]
    }
}

impl Tool {
    /// `book_appointment booked`
    fn named(&self) -> String {
        let parts = [self.tool.as_deref(), self.outcome.as_deref()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}
