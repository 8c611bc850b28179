//! `frontdesk org invite` and `invitations`: how somebody who has not signed up becomes a member.

use super::{
    members::{Role, be_no_member},
    secrets::random_token,
};
use crate::{
    commands::{field, prelude::*},
    config::read,
};

const INVITER: Sql = sql!("org_inviter", [UUID, TEXT]);
const EXPIRE: Sql = sql!("org_expire_invitations", [UUID, TEXT]);
const INVITE: Sql = sql!("org_invite", [UUID, UUID, TEXT, TEXT, TEXT]);
const PENDING: Sql = sql!("org_invitations", [UUID]);

/// An invitation.
#[derive(Args)]
pub struct Invite {
    /// The address of whoever is invited; they accept it signed in with that address.
    #[arg(long, value_parser = read(field::email))]
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
pub struct Invitations {}

impl OnOrganization for Invite {
    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let (id, email, role) = (organization.id, &self.email, self.role.code());
        be_no_member(client, id, email).await?;
        let (inviter, by) = self.inviter(client, id).await?;
        let token = random_token()?;
        // Two live invitations of one address would leave the older one open though it counts as replaced.
        let replaced = query(client, &EXPIRE, &[&id, email]).await?.len();
        let rows = query(client, &INVITE, &[&id, &inviter, email, &role, &token]).await?;
        let row = rows.first().context("no row came back")?;
        let expires_at: DateTime<Utc> = row.try_get("expires_at")?;
        let object = json!({
            "token": token,
            "email": email,
            "role": role,
            "invited_by": by,
            "expires_at": expires_at,
            "replaced": replaced,
        });
        Ok(Report::new(token, object).noted(format!(
            "This is shown once. Send it to {email}, who accepts it signed in with that address, until {}. They are invited by {by}.",
            utc(expires_at),
        )))
    }
}

impl Invite {
    /// In whose name: their id and address. Refuses who may not invite for this role.
    async fn inviter(
        &self,
        client: &impl GenericClient,
        id: Uuid,
    ) -> anyhow::Result<(Uuid, String)> {
        let rows = query(client, &INVITER, &[&id, &self.by]).await?;
        let row = match (rows.first(), &self.by) {
            (Some(row), _) => row,
            (None, Some(email)) => bail!(
                "--by is {email}, who is not a member of organization {id}; allowed is an owner or admin"
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
        Ok((row.try_get("user_id")?, email))
    }
}

impl OnOrganization for Invitations {
    const READS: bool = true;

    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let pending: Vec<Value> = records(client, &PENDING, &[&organization.id]).await?;
        let columns = [
            ("e-mail", "email"),
            ("role", "role"),
            ("expires", "expires_at"),
        ];
        Report::list(&pending, None, &columns, "No invitation is pending.")
    }
}
