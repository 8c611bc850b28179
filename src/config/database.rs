//! Where the database is.

use std::{path::PathBuf, time::Duration};

use clap::Args;
use secrecy::{ExposeSecret, SecretString};
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};

use super::{
    SettingError,
    database_url::{Extras, take_extras},
    read::read,
    values::secret,
};

/// For how long a connection to the database may be idle before the system asks whether the other side is still there, how often it asks,
/// and how many answers may be missing.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(10);
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(3);
const KEEPALIVE_RETRIES: u32 = 3;
/// For how long what was sent may stay unacknowledged.
const TCP_USER_TIMEOUT: Duration = Duration::from_secs(10);

/// Where the database is. The URLs are read once it is known which of them a command needs: one that it does not need must not stop it.
#[derive(Args, Clone)]
pub struct DatabaseSettings {
    /// The database: `postgresql://user:password@host/name`, or key=value pairs. With several hosts (`@host1,host2/name`) the one that takes writes is used, unless `target_session_attrs` says otherwise.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL", value_parser = secret())]
    pub database_url: Option<SecretString>,
    /// A direct connection for announcements, and for migrations too unless the owner's is given, when `DATABASE_URL` goes through a transaction pooler.
    #[arg(long, env = "FRONTDESK_DIRECT_URL", hide_env_values = true, value_name = "URL", value_parser = secret())]
    pub direct_url: Option<SecretString>,
    /// The connection of every command but `serve`, as the owner of the tables, when the service's own login is not.
    #[arg(long, env = "FRONTDESK_OWNER_URL", hide_env_values = true, value_name = "URL", value_parser = secret())]
    pub owner_url: Option<SecretString>,
    /// A file with the CA certificates of the database's TLS, in addition to the system's.
    #[arg(long, env = "FRONTDESK_DATABASE_CA_FILE", value_name = "FILE", value_parser = read(certificates))]
    pub database_ca_file: Option<PathBuf>,
}

/// Where the database is, understood. Its `Debug` text shows no password.
#[derive(Clone, Debug)]
pub struct DatabaseConfig {
    /// For requests.
    pub url: tokio_postgres::Config,
    /// For announcements; the same unless a pooler stands between.
    pub direct: tokio_postgres::Config,
    /// For migrations and the commands of an operator, as the owner of the tables.
    pub owner: tokio_postgres::Config,
    /// Whether `direct` was given for itself, so that announcements arrive even though `url` is a pooler's.
    pub has_direct: bool,
    /// Whether `url` says that it is a transaction pooler's (`pgbouncer=true`).
    pub is_pooled: bool,
    /// Further CA certificates.
    pub ca_file: Option<PathBuf>,
}

impl DatabaseSettings {
    /// Understands where the database is.
    ///
    /// # Errors
    ///
    /// The setting that cannot be used.
    pub fn understand(&self) -> Result<DatabaseConfig, SettingError> {
        self.read("DATABASE_URL")
    }

    /// Understands where the database is for a command of its owner, which needs one connection only: `FRONTDESK_OWNER_URL`, or else
    /// `FRONTDESK_DIRECT_URL` or `DATABASE_URL`. The others are not read.
    ///
    /// # Errors
    ///
    /// The setting that cannot be used.
    pub fn for_owner(&self) -> Result<DatabaseConfig, SettingError> {
        let given = [
            ("FRONTDESK_OWNER_URL", &self.owner_url),
            ("FRONTDESK_DIRECT_URL", &self.direct_url),
            ("DATABASE_URL", &self.database_url),
        ];
        let given = given.into_iter().find(|(_, url)| url.is_some());
        let Some((name, url)) = given else {
            let names = "neither FRONTDESK_OWNER_URL nor DATABASE_URL";
            return Err(SettingError::unset(names, ALLOWED));
        };
        let only = Self {
            database_url: url.clone(),
            direct_url: None,
            owner_url: None,
            database_ca_file: self.database_ca_file.clone(),
        };
        only.read(name)
    }

    /// Reads every URL; `name` is the setting that the first one comes from.
    fn read(&self, name: &'static str) -> Result<DatabaseConfig, SettingError> {
        let Some(url) = &self.database_url else {
            return Err(SettingError::new(name, "", ALLOWED));
        };
        let (url, extras) = parse(name, url)?;
        let mut ca_files = vec![extras.ca_file];
        let mut other =
            |name, given: &Option<SecretString>, default: &tokio_postgres::Config| match given {
                None => Ok(default.clone()),
                Some(given) => {
                    let (config, extras) = parse(name, given)?;
                    ca_files.push(extras.ca_file);
                    Ok(config)
                }
            };
        let direct = other("FRONTDESK_DIRECT_URL", &self.direct_url, &url)?;
        let owner = other("FRONTDESK_OWNER_URL", &self.owner_url, &direct)?;
        let mut ca_file = self.database_ca_file.clone();
        if ca_file.is_none() {
            ca_file = ca_files.into_iter().flatten().next();
            let text = ca_file.as_ref().map(|path| path.display().to_string());
            text.map(|text| certificates("FRONTDESK_DATABASE_CA_FILE", &text))
                .transpose()?;
        }
        Ok(DatabaseConfig {
            url,
            direct,
            owner,
            has_direct: self.direct_url.is_some(),
            is_pooled: extras.is_pooled,
            ca_file,
        })
    }
}

