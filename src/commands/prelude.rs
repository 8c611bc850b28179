//! What every command is written with.

pub(super) use anyhow::{Context, anyhow, bail, ensure};
pub(super) use chrono::{DateTime, NaiveDate, Utc};
pub(super) use clap::Args;
pub(super) use serde::{Deserialize, Serialize};
pub(super) use serde_json::{Value, json};
pub(super) use tokio_postgres::{Client, GenericClient, Transaction};
pub(super) use uuid::Uuid;

pub(super) use super::{
    action::{Action, On, OnOrganization, Reporting, actions},
    database::{only, query, records, snapshot, value},
    organization::{Named, OrganizationArg},
    output::{Report, count, listed, table, utc},
};
pub(super) use crate::{
    db::{Params, Sql},
    sql,
};
