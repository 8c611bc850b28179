//! `frontdesk org crews` and `set-crew`: who of the organization can do what.

use crate::{
    commands::{
        field::{self, Words},
        prelude::*,
    },
    config::read,
};

const LIST: Sql = sql!("org_crews", [UUID]);
const SET: Sql = sql!("org_set_crew", [UUID, INT4, TEXT, TEXT_ARRAY]);

/// The crews of an organization.
#[derive(Args)]
pub struct Crews {}

/// A crew's name and skills; what is not given stays as it is.
#[derive(Args)]
pub struct SetCrew {
    /// Which crew: 1 to the organization's capacity.
    number: i32,
    /// What it is called: "Van 2".
    #[arg(long, value_parser = read(field::name))]
    name: Option<String>,
    /// What it can do, in place of what it could: gas,electrical; empty for what needs no skill.
    #[arg(long, value_name = "SKILL,...", value_parser = |text: &str| Ok::<_, String>(field::words(text)))]
    skills: Option<Words>,
}

impl OnOrganization for Crews {
    const READS: bool = true;

    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let crews: Vec<Value> = records(client, &LIST, &[&organization.id]).await?;
        let columns = [("crew", "number"), ("name", "name"), ("skills", "skills")];
        Report::list(&crews, Some("crew"), &columns, "0 crews.")
    }
}

impl OnOrganization for SetCrew {
    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let (id, number) = (organization.id, self.number);
        let crews: Vec<Value> = records(client, &LIST, &[&id]).await?;
        ensure!(
            crews.iter().any(|crew| crew["number"] == number),
            "there is no crew {number}: this organization has crews 1 to {}; `frontdesk org set {id} capacity=NUMBER` gives it more",
            crews.len()
        );
        let stored: Words = only(client, &SET, &[&id, &number, &self.name, &self.skills]).await?;
        let can = match stored.as_slice() {
            [] => "what needs no skill".to_owned(),
            skills => skills.join(", "),
        };
        Ok(Report::new(
            format!("Crew {number} can do {can}."),
            json!({ "id": id, "crew": number, "skills": stored }),
        ))
    }
}
