//! `frontdesk org invite` and `invitations`: how somebody who has not signed up becomes a member.

use anyhow::{Context, bail};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use clap::Args;
use serde_json::json;
use tokio_postgres::{Client, GenericClient};
use uuid::Uuid;

use super::{
    ask::{hold, query, today},
    field,
    members::{Role, find},
    report::{Report, table},
};
use crate::{commands::org::organization::OrganizationArg, db::Sql, sql};

const INVITER: Sql = sql!("org_inviter", [UUID, TEXT]);
const EXPIRE: Sql = sql!("org_expire_invitations", [UUID, TEXT]);
const INVITE: Sql = sql!("org_invite", [UUID, UUID, TEXT, TEXT, TEXT]);
const PENDING: Sql = sql!("org_invitations", [UUID]);

/// An invitation.
#[derive(Args)]
pub struct Invite {
    /// The organization: its id or its name.
    pub(super) organization: OrganizationArg,
    /// The address of whoever is invited; they accept it signed in with that address.
    #[arg(long)]
    email: String,
    /// What they will be allowed to do.
    #[arg(long)]
    role: Role,
    /// In whose name, an owner or admin; the longest-standing owner if left out.
    #[arg(long, value_name = "EMAIL")]
    by: Option<String>,
}

/// The invitations that can still be accepted.
#[derive(Args)]
pub struct Invitations {
    /// The organization: its id or its name.
    pub(super) organization: OrganizationArg,
}

/// In whose name somebody is invited.
struct Inviter {
    user_id: Uuid,
    email: String,
}

impl Invite {
    pub(super) async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve(&*client).await?;
        let email = field::email("--email", &self.email)?;
        let transaction = hold(client, organization_id).await?;
        if let Some(member) = find(&transaction, organization_id, email).await? {
            bail!(
                "{email} is a member already, as {}; to change that use set-role",
                member.role
            );
        }
        let inviter = self.inviter(&transaction, organization_id).await?;
        let mut random = [0_u8; 32];
        getrandom::fill(&mut random).context("the machine gives no random numbers")?;
        let token = URL_SAFE_NO_PAD.encode(random);
        // Two live invitations of one address would leave the older one open after it was taken for replaced.
        let replaced = query(&transaction, &EXPIRE, &[&organization_id, &email])
            .await?
            .len();
        let role = self.role.code();
        let params: crate::db::Params<'_> =
            &[&organization_id, &inviter.user_id, &email, &role, &token];
        let rows = query(&transaction, &INVITE, params).await?;
        let row = rows.first().context("no row came back")?;
        let expires_at: DateTime<Utc> = row.try_get("expires_at")?;
        transaction.commit().await?;
        // The token alone goes to standard output, so that a script can take it from there.
        eprintln!(
            "This is shown once. Send it to {email}, who accepts it signed in with that address, until {}. They are invited by {}.",
            expires_at.format("%Y-%m-%d %H:%M UTC"),
            inviter.email
        );
        Ok(Report {
            sentence: token.clone(),
            object: json!({
                "token": token,
                "email": email,
                "role": role,
                "invited_by": inviter.email,
                "expires_at": expires_at,
                "replaced": replaced,
            }),
        })
    }

    /// In whose name; refuses who may not invite for this role.
    async fn inviter(&self, client: &impl GenericClient, id: Uuid) -> anyhow::Result<Inviter> {
        let rows = query(client, &INVITER, &[&id, &self.by]).await?;
        let row = match (rows.first(), &self.by) {
            (Some(row), _) => row,
            (None, Some(email)) => bail!(
                "--by is {email}, who is no member of organization {id}; allowed is an owner or admin"
            ),
            (None, None) => bail!(
                "organization {id} has no owner yet; when they have signed up, add them with `frontdesk org add-member {id} \
                 --email ... --role owner`"
            ),
        };
        let email: String = row.try_get("email")?;
        match row.try_get("role")? {
            "owner" => {}
            "admin" if self.role != Role::Owner => {}
            "admin" => bail!("--by is {email}, an admin; only an owner may invite an owner"),
            other => bail!("--by is {email}, a {other}; allowed is an owner or admin"),
        }
        Ok(Inviter {
            user_id: row.try_get("user_id")?,
            email,
        })
    }
}

impl Invitations {
    pub(super) async fn run(self, client: &impl GenericClient) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve_to_read(client).await?;
        today(client, organization_id).await?;
        let rows = query(client, &PENDING, &[&organization_id]).await?;
        let mut cells = Vec::new();
        let mut objects = Vec::new();
        for row in &rows {
            let email: String = row.try_get("email")?;
            let role: String = row.try_get("role")?;
            let expires_at: DateTime<Utc> = row.try_get("expires_at")?;
            objects.push(json!({ "email": email, "role": role, "expires_at": expires_at }));
            let until = expires_at.format("%Y-%m-%d %H:%M UTC").to_string();
            cells.push(vec![email, role, until]);
        }
        let sentence = if cells.is_empty() {
            "No invitation is pending.".to_owned()
        } else {
            table(&["e-mail", "role", "expires"], &cells)
        };
        Ok(Report {
            sentence,
            object: objects.into(),
        })
    }
}
