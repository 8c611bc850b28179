//! `frontdesk org`: sets up organizations and keeps them, so that nobody has to write SQL.

pub(super) mod ask;
mod blocked;
mod calendars;
mod claims;
mod contact;
mod contacts;
pub(super) mod coverage;
mod create;
mod credentials;
mod crews;
mod delete;
mod export;
mod field;
mod hours;
mod import;
mod industry;
mod invitations;
mod list;
mod members;
pub mod organization;
mod overview;
mod page;
pub(super) mod reachability;
mod removals;
pub(super) mod report;
mod routing;
mod secret;
mod sender;
mod services;
mod settings;
mod show;
mod special_days;
mod suspension;
mod tables;
mod times;
mod warnings;

use clap::{Args, Subcommand};
use tokio_postgres::Client;

use self::{
    organization::{Named, OrganizationArg},
    report::Report,
};
use super::{connection, output};
use crate::config::DatabaseSettings;

/// `frontdesk org` and its subcommands.
#[derive(Args)]
pub struct OrgCommand {
    #[command(flatten)]
    database: DatabaseSettings,
    /// Print one line of JSON instead of a sentence or a table.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Makes an organization and prints its id.
    Create(create::Create),
    /// Lists every organization.
    List(list::List),
    /// Shows everything about one organization, and warns of what would hurt its callers.
    Show(show::Show),
    /// Assigns a telephone number, so that calls to it are this organization's.
    AddPhone(routing::AddPhone),
    /// Takes a telephone number from an organization, so that another one can have it.
    RemovePhone(removals::RemovePhone),
    /// Enters a Vapi assistant, so that calls it answers are this organization's.
    AddAssistant(routing::AddAssistant),
    /// Takes a Vapi assistant from an organization, also one that it entered and does not own.
    RemoveAssistant(removals::RemoveAssistant),
    /// Takes no bookings for an organization; its callers can report emergencies and reach a person.
    Suspend(suspension::Suspend),
    /// Answers for a suspended organization again.
    Resume(suspension::Resume),
    /// Changes the language that an assistant speaks.
    SetLanguage(routing::SetLanguage),
    /// Lists the people who take emergencies.
    Contacts(contacts::Contacts),
    /// Enters a person who takes emergencies.
    AddContact(contacts::AddContact),
    /// Changes a person who takes emergencies; only what is given.
    SetContact(Box<contacts::SetContact>),
    /// Removes a person who takes emergencies.
    RemoveContact(contacts::RemoveContact),
    /// Lists the members.
    Members(members::Members),
    /// Makes somebody who has signed up a member.
    AddMember(members::AddMember),
    /// Gives a member another role.
    SetRole(members::SetRole),
    /// Removes a member.
    RemoveMember(members::RemoveMember),
    /// Invites somebody to become a member, and prints the token once.
    Invite(invitations::Invite),
    /// Lists the invitations that can still be accepted.
    Invitations(invitations::Invitations),
    /// Makes a webhook secret of the organization's own and prints it once.
    WebhookSecret(secret::WebhookSecret),
    /// Keeps a credential with others, such as twilio-auth-token, encrypted; read from standard input.
    SetSecret(credentials::SetSecret),
    /// Forgets a credential with others.
    RemoveSecret(credentials::RemoveSecret),
    /// Sets opening hours: mon-fri=8:00-18:00 sat=closed.
    SetHours(hours::SetHours),
    /// Closes a day, or several: 2026-12-25 --until 2026-12-26.
    Close(special_days::Close),
    /// Gives a day hours of its own: 2026-12-24 08:00-12:00.
    Open(special_days::Open),
    /// Gives a day the hours of its weekday again.
    ForgetDay(special_days::ForgetDay),
    /// Lists the closures and special hours from today on.
    SpecialDays(special_days::SpecialDays),
    /// Takes no more calls from a number.
    Block(blocked::Block),
    /// Takes calls from a number again.
    Unblock(blocked::Unblock),
    /// Lists the numbers whose calls are not taken.
    Blocked(blocked::Blocked),
    /// Lists what the organization does, how long it takes and what it costs.
    Services(services::Services),
    /// Enters a service, or changes it: "Drain cleaning" --minutes 90 --price 149-299.
    SetService(Box<services::SetService>),
    /// Offers a service no more.
    RemoveService(services::RemoveService),
    /// Lists the crews and what they can do.
    Crews(crews::Crews),
    /// Gives a crew a name and skills: 2 --skills gas.
    SetCrew(crews::SetCrew),
    /// Sets rules and columns: `capacity=3` `lead_minutes=0` `transfer_phone_number=+13035550100`.
    Set(settings::Set),
    /// Writes everything that an organization owns to files, without credentials.
    Export(export::Export),
    /// Reads back what `export` wrote, into a database that does not have the organization.
    Import(import::Import),
    /// Deletes an organization and everything that it owns, for good, and prints a receipt.
    Delete(delete::Delete),
}

/// Runs one subcommand.
///
/// # Errors
///
/// An argument that cannot be used, or what the database refused, with its reason.
pub async fn run(command: OrgCommand) -> anyhow::Result<()> {
    let database = command.database.for_owner()?;
    let (action, as_json) = (command.action, command.json);
    let report = connection::with_schema(&database, |client| action.named(client, as_json)).await?;
    report.print(command.json)
}

