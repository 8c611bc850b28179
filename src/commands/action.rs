//! How a command is run: on a connection as the owner of the tables, of which its report is printed.

use std::process::ExitCode;

use clap::Args;
use tokio_postgres::{Client, Transaction};

use super::{
    database::{query, snapshot, transaction, with_schema},
    organization::{Named, OrganizationArg},
    output::Report,
};
use crate::{config::DatabaseSettings, db::Sql, sql};

const LOCK: Sql = sql!("org_lock", [UUID]);

/// A command that asks the database and prints a report.
#[derive(Args)]
pub struct Reporting<A: Args> {
    #[command(flatten)]
    database: DatabaseSettings,
    /// Print one line of JSON instead of a sentence, a page or a table.
    #[arg(long, global = true)]
    json: bool,
    #[command(flatten)]
    action: A,
}

/// What is done with the database.
pub trait Action {
    /// Does it.
    fn run(self, client: &mut Client) -> impl Future<Output = anyhow::Result<Report>>;
}

/// An action on one organization.
#[derive(Args)]
pub struct On<A: Args> {
    /// The organization: its id or its name.
    organization: OrganizationArg,
    #[command(flatten)]
    action: A,
}

/// What is done with one organization.
pub trait OnOrganization {
    /// Whether nothing is changed: the beginning of the organization's name is enough then.
    const READS: bool = false;

    /// Does it in a transaction: one that sees one state of the database and changes nothing, or one that holds the organization's row, so that
    /// two operators do not decide on the same thing at once.
    fn run(
        self,
        transaction: &Transaction<'_>,
        organization: &Named,
    ) -> impl Future<Output = anyhow::Result<Report>>;
}

impl<A: Args + Action> Reporting<A> {
    /// Runs it and prints what it reports.
    ///
    /// # Errors
    ///
    /// An argument that cannot be used, what the database refused, with its reason, or a database that cannot be asked.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let action = self.action;
        let report = with_schema(&self.database.for_owner()?, |mut client| async move {
            Box::pin(action.run(&mut client)).await
        })
        .await?;
        report.print(self.json)
    }
}

impl<A: Args + OnOrganization> Action for On<A> {
    async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        if A::READS {
            let snapshot = snapshot(client).await?;
            let organization = self.organization.find_to_read(&snapshot).await?;
            return self.action.run(&snapshot, &organization).await;
        }
        let transaction = transaction(client).await?;
        let organization = self.organization.find(&transaction).await?;
        query(&transaction, &LOCK, &[&organization.id]).await?;
        let mut report = self.action.run(&transaction, &organization).await?;
        transaction.commit().await?;
        report.changed = Some(organization);
        Ok(report)
    }
}

/// The subcommands of a command, each with the action that it runs.
macro_rules! actions {
    ($($(#[$doc:meta])+ $name:ident($action:ty),)+) => {
        /// The subcommands.
        #[derive(clap::Args)]
        pub struct Actions {
            #[command(subcommand)]
            chosen: Chosen,
        }

        #[derive(clap::Subcommand)]
        enum Chosen {
            $($(#[$doc])+ $name(Box<$action>),)+
        }

        impl $crate::commands::action::Action for Actions {
            async fn run(self, client: &mut tokio_postgres::Client) -> anyhow::Result<$crate::commands::output::Report> {
                match self.chosen {
                    $(Chosen::$name(action) => Box::pin((*action).run(client)).await,)+
                }
            }
        }
    };
}

pub(super) use actions;
