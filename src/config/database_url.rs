//! The parameters of a database URL that libpq or Prisma know and tokio-postgres does not.

use std::path::PathBuf;

use percent_encoding::percent_decode_str;

/// What the URL says beyond what the driver takes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Extras {
    /// `pgbouncer=true`, as Prisma and Supabase write it: a transaction pooler stands between.
    pub(super) is_pooled: bool,
    /// `sslrootcert=FILE`: the CA certificates of the server.
    pub(super) ca_file: Option<PathBuf>,
}

/// Parameters that are refused by name, since they may be named without showing a part of a password.
const REFUSED: [(&str, &str); 7] = [
    ("connection_limit", "set FRONTDESK_POOL_SIZE instead"),
    ("pool_timeout", "set FRONTDESK_DEADLINE_MS instead"),
    (
        "statement_cache_size",
        "set FRONTDESK_STATEMENTS=unnamed instead",
    ),
    ("schema", "the schema is always public"),
    ("sslcert", "client certificates are not supported"),
    ("sslkey", "client certificates are not supported"),
    ("passfile", "give the password in the URL"),
];

/// What becomes of one parameter.
enum Fate {
    Kept,
    Replaced(&'static str),
    Removed,
}

/// Takes these parameters out of a URL or a list of key=value pairs; the rest is for the driver.
///
/// # Errors
///
/// What to do instead, for a parameter that is known and not supported, or has a value that it cannot have.
pub(super) fn take_extras(text: &str) -> Result<(String, Extras), String> {
    let mut extras = Extras::default();
    let is_url = text.starts_with("postgres://") || text.starts_with("postgresql://");
    let kept = if is_url {
        // The driver reads credentials up to the first @, so a question mark before it belongs to the password.
        let (credentials, place) = match text.split_once('@') {
            Some((credentials, place)) => (format!("{credentials}@"), place),
            None => (String::new(), text),
        };
        let (server, query) = place.split_once('?').unwrap_or((place, ""));
        let decode = |value: &str| percent_decode_str(value).decode_utf8_lossy().into();
        let kept = keep(query.split('&'), &mut extras, decode)?.join("&");
        let question = if kept.is_empty() { "" } else { "?" };
        format!("{credentials}{server}{question}{kept}")
    } else {
        let unquote = |value: &str| value.trim_matches('\'').replace('\\', "");
        keep(pairs(text), &mut extras, unquote)?.join(" ")
    };
    Ok((kept, extras))
}

fn keep<'a>(
    pairs: impl Iterator<Item = &'a str>,
    extras: &mut Extras,
    value_of: impl Fn(&str) -> String,
) -> Result<Vec<&'a str>, String> {
    let mut kept = Vec::new();
    for pair in pairs {
        let fate = match pair.split_once('=') {
            Some((key, value)) => take(key.trim(), value_of(value.trim()), extras)?,
            None => Fate::Kept,
        };
        match fate {
            Fate::Kept => kept.push(pair),
            Fate::Replaced(other) => kept.push(other),
            Fate::Removed => {}
        }
    }
    Ok(kept)
}

fn take(key: &str, value: String, extras: &mut Extras) -> Result<Fate, String> {
    match key {
        // A certificate is always verified, and so is the name in it.
        "sslmode" if matches!(value.as_str(), "verify-full" | "verify-ca") => {
            Ok(Fate::Replaced("sslmode=require"))
        }
        "sslrootcert" => {
            // libpq's word for the certificates of the machine, which are trusted anyway.
            extras.ca_file = (value != "system").then(|| PathBuf::from(value));
            Ok(Fate::Removed)
        }
        "pgbouncer" => {
            extras.is_pooled = match value.as_str() {
                "true" => true,
                "false" => false,
                _ => return Err("pgbouncer is true or false".to_owned()),
            };
            Ok(Fate::Removed)
        }
        _ => match REFUSED.iter().find(|(name, _)| *name == key) {
            Some((name, remedy)) => Err(format!("it has {name}, which is not supported: {remedy}")),
            None => Ok(Fate::Kept),
        },
    }
}

/// The key=value pairs of a libpq connection string. A value in quotes may hold spaces.
fn pairs(text: &str) -> impl Iterator<Item = &str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let is_between = move |character: char| {
        let was_escaped = is_escaped;
        is_escaped = character == '\\' && !was_escaped;
        if character == '\'' && !was_escaped {
            is_quoted = !is_quoted;
        }
        character.is_whitespace() && !is_quoted && !was_escaped
    };
    text.split(is_between).filter(|pair| !pair.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_driver_does_not_know_is_taken_out_and_the_rest_is_kept() {
        for (given, kept, is_pooled, ca_file) in [
            ("postgresql://a:b@h/d", "postgresql://a:b@h/d", false, None),
            (
                "postgresql://a:b@h:6543/d?pgbouncer=true",
                "postgresql://a:b@h:6543/d",
                true,
                None,
            ),
            (
                "postgres://a:b@h/d?sslmode=verify-full&connect_timeout=3",
                "postgres://a:b@h/d?sslmode=require&connect_timeout=3",
                false,
                None,
            ),
            (
                "postgres://a:b@h/d?connect_timeout=3&pgbouncer=false&sslrootcert=%2Fetc%2Fca.pem",
                "postgres://a:b@h/d?connect_timeout=3",
                false,
                Some("/etc/ca.pem"),
            ),
            (
                "postgresql://a:pass?pgbouncer=true@h/d?sslmode=verify-ca&sslrootcert=system",
                "postgresql://a:pass?pgbouncer=true@h/d?sslmode=require",
                false,
                None,
            ),
            (
                "host=h dbname=d sslmode=verify-full pgbouncer=true",
                "host=h dbname=d sslmode=require",
                true,
                None,
            ),
            (
                r"host=h password='a \' pgbouncer=true' sslrootcert='/etc/my ca.pem'",
                r"host=h password='a \' pgbouncer=true'",
                false,
                Some("/etc/my ca.pem"),
            ),
        ] {
            let (text, extras) = take_extras(given).unwrap();
            assert_eq!(text, kept, "{given}");
            assert_eq!(extras.is_pooled, is_pooled, "{given}");
            assert_eq!(extras.ca_file, ca_file.map(PathBuf::from), "{given}");
        }
    }

    #[test]
    fn what_is_not_supported_is_refused_by_name_with_what_to_do_instead() {
        for (given, remedy) in [
            (
                "postgresql://a@h/d?connection_limit=1",
                "FRONTDESK_POOL_SIZE",
            ),
            ("postgresql://a@h/d?pool_timeout=9", "FRONTDESK_DEADLINE_MS"),
            ("postgresql://a@h/d?pgbouncer=yes", "true or false"),
            ("host=h sslcert=client.pem", "client certificates"),
            ("host=h schema=private", "always public"),
        ] {
            let refusal = take_extras(given).unwrap_err();
            assert!(refusal.contains(remedy), "{given}: {refusal}");
        }
    }
}
