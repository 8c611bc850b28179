//! `frontdesk org members`, `add-member`, `set-role` and `remove-member`: who works for an organization, and as what.

use clap::ValueEnum;

use crate::commands::prelude::*;

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

/// The members of an organization.
#[derive(Args)]
pub struct Members {}

/// A new member, who has signed up.
#[derive(Args)]
pub struct AddMember {
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
    /// The address they signed up with.
    #[arg(long)]
    email: String,
}

/// A member, as the commands that change one find them.
#[derive(Deserialize)]
struct Member {
    id: Uuid,
    email: String,
    role: String,
    other_owners: i64,
}

impl OnOrganization for Members {
    const READS: bool = true;

    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let members: Vec<Value> = records(client, &ALL, &[&organization.id]).await?;
        let columns = [
            ("e-mail", "email"),
            ("role", "role"),
            ("since", "since"),
            ("name", "name"),
        ];
        let none = "It has no member yet; add one with `frontdesk org add-member`.";
        Report::list(&members, None, &columns, none)
    }
}

impl OnOrganization for AddMember {
    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let (id, email, role) = (organization.id, &self.email, self.role.code());
        be_no_member(client, id, email).await?;
        let users = query(client, &USER, &[email]).await?;
        let user = match users.as_slice() {
            [user] => user,
            [] => bail!(
                "nobody has signed up as {email}; add them once they have, or invite them with `frontdesk org invite`, for which there must be an owner"
            ),
            several => bail!(
                "{} accounts have the address {email}; allowed is an address that only one signs in with",
                several.len()
            ),
        };
        // Whoever signs up with somebody else's address must gain nothing by it.
        ensure!(
            user.try_get::<_, bool>("is_confirmed")?,
            "{email} has signed up but not confirmed the address yet; when they have, add them again"
        );
        let (user_id, email): (Uuid, String) = (user.try_get("id")?, user.try_get("email")?);
        query(client, &ADD, &[&id, &user_id, &role]).await?;
        Ok(Report::new(
            format!("{email} is now a member, as {role}."),
            json!({ "id": id, "email": email, "role": role }),
        ))
    }
}

impl OnOrganization for SetRole {
    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let (id, role) = (organization.id, self.role.code());
        let member = existing(client, id, &self.email).await?;
        if self.role != Role::Owner {
            member.keep_an_owner(id)?;
        }
        query(client, &SET_ROLE, &[&member.id, &role]).await?;
        let Member {
            email, role: was, ..
        } = member;
        Ok(Report::new(
            format!("{email} is now {role}; was {was}."),
            json!({ "id": id, "email": email, "role": role, "was": was }),
        ))
    }
}

impl OnOrganization for RemoveMember {
    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let id = organization.id;
        let member = existing(client, id, &self.email).await?;
        member.keep_an_owner(id)?;
        query(client, &REMOVE, &[&member.id]).await?;
        let Member { email, role, .. } = member;
        Ok(Report::new(
            format!("{email} is no longer a member; was {role}."),
            json!({ "id": id, "removed": email, "was": role }),
        ))
    }
}

impl Member {
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

/// Refuses the address of a member.
pub(super) async fn be_no_member(
    client: &impl GenericClient,
    organization_id: Uuid,
    email: &str,
) -> anyhow::Result<()> {
    if let Some(Member { role, .. }) = find(client, organization_id, email).await? {
        bail!("{email} is a member already, as {role}; to change that use set-role");
    }
    Ok(())
}

/// The member with this address, however it is capitalized.
async fn find(
    client: &impl GenericClient,
    organization_id: Uuid,
    email: &str,
) -> anyhow::Result<Option<Member>> {
    Ok(records(client, &FIND, &[&organization_id, &email])
        .await?
        .pop())
}

async fn existing(
    client: &impl GenericClient,
    organization_id: Uuid,
    email: &str,
) -> anyhow::Result<Member> {
    let found = find(client, organization_id, email).await?;
    found.with_context(|| format!("organization {organization_id} has no member {email}"))
}
