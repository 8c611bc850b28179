//! `frontdesk org create` and `list`.

use chrono_tz::Tz;

use crate::{
    commands::{field, prelude::*},
    config::read,
};

const CREATE: Sql = sql!("org_create", [TEXT, TEXT, TEXT]);
const LIST: Sql = sql!("org_list", []);

/// A new organization.
#[derive(Args)]
pub struct Create {
    /// Its name, as it may be spoken.
    #[arg(long, value_parser = read(field::name))]
    name: String,
    /// What it does: plumbing, electrical, hvac, or another trade.
    #[arg(long, value_parser = read(field::industry))]
    industry: String,
    /// Its IANA time zone, which decides what "tomorrow" is.
    #[arg(long, default_value = "America/New_York", value_parser = read(field::zone))]
    timezone: Tz,
}

/// Every organization.
#[derive(Args)]
pub struct List {}

impl Action for Create {
    async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let (name, zone) = (self.name, self.timezone.name());
        let id: Uuid = only(&*client, &CREATE, &[&name, &self.industry, &zone]).await?;
        Ok(Report::new(
            format!("Made organization {id}: {name} in {zone}."),
            json!({ "id": id, "name": name, "timezone": zone }),
        ))
    }
}

impl Action for List {
    async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let organizations: Vec<Value> = records(&*client, &LIST, &[]).await?;
        let columns = [
            ("id", "id"),
            ("name", "name"),
            ("time zone", "timezone"),
            ("numbers", "active_numbers"),
            ("assistants", "assistants"),
            ("members", "members"),
        ];
        let none = "There is no organization yet; make one with `frontdesk org create`.";
        Report::list(&organizations, None, &columns, none)
    }
}
