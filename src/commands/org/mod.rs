//! `frontdesk org`: sets up and manages organizations, so that nobody has to write SQL.

mod blocked;
mod contact;
mod contacts;
pub(super) mod coverage;
mod create;
mod crews;
mod delete;
mod export;
mod hours;
mod import;
mod invitations;
mod members;
mod overview;
mod page;
pub(super) mod reachability;
mod routing;
mod secrets;
pub(super) mod sender;
mod services;
mod settings;
mod show;
mod special_days;
mod suspension;
mod tables;
mod times;
mod warnings;

use super::prelude::*;

/// `frontdesk org` and its subcommands.
pub type OrgCommand = Reporting<Actions>;

actions! {
    /// Makes an organization and prints its id.
    Create(create::Create),
    /// Lists every organization.
    List(create::List),
    /// Shows everything about one organization, and warns of what would hurt its callers.
    Show(On<show::Show>),
    /// Assigns a telephone number, so that calls to it are this organization's.
    AddPhone(On<routing::AddPhone>),
    /// Takes a telephone number from an organization, so that another one can have it.
    RemovePhone(On<routing::RemovePhone>),
    /// Enters a Vapi assistant, so that calls it answers are this organization's.
    AddAssistant(On<routing::AddAssistant>),
    /// Takes a Vapi assistant from an organization, even one it does not own.
    RemoveAssistant(On<routing::RemoveAssistant>),
    /// Takes no bookings for an organization; its callers can report emergencies and reach a person.
    Suspend(On<suspension::Suspend>),
    /// Resumes a suspended organization.
    Resume(On<suspension::Resume>),
    /// Changes the language that an assistant speaks.
    SetLanguage(On<routing::SetLanguage>),
    /// Lists the people who take emergencies.
    Contacts(On<contacts::Contacts>),
    /// Enters a person who takes emergencies.
    AddContact(On<contacts::AddContact>),
    /// Changes a person who takes emergencies; only what is given.
    SetContact(On<contacts::SetContact>),
    /// Removes a person who takes emergencies.
    RemoveContact(On<contacts::RemoveContact>),
    /// Lists the members.
    Members(On<members::Members>),
    /// Makes somebody who has signed up a member.
    AddMember(On<members::AddMember>),
    /// Gives a member another role.
    SetRole(On<members::SetRole>),
    /// Removes a member.
    RemoveMember(On<members::RemoveMember>),
    /// Invites somebody to become a member, and prints the token once.
    Invite(On<invitations::Invite>),
    /// Lists the invitations that can still be accepted.
    Invitations(On<invitations::Invitations>),
    /// Makes a webhook secret of the organization's own and prints it once.
    WebhookSecret(On<secrets::WebhookSecret>),
    /// Stores a credential for another service, such as twilio-auth-token, encrypted; read from standard input.
    SetSecret(On<secrets::SetSecret>),
    /// Removes a credential for another service.
    RemoveSecret(On<secrets::RemoveSecret>),
    /// Sets opening hours: mon-fri=8:00-18:00 sat=closed.
    SetHours(On<hours::SetHours>),
    /// Closes a day, or several: 2026-12-25 --until 2026-12-26.
    Close(On<special_days::Close>),
    /// Gives a day hours of its own: 2026-12-24 08:00-12:00.
    Open(On<special_days::Open>),
    /// Gives a day the hours of its weekday again.
    ForgetDay(On<special_days::ForgetDay>),
    /// Lists the closures and special hours from today on.
    SpecialDays(On<special_days::SpecialDays>),
    /// Refuses calls from a number.
    Block(On<blocked::Block>),
    /// Accepts calls from a number again.
    Unblock(On<blocked::Unblock>),
    /// Lists the numbers whose calls are refused.
    Blocked(On<blocked::Blocked>),
    /// Lists what the organization does, how long it takes and what it costs.
    Services(On<services::Services>),
    /// Enters a service, or changes it: "Drain cleaning" --minutes 90 --price 149-299.
    SetService(On<services::SetService>),
    /// Stops offering a service.
    RemoveService(On<services::RemoveService>),
    /// Lists the crews and what they can do.
    Crews(On<crews::Crews>),
    /// Gives a crew a name and skills: 2 --skills gas.
    SetCrew(On<crews::SetCrew>),
    /// Sets rules and columns: `capacity=3` `lead_minutes=0` `transfer_phone_number=+13035550100`.
    Set(On<settings::Set>),
    /// Writes everything that an organization owns to files, without credentials.
    Export(export::Export),
    /// Reads back what `export` wrote, into a database that does not have the organization.
    Import(import::Import),
    /// Deletes an organization and everything that it owns, for good, and prints a receipt.
    Delete(delete::Delete),
}
