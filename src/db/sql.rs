//! A statement that the service sends: one file of `sql/queries/`, its name, and the types of its parameters.

use std::fmt::Display;

use tokio_postgres::{
    Row,
    row::RowIndex,
    types::{FromSql, Type},
};

use crate::error::{Error, Result};

/// One statement of `sql/queries/`, made by [`sql!`](crate::sql).
///
/// The types stand beside the text because an unnamed statement (behind a transaction pooler) is sent in one
/// message with its values, before the server could say what it expects.
#[derive(Debug)]
pub struct Sql {
    /// The file's name without its ending; also the name under which a failure is logged.
    pub name: &'static str,
    /// The statement.
    pub text: &'static str,
    /// The type of each parameter, `$1` first.
    pub types: &'static [Type],
}

impl Sql {
    /// A value of a row that it returned.
    ///
    /// # Errors
    ///
    /// [`Error::Shape`] where there is no such column, or it is of another type.
    pub fn get<'r, T: FromSql<'r>>(
        &self,
        row: &'r Row,
        column: impl RowIndex + Display,
    ) -> Result<T> {
        row.try_get(column).map_err(self.shape())
    }

    /// The first of the rows that it returned.
    ///
    /// # Errors
    ///
    /// [`Error::Shape`] where there is none.
    pub fn first<'r>(&self, rows: &'r [Row]) -> Result<&'r Row> {
        rows.first()
            .ok_or_else(|| self.shape()("the statement returned no row"))
    }

    /// Names this statement in the error for an answer that cannot be read.
    pub fn shape<E>(&self) -> impl Fn(E) -> Error + use<E>
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let statement = self.name;
        move |source| Error::Shape {
            statement,
            source: source.into(),
        }
    }
}

/// Takes a statement from `sql/queries/<name>.sql` at compile time, with the types of its parameters.
///
/// `sql!("<name>", [UUID, DATE, INT4])`
#[macro_export]
macro_rules! sql {
    ($name:literal, [$($kind:ident),* $(,)?]) => {
        $crate::db::Sql {
            name: $name,
            text: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/queries/", $name, ".sql")),
            types: &[$(::tokio_postgres::types::Type::$kind),*],
        }
    };
}
