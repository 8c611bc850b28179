//! Reading `tsmultirange[]`, which the driver knows by name only.

use std::error::Error;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use postgres_protocol::types::{ArrayDimension, Range, RangeBound, array_from_sql, range_from_sql};
use tokio_postgres::types::{FromSql, Type};
