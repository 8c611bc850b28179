//! Which organization a command is about: its id, its name, or enough of its name.

use std::{convert::Infallible, str::FromStr};

use anyhow::bail;
use tokio_postgres::GenericClient;
use uuid::Uuid;

use super::database::query;
use crate::{db::Sql, sql};

const NAMES: Sql = sql!("org_names", [UUID]);

/// From this likeness on (0 to 1) a name is offered in place of one that nobody has.
const LIKE: f64 = 0.7;

/// No more organizations than this are listed where several are meant.
const MAX_LISTED: usize = 10;

/// An organization as it is named on the command line.
///
/// [`OrganizationArg::find`] finds it for a command that changes something, [`OrganizationArg::find_to_read`] for one that shows
/// something; an argument that is declared with this type accepts an id as well as a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrganizationArg {
    /// By its id.
    Id(Uuid),
    /// By its name, or, to read, by the beginning of it.
    Name(String),
}

/// An organization that there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
}

impl FromStr for OrganizationArg {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let text = text.trim();
        Ok(Uuid::parse_str(text).map_or_else(|_no_id| Self::Name(text.to_owned()), Self::Id))
    }
}

impl OrganizationArg {
    /// Finds the organization, for a command that changes or deletes something, or hands it out: by its id, or by its whole name as it
    /// is written, then in any capitals. The beginning of a name is not enough: it could mean another organization once the one that was
    /// meant is gone.
    /// When none is meant, it says which name is most like it; when several are, their ids.
    pub async fn find(&self, client: &impl GenericClient) -> anyhow::Result<Named> {
        self.named(client, Purpose::Change).await
    }

    /// Finds the organization, for a command that only shows something: as [`OrganizationArg::find`] does, then by the
    /// beginning of its name.
    pub async fn find_to_read(&self, client: &impl GenericClient) -> anyhow::Result<Named> {
        self.named(client, Purpose::Read).await
    }

    /// Finds the id of the one organization that is shown, where not all are.
    pub async fn id_of(
        only: Option<&Self>,
        client: &impl GenericClient,
    ) -> anyhow::Result<Option<Uuid>> {
        match only {
            Some(organization) => Ok(Some(organization.find_to_read(client).await?.id)),
            None => Ok(None),
        }
    }

    async fn named(&self, client: &impl GenericClient, purpose: Purpose) -> anyhow::Result<Named> {
        match self {
            Self::Id(id) => match named(client, Some(*id)).await?.pop() {
                Some(found) => Ok(found),
                None => bail!("there is no organization {id}; `frontdesk org list` lists them"),
            },
            Self::Name(name) if name.is_empty() => {
                bail!(
                    "the organization is empty; it takes an id or a name, as `frontdesk org list` shows them"
                )
            }
            Self::Name(name) => meant(name, &named(client, None).await?, purpose),
        }
    }
}

async fn named(client: &impl GenericClient, id: Option<Uuid>) -> anyhow::Result<Vec<Named>> {
    query(client, &NAMES, &[&id])
        .await?
        .iter()
        .map(|row| {
            Ok(Named {
                id: row.try_get("id")?,
                name: row.try_get("name")?,
            })
        })
        .collect()
}

/// What the organization is named for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Read,
    Change,
}

/// Whether an organization is meant.
type Rule<'a> = &'a dyn Fn(&Named) -> bool;

