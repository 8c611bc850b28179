//! `frontdesk org members`, `add-member`, `set-role` and `remove-member`: who works for an organization, and as what.

use std::fmt;

use anyhow::{Context, bail, ensure};
use chrono::{DateTime, Utc};
use clap::{Args, ValueEnum};
use serde_json::json;
use tokio_postgres::{Client, GenericClient, Row};
use uuid::Uuid;

use super::{
    ask::{hold, query, today},
    report::{Report, table},
};
use crate::{commands::org::organization::OrganizationArg, db::Sql, sql};

const ALL: Sql = sql!("org_members", [UUID]);
const USER: Sql = sql!("org_find_user", [TEXT]);
const FIND: Sql = sql!("org_find_member", [UUID, TEXT]);
const ADD: Sql = sql!("org_add_member", [UUID, UUID, TEXT]);
const SET_ROLE: Sql = sql!("org_set_role", [UUID, TEXT]);
const REMOVE: Sql = sql!("org_remove_member", [UUID]);

/// What a member may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// Everything; an organization that has an owner keeps one.
    Owner,
    /// Everything but what is the owners' alone.
    Admin,
    /// The daily work.
    Member,
}

impl Role {
    /// Its name, as it is stored.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Member => "member",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

/// The members of an organization.
#[derive(Args)]
pub struct Members {
    /// The organization: its id or its name.
    pub(super) organization: OrganizationArg,
}

/// A new member, who has signed up.
#[derive(Args)]
pub struct AddMember {
    /// The organization: its id or its name.
    pub(super) organization: OrganizationArg,
    /// The address they signed up with.
    #[arg(long)]
    email: String,
    /// What they may do.
    #[arg(long)]
    role: Role,
}

/// A member's new role.
#[derive(Args)]
pub struct SetRole {
    /// The organization: its id or its name.
    pub(super) organization: OrganizationArg,
    /// The address they signed up with.
    #[arg(long)]
    email: String,
    /// What they may do from now on.
    #[arg(long)]
    role: Role,
}

/// A member who leaves.
#[derive(Args)]
pub struct RemoveMember {
    /// The organization: its id or its name.
    pub(super) organization: OrganizationArg,
    /// The address they signed up with.
    #[arg(long)]
    email: String,
}

/// A member, as the commands that change one find them.
pub(super) struct Member {
    id: Uuid,
    email: String,
    pub(super) role: String,
    other_owners: i64,
}

impl Members {
    pub(super) async fn run(self, client: &impl GenericClient) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve_to_read(client).await?;
        today(client, organization_id).await?;
        let rows = query(client, &ALL, &[&organization_id]).await?;
        let mut cells = Vec::new();
        let mut objects = Vec::new();
        for row in &rows {
            let email: Option<String> = row.try_get("email")?;
            let name: Option<String> = row.try_get("full_name")?;
            let role: String = row.try_get("role")?;
            let since: Option<DateTime<Utc>> = row.try_get("created_at")?;
            objects.push(json!({ "email": email, "name": name, "role": role, "since": since }));
            cells.push(vec![
                email.unwrap_or_default(),
                role,
                since.map_or_else(String::new, |at| at.format("%Y-%m-%d").to_string()),
                name.unwrap_or_default(),
            ]);
        }
        let sentence = if cells.is_empty() {
            "It has no member yet; add one with `frontdesk org add-member`.".to_owned()
        } else {
            table(&["e-mail", "role", "since", "name"], &cells)
        };
        Ok(Report {
            sentence,
            object: objects.into(),
        })
    }
}

impl AddMember {
    pub(super) async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve(&*client).await?;
        let transaction = hold(client, organization_id).await?;
        if let Some(member) = find(&transaction, organization_id, &self.email).await? {
            bail!(
                "{} is a member already, as {}; to change that use set-role",
                self.email,
                member.role
            );
        }
        let users = query(&transaction, &USER, &[&self.email]).await?;
        let user = match users.as_slice() {
            [user] => user,
            [] => bail!(
                "nobody has signed up as {}; invite them with `frontdesk org invite`",
                self.email
            ),
            several => bail!(
                "{} accounts have the address {}; allowed is an address that only one signs in with",
                several.len(),
                self.email
            ),
        };
        // Whoever signs up with somebody else's address must gain nothing by it.
        ensure!(
            user.try_get::<_, bool>("is_confirmed")?,
            "{} has signed up but not confirmed the address yet; when they have, add them again",
            self.email
        );
        let user_id: Uuid = user.try_get("id")?;
        let params: crate::db::Params<'_> = &[&organization_id, &user_id, &self.role.code()];
        query(&transaction, &ADD, params).await?;
        transaction.commit().await?;
        let email: String = user.try_get("email")?;
        Ok(Report {
            sentence: format!("{email} is now a member, as {}.", self.role),
            object: json!({ "id": organization_id, "email": email, "role": self.role.code() }),
        })
    }
}

impl SetRole {
    pub(super) async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve(&*client).await?;
        let transaction = hold(client, organization_id).await?;
        let member = existing(&transaction, organization_id, &self.email).await?;
        if self.role != Role::Owner {
            member.keep_an_owner(organization_id)?;
        }
        query(&transaction, &SET_ROLE, &[&member.id, &self.role.code()]).await?;
        transaction.commit().await?;
        Ok(Report {
            sentence: format!(
                "{} is now {}; was {}.",
                member.email, self.role, member.role
            ),
            object: json!({
                "id": organization_id,
                "email": member.email,
                "role": self.role.code(),
                "was": member.role,
            }),
        })
    }
}

impl RemoveMember {
    pub(super) async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve(&*client).await?;
        let transaction = hold(client, organization_id).await?;
        let member = existing(&transaction, organization_id, &self.email).await?;
        member.keep_an_owner(organization_id)?;
        query(&transaction, &REMOVE, &[&member.id]).await?;
        transaction.commit().await?;
        Ok(Report {
            sentence: format!(
                "{} is no member any more; was {}.",
                member.email, member.role
            ),
            object: json!({
                "id": organization_id,
                "removed": member.email,
                "was": member.role,
            }),
        })
    }
}

impl Member {
    fn from_row(row: &Row) -> anyhow::Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            email: row.try_get("email")?,
            role: row.try_get("role")?,
            other_owners: row.try_get("other_owners")?,
        })
    }

    /// Refuses to take the last owner away. The table refuses it too, for every writer, in words that name nobody.
    fn keep_an_owner(&self, organization_id: Uuid) -> anyhow::Result<()> {
        ensure!(
            self.role != Role::Owner.code() || self.other_owners > 0,
            "{} is the only owner; make somebody else owner first, with `frontdesk org set-role {organization_id} --email ... \
             --role owner`",
            self.email
        );
        Ok(())
    }
}

/// The member with this address, however it is capitalized.
pub(super) async fn find(
    client: &impl GenericClient,
    organization_id: Uuid,
    email: &str,
) -> anyhow::Result<Option<Member>> {
    let rows = query(client, &FIND, &[&organization_id, &email]).await?;
    rows.first().map(Member::from_row).transpose()
}

async fn existing(
    client: &impl GenericClient,
    organization_id: Uuid,
    email: &str,
) -> anyhow::Result<Member> {
    find(client, organization_id, email)
        .await?
        .with_context(|| format!("organization {organization_id} has no member {email}"))
}