fn certificates(name: &str, text: &str) -> Result<PathBuf, SettingError> {
    let path = PathBuf::from(text);
    if path.is_file() {
        return Ok(path);
    }
    let allowed = "a file with PEM certificates (sslrootcert in a URL is the same)";
    Err(SettingError::new(name, text, allowed))
}

const ALLOWED: &str = "postgresql://user:password@host:5432/name, or key=value pairs as in libpq; sslmode is disable, prefer, require, verify-ca or verify-full, and a certificate is always verified";

/// Reads one URL, with the defaults of the service.
fn parse(
    name: &'static str,
    url: &SecretString,
) -> Result<(tokio_postgres::Config, Extras), SettingError> {
    let (text, extras) = take_extras(url.expose_secret())
        .map_err(|refusal| SettingError::secret(name, format!("{refusal}. It may be {ALLOWED}")))?;
    let mut config: tokio_postgres::Config = text
        .parse()
        .map_err(|_unreadable| SettingError::secret(name, ALLOWED))?;
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        return Err(SettingError::secret(
            name,
            format!("a host is missing; {ALLOWED}"),
        ));
    }
    config.application_name("frontdesk");
    // As libpq does: what stays on this machine is not encrypted, and need not be asked for it.
    if config.get_hostaddrs().is_empty()
        && config
            .get_hosts()
            .iter()
            .all(|host| matches!(host, Host::Unix(_)))
    {
        config.ssl_mode(SslMode::Disable);
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(Duration::from_secs(5));
    }
    notice_dead_connections(&mut config, &text);
    let hosts = config.get_hosts().len().max(config.get_hostaddrs().len());
    if hosts > 1 && !text.contains("target_session_attrs") {
        config.target_session_attrs(TargetSessionAttrs::ReadWrite);
    }
    Ok((config, extras))
}

/// Has the system notice in seconds that the other side is gone, rather than in hours, as far as the URL says nothing else.
fn notice_dead_connections(config: &mut tokio_postgres::Config, text: &str) {
    if !text.contains("keepalives_idle") {
        config.keepalives_idle(KEEPALIVE_IDLE);
    }
    if config.get_keepalives_interval().is_none() {
        config.keepalives_interval(KEEPALIVE_INTERVAL);
    }
    if config.get_keepalives_retries().is_none() {
        config.keepalives_retries(KEEPALIVE_RETRIES);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(TCP_USER_TIMEOUT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_leaves_the_machine_is_encrypted() {
        for (url, mode) in [
            ("host=/run/postgresql dbname=office", SslMode::Disable),
            (
                "postgresql://office@%2Frun%2Fpostgresql/calls?sslmode=require",
                SslMode::Disable,
            ),
            ("postgresql://office@127.0.0.1/calls", SslMode::Prefer),
            (
                "host=/run/postgresql,db.example.com dbname=office",
                SslMode::Prefer,
            ),
            ("hostaddr=192.0.2.1 dbname=office", SslMode::Prefer),
            (
                "postgresql://office@db.example.com/calls?sslmode=require",
                SslMode::Require,
            ),
        ] {
            let config = understood(url);
            assert_eq!(config.url.get_ssl_mode(), mode, "{url}");
        }
    }

    fn understood(url: &str) -> DatabaseConfig {
        let settings = DatabaseSettings {
            database_url: Some(url.into()),
            direct_url: None,
            owner_url: None,
            database_ca_file: None,
        };
        settings.understand().unwrap()
    }

    #[test]
    fn of_several_hosts_the_one_that_takes_writes_is_meant_unless_the_url_says_otherwise() {
        use TargetSessionAttrs::{Any, ReadOnly, ReadWrite};
        for (url, wanted) in [
            ("postgresql://office@a.example.com/calls", Any),
            (
                "postgresql://office@a.example.com,b.example.com/calls",
                ReadWrite,
            ),
            ("hostaddr=192.0.2.1,192.0.2.2 dbname=office", ReadWrite),
            (
                "postgresql://office@a.example.com,b.example.com/calls?target_session_attrs=any",
                Any,
            ),
            (
                "host=a,b dbname=office target_session_attrs=read-only",
                ReadOnly,
            ),
        ] {
            assert_eq!(
                understood(url).url.get_target_session_attrs(),
                wanted,
                "{url}"
            );
        }
    }

    #[test]
    fn a_dead_connection_is_noticed_in_seconds_unless_the_url_says_otherwise() {
        let config = understood("postgresql://office@a.example.com/calls").url;
        assert_eq!(config.get_keepalives_idle(), Duration::from_secs(10));
        assert_eq!(
            config.get_tcp_user_timeout(),
            Some(&Duration::from_secs(10))
        );
        assert_eq!(config.get_keepalives_retries(), Some(3));

        let config = understood(
            "postgresql://office@a.example.com/calls?keepalives_idle=7200&keepalives_interval=60&tcp_user_timeout=90",
        )
        .url;
        assert_eq!(config.get_keepalives_idle(), Duration::from_hours(2));
        assert_eq!(
            config.get_keepalives_interval(),
            Some(Duration::from_mins(1))
        );
        assert_eq!(
            config.get_tcp_user_timeout(),
            Some(&Duration::from_secs(90))
        );
    }
}
