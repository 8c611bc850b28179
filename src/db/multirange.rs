//! Reading a `tsmultirange`, for which the driver has no type.

use std::error::Error;

use tokio_postgres::types::{FromSql, Type};

/// Stretches of local time in microseconds since 2000, each without its end; none of them without a beginning or an end.
#[derive(Debug, PartialEq, Eq)]
pub struct Multirange(pub Vec<(i64, i64)>);

type Invalid = Box<dyn Error + Sync + Send>;

impl<'a> FromSql<'a> for Multirange {
    /// Source: `multirange_send` and `range_send` of PostgreSQL: a count, and of each range its length, its flags and its bounds.
    fn from_sql(_: &Type, mut raw: &'a [u8]) -> Result<Self, Invalid> {
        let count = take::<4>(&mut raw).map(i32::from_be_bytes)?;
        let ranges = (0..count).map(|_| {
            let _length = take::<4>(&mut raw)?;
            let [flags] = take::<1>(&mut raw)?;
            if flags != LOWER_INCLUSIVE {
                return Err("a range that is not bounded and half open".into());
            }
            Ok((bound(&mut raw)?, bound(&mut raw)?))
        });
        let ranges = ranges.collect::<Result<_, Invalid>>()?;
        if raw.is_empty() {
            Ok(Self(ranges))
        } else {
            Err("bytes behind the last range".into())
        }
    }

    fn accepts(kind: &Type) -> bool {
        *kind == Type::TSMULTI_RANGE
    }
}

/// The flags of a range with both bounds, the lower of which belongs to it.
const LOWER_INCLUSIVE: u8 = 0x02;

fn bound(raw: &mut &[u8]) -> Result<i64, Invalid> {
    let _length = take::<4>(raw)?;
    take::<8>(raw).map(i64::from_be_bytes)
}

fn take<const N: usize>(raw: &mut &[u8]) -> Result<[u8; N], Invalid> {
    let (taken, rest) = raw.split_first_chunk().ok_or("a multirange is cut off")?;
    *raw = rest;
    Ok(*taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(raw: &[u8]) -> Result<Multirange, Invalid> {
        Multirange::from_sql(&Type::TSMULTI_RANGE, raw)
    }

    #[test]
    fn what_is_cut_off_or_unbounded_is_refused() {
        let at = |hour: i64| hour * 3_600_000_000;
        let mut raw = vec![0, 0, 0, 1, 0, 0, 0, 25, LOWER_INCLUSIVE, 0, 0, 0, 8];
        raw.extend(at(9).to_be_bytes());
        raw.extend([0, 0, 0, 8]);
        raw.extend(at(10).to_be_bytes());
        assert_eq!(read(&raw).unwrap(), Multirange(vec![(at(9), at(10))]));
        assert_eq!(read(&[0; 4]).unwrap(), Multirange(Vec::new()));
        for end in 0..raw.len() {
            assert!(read(&raw[..end]).is_err(), "{end}");
        }
        for flags in [0x00, 0x06, 0x08, 0x10, 0x01] {
            raw[8] = flags;
            assert!(read(&raw).is_err(), "{flags}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(raw: Vec<u8>) {
            drop(read(&raw));
        }
    }
}