/// The one organization that a name means.
fn meant(name: &str, all: &[Named], purpose: Purpose) -> anyhow::Result<Named> {
    let wanted = fold(name);
    let exactly = |one: &Named| one.name.trim() == name;
    let in_any_case = |one: &Named| fold(&one.name) == wanted;
    let by_its_beginning = |one: &Named| fold(&one.name).starts_with(&wanted);
    let rules: [(&str, Rule<'_>); 3] = [
        ("are called", &exactly),
        ("are called", &in_any_case),
        ("begin with", &by_its_beginning),
    ];
    let allowed = match purpose {
        Purpose::Read => rules.len(),
        Purpose::Change => rules.len() - 1,
    };
    for (verb, rule) in rules.into_iter().take(allowed) {
        let found: Vec<&Named> = all.iter().filter(|one| rule(one)).collect();
        match found.as_slice() {
            [] => {}
            [only] => return Ok((*only).clone()),
            several => bail!(
                "{} organizations {verb} {name}; name one by its id:{}",
                several.len(),
                listed(several)
            ),
        }
    }
    let begins_so: Vec<&Named> = all.iter().filter(|one| by_its_beginning(one)).collect();
    if !begins_so.is_empty() {
        bail!(
            "there is no organization {name}, and a command that changes something takes an id or the whole name; these begin so:{}",
            listed(&begins_so)
        );
    }
    let nearest = all
        .iter()
        .map(|one| (strsim::jaro_winkler(&fold(&one.name), &wanted), one))
        .filter(|(likeness, _)| *likeness >= LIKE)
        .max_by(|(one, _), (other, _)| one.total_cmp(other));
    match nearest {
        Some((_, one)) => bail!(
            "there is no organization {name}; did you mean {} ({})? `frontdesk org list` lists them",
            one.name,
            one.id
        ),
        None => bail!("there is no organization {name}; `frontdesk org list` lists them"),
    }
}

/// A name as names are compared: in small letters, without space around it.
fn fold(name: &str) -> String {
    name.trim().to_lowercase()
}

fn listed(several: &[&Named]) -> String {
    let named = several
        .iter()
        .take(MAX_LISTED)
        .map(|one| format!("\n  {}  {}", one.id, one.name));
    let rest = several.len().saturating_sub(MAX_LISTED);
    let more = (rest > 0).then(|| format!("\n  and {rest} more"));
    named.chain(more).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn organizations() -> Vec<Named> {
        [
            "Acme",
            "ACME",
            "Acme Plumbing",
            "Zeta Heating",
            "Peña & Söhne",
        ]
        .into_iter()
        .zip(1..)
        .map(|(name, id)| Named {
            id: Uuid::from_u128(id),
            name: name.to_owned(),
        })
        .collect()
    }

    #[test]
    fn a_name_means_the_one_written_so_then_in_any_capitals_then_the_only_one_that_begins_so() {
        for (text, id) in [
            ("Acme", 1),
            ("ACME", 2),
            ("acme plumbing", 3),
            ("acme p", 3),
            ("  zeta ", 4),
            ("PEÑA & SÖHNE", 5),
            ("peña", 5),
        ] {
            let OrganizationArg::Name(name) = text.parse().unwrap() else {
                panic!("{text}");
            };
            let found = meant(&name, &organizations(), Purpose::Read).unwrap();
            assert_eq!(found.id, Uuid::from_u128(id), "{text}");
        }
    }

    #[test]
    fn several_are_listed_with_their_ids_and_none_is_answered_with_the_nearest() {
        let refusal = |name: &str| {
            meant(name, &organizations(), Purpose::Read)
                .unwrap_err()
                .to_string()
        };

        let several = refusal("acme ");
        assert!(
            several.starts_with("2 organizations are called"),
            "{several}"
        );
        for id in [1, 2] {
            assert!(
                several.contains(&Uuid::from_u128(id).to_string()),
                "{several}"
            );
        }
        let several = refusal("ac");
        assert!(
            several.starts_with("3 organizations begin with"),
            "{several}"
        );

        let near = refusal("Zeta Haeting");
        assert!(near.contains("did you mean Zeta Heating"), "{near}");
        let none = refusal("Quux");
        assert!(!none.contains("did you mean"), "{none}");
        assert!(none.contains("`frontdesk org list`"), "{none}");
    }

    #[test]
    fn a_command_that_changes_something_takes_no_beginning_of_a_name() {
        let all = organizations();
        for (name, id) in [("ACME", 2), ("zeta heating", 4)] {
            let found = meant(name, &all, Purpose::Change).unwrap();
            assert_eq!(found.id, Uuid::from_u128(id), "{name}");
        }
        let refused = meant("zeta", &all, Purpose::Change)
            .unwrap_err()
            .to_string();
        let id = Uuid::from_u128(4).to_string();
        assert!(
            refused.contains("whole name") && refused.contains(&id),
            "{refused}"
        );
    }

    #[test]
    fn what_is_written_as_an_id_is_one() {
        let id = Uuid::from_u128(7);
        for text in [
            id.to_string(),
            id.to_string().to_uppercase(),
            format!(" {id} "),
        ] {
            assert_eq!(text.parse(), Ok(OrganizationArg::Id(id)));
        }
    }
}
