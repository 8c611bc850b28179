//! Reading a `record`: what a function with several results returns where it is called as a value, which takes the server less than a row of it.

use std::error::Error;

use tokio_postgres::types::{FromSql, Type};

type Invalid = Box<dyn Error + Sync + Send>;

/// The columns of a record that are still to be read.
#[derive(Debug)]
pub struct Record<'a> {
    raw: &'a [u8],
}

impl<'a> Record<'a> {
    /// The next column.
    ///
    /// # Errors
    ///
    /// Where there is none, or it is of another type.
    pub fn column<T: FromSql<'a>>(&mut self) -> Result<T, Invalid> {
        let kind = Type::from_oid(self.take().map(u32::from_be_bytes)?);
        let kind = kind.filter(T::accepts).ok_or("a column of another type")?;
        let length = self.take().map(i32::from_be_bytes)?;
        let value = match usize::try_from(length) {
            Ok(length) => {
                let (value, rest) = self.raw.split_at_checked(length).ok_or(CUT_OFF)?;
                self.raw = rest;
                Some(value)
            }
            // Null has the length -1.
            Err(_) => None,
        };
        T::from_sql_nullable(&kind, value)
    }

    fn take(&mut self) -> Result<[u8; 4], Invalid> {
        let (taken, rest) = self.raw.split_first_chunk().ok_or(CUT_OFF)?;
        self.raw = rest;
        Ok(*taken)
    }
}

const CUT_OFF: &str = "a record is cut off";

impl<'a> FromSql<'a> for Record<'a> {
    /// Source: `record_send` of PostgreSQL: a count, and of each column its type, its length and its value.
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Invalid> {
        let mut record = Self { raw };
        record.take()?;
        Ok(record)
    }

    fn accepts(kind: &Type) -> bool {
        *kind == Type::RECORD
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(raw: &[u8]) -> Result<(bool, Option<&str>), Invalid> {
        let mut record = Record::from_sql(&Type::RECORD, raw)?;
        Ok((record.column()?, record.column()?))
    }

    #[test]
    fn what_is_cut_off_or_of_another_type_is_refused() {
        let column = |kind: &Type, value: &[u8]| {
            let length = u8::try_from(value.len()).unwrap();
            let head = [&kind.oid().to_be_bytes()[..], &[0, 0, 0, length]].concat();
            [&head, value].concat()
        };
        let raw = [
            vec![0, 0, 0, 2],
            column(&Type::BOOL, &[1]),
            column(&Type::TEXT, b"es"),
        ]
        .concat();
        assert_eq!(read(&raw).unwrap(), (true, Some("es")));
        for end in 0..raw.len() {
            assert!(read(&raw[..end]).is_err(), "{end}");
        }
        let null = [&raw[..17], &[0xff; 4]].concat();
        assert_eq!(read(&null).unwrap(), (true, None));
        let other = [vec![0, 0, 0, 1], column(&Type::INT4, &[0; 4])].concat();
        assert!(read(&other).is_err());
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(raw: Vec<u8>) {
            drop(read(&raw));
        }
    }
}