impl Action {
    /// Runs it, and tells which organization was changed. That goes to standard error, because a script takes a secret or a token, which
    /// stands alone, from standard output.
    async fn named(self, client: Client, as_json: bool) -> anyhow::Result<Report> {
        let changed = match self.changed() {
            Some(organization) => Some(organization.find(&client).await?),
            None => None,
        };
        let report = self.run(client).await?;
        if let Some(Named { id, name }) = changed
            && !as_json
            && !report.sentence.contains(&name)
        {
            eprintln!("Organization: {} ({id})", output::plain_line(&name));
        }
        Ok(report)
    }

    /// The organization that is changed, deleted or handed out, if it is one that exists: it must be named by its id or its whole name.
    fn changed(&self) -> Option<&OrganizationArg> {
        match self {
            Self::AddPhone(action) => Some(&action.organization),
            Self::RemovePhone(action) => Some(&action.organization),
            Self::RemoveAssistant(action) => Some(&action.organization),
            Self::Suspend(action) => Some(&action.organization),
            Self::Resume(action) => Some(&action.organization),
            Self::AddAssistant(action) => Some(&action.organization),
            Self::SetLanguage(action) => Some(&action.organization),
            Self::AddContact(action) => Some(&action.organization),
            Self::SetContact(action) => Some(&action.organization),
            Self::RemoveContact(action) => Some(&action.organization),
            Self::AddMember(action) => Some(&action.organization),
            Self::SetRole(action) => Some(&action.organization),
            Self::RemoveMember(action) => Some(&action.organization),
            Self::Invite(action) => Some(&action.organization),
            Self::WebhookSecret(action) => Some(&action.organization),
            Self::SetSecret(action) => Some(&action.organization),
            Self::RemoveSecret(action) => Some(&action.organization),
            Self::SetHours(action) => Some(&action.organization),
            Self::Close(action) => Some(&action.organization),
            Self::Open(action) => Some(&action.organization),
            Self::ForgetDay(action) => Some(&action.organization),
            Self::Block(action) => Some(&action.organization),
            Self::Unblock(action) => Some(&action.organization),
            Self::SetService(action) => Some(&action.organization),
            Self::RemoveService(action) => Some(&action.organization),
            Self::SetCrew(action) => Some(&action.organization),
            Self::Set(action) => Some(&action.organization),
            Self::Export(action) => Some(&action.organization),
            Self::Delete(action) => Some(&action.organization),
            Self::Create(_)
            | Self::List(_)
            | Self::Show(_)
            | Self::Contacts(_)
            | Self::Members(_)
            | Self::Invitations(_)
            | Self::SpecialDays(_)
            | Self::Blocked(_)
            | Self::Services(_)
            | Self::Crews(_)
            | Self::Import(_) => None,
        }
    }

    async fn run(self, mut client: Client) -> anyhow::Result<Report> {
        match self {
            Self::Create(action) => action.run(&client).await,
            Self::List(action) => action.run(&client).await,
            Self::Show(action) => action.run(&client).await,
            Self::AddPhone(action) => action.run(&client).await,
            Self::RemovePhone(action) => action.run(&mut client).await,
            Self::RemoveAssistant(action) => action.run(&mut client).await,
            Self::Suspend(action) => action.run(&mut client).await,
            Self::Resume(action) => action.run(&mut client).await,
            Self::AddAssistant(action) => action.run(&client).await,
            Self::SetLanguage(action) => action.run(&client).await,
            Self::Contacts(action) => action.run(&client).await,
            Self::AddContact(action) => action.run(&mut client).await,
            Self::SetContact(action) => action.run(&mut client).await,
            Self::RemoveContact(action) => action.run(&mut client).await,
            Self::Members(action) => action.run(&client).await,
            Self::AddMember(action) => action.run(&mut client).await,
            Self::SetRole(action) => action.run(&mut client).await,
            Self::RemoveMember(action) => action.run(&mut client).await,
            Self::Invite(action) => action.run(&mut client).await,
            Self::Invitations(action) => action.run(&client).await,
            Self::WebhookSecret(action) => action.run(&mut client).await,
            Self::SetSecret(action) => action.run(&client).await,
            Self::RemoveSecret(action) => action.run(&client).await,
            Self::SetHours(action) => action.run(&client).await,
            Self::Close(action) => action.run(&mut client).await,
            Self::Open(action) => action.run(&mut client).await,
            Self::ForgetDay(action) => action.run(&mut client).await,
            Self::SpecialDays(action) => action.run(&client).await,
            Self::Block(action) => action.run(&mut client).await,
            Self::Unblock(action) => action.run(&mut client).await,
            Self::Blocked(action) => action.run(&client).await,
            Self::Services(action) => action.run(&client).await,
            Self::SetService(action) => action.run(&mut client).await,
            Self::RemoveService(action) => action.run(&mut client).await,
            Self::Crews(action) => action.run(&client).await,
            Self::SetCrew(action) => action.run(&mut client).await,
            Self::Set(action) => action.run(&mut client).await,
            Self::Export(action) => action.run(&mut client).await,
            Self::Import(action) => action.run(&mut client).await,
            Self::Delete(action) => action.run(&mut client).await,
        }
    }
}
