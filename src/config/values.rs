//! Values that several settings have: addresses, numbers, secrets.

use std::{fmt::Display, net::SocketAddr, ops::RangeInclusive, str::FromStr, time::Duration};

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use url::{Host, Url};

use super::{
    SettingError,
    read::{Read, read},
};
use crate::{domain::phone::Phone, vapi::control::ControlHosts};

/// A secret that authenticates a request has no fewer characters than this: who guesses it can book, cancel and page.
const MIN_SECRET: usize = 12;

/// Several secrets, of which each counts.
pub(crate) type Secrets = Vec<SecretString>;

/// An IP address and a port.
pub(crate) fn address(name: &str, text: &str) -> Result<SocketAddr, SettingError> {
    let allowed = "an IP address and a port, such as 127.0.0.1:8080 or 127.0.0.1:9090";
    text.parse()
        .map_err(|_unreadable| SettingError::new(name, text, allowed))
}

/// A number within bounds.
pub(super) fn number<T>(allowed: RangeInclusive<T>) -> Read<T>
where
    T: FromStr + PartialOrd + Display + Send + Sync + 'static,
{
    read(move |name, text| within(&allowed, name, text))
}

/// A number of milliseconds within bounds.
pub(super) fn millis(allowed: RangeInclusive<u64>) -> Read<Duration> {
    read(move |name, text| within(&allowed, name, text).map(Duration::from_millis))
}

/// A number of seconds within bounds.
pub(super) fn seconds(allowed: RangeInclusive<u64>) -> Read<Duration> {
    read(move |name, text| within(&allowed, name, text).map(Duration::from_secs))
}

fn within<T: FromStr + PartialOrd + Display>(
    allowed: &RangeInclusive<T>,
    name: &str,
    text: &str,
) -> Result<T, SettingError> {
    let number = text.parse().ok().filter(|number| allowed.contains(number));
    number.ok_or_else(|| {
        let allowed = format!("a number from {} to {}", allowed.start(), allowed.end());
        SettingError::new(name, text, allowed)
    })
}

/// One of some words, and what each means.
pub(super) fn one_of<T: Copy + Send + Sync + 'static, const N: usize>(
    words: [(&'static str, T); N],
) -> Read<T> {
    read(move |name, text| {
        let meant = words.iter().find(|(word, _)| *word == text);
        meant.map(|(_, value)| *value).ok_or_else(|| {
            let words = words.map(|(word, _)| word).join(" or ");
            SettingError::new(name, text, words)
        })
    })
}

/// Whether something is so.
pub(super) fn truth(name: &str, text: &str) -> Result<bool, SettingError> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" => Ok(true),
        "false" | "0" | "no" => Ok(false),
        _ => Err(SettingError::new(name, text, "true or false")),
    }
}

/// An instant, written with its offset.
pub(super) fn instant(name: &str, text: &str) -> Result<DateTime<Utc>, SettingError> {
    let allowed = "an instant with its offset, such as 2026-11-23T08:00:00-07:00";
    DateTime::parse_from_rfc3339(text)
        .map(|instant| instant.to_utc())
        .map_err(|_unreadable| SettingError::new(name, text, allowed))
}

/// Hosts to which commands may be sent.
pub(super) fn control_hosts(name: &str, text: &str) -> Result<ControlHosts, SettingError> {
    ControlHosts::parse(text).map_err(|_unreadable| {
        SettingError::new(
            name,
            text,
            "host names separated by commas, such as *.vapi.ai",
        )
    })
}

/// A telephone number.
pub(super) fn phone(name: &str, text: &str) -> Result<Phone, SettingError> {
    let allowed = "a telephone number such as +13035550100";
    Phone::parse(text).map_err(|_problem| SettingError::new(name, text, allowed))
}

/// The parts of a list of secrets, separated by commas; blank ones are left out.
pub(super) fn secrets(list: &str) -> Secrets {
    let parts = list.split(',').map(str::trim);
    let parts = parts.filter(|part| !part.is_empty());
    parts.map(SecretString::from).collect()
}

/// The parts of a list of secrets that authenticate a request; one that could be guessed is refused.
pub(super) fn strong_secrets(name: &str, list: &str) -> Result<Secrets, SettingError> {
    let is_weak = |part: &str| (1..MIN_SECRET).contains(&part.trim().chars().count());
    if list.split(',').any(is_weak) {
        return Err(SettingError::secret(
            name,
            format!(
                "{MIN_SECRET} characters or more each; `openssl rand -base64 32` makes one, and a comma separates two"
            ),
        ));
    }
    Ok(secrets(list))
}

/// An address whose traffic holds secrets or what callers say: encrypted, unless it is this machine's own.
pub(crate) fn secure_url(name: &str, text: &str) -> Result<Url, SettingError> {
    let url = Url::parse(text).ok();
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let url = url.ok_or_else(|| {
        let allowed = "an http or https address, such as https://calls.example.com";
        SettingError::new(name, text, allowed)
    })?;
    let is_loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    if url.scheme() != "https" && !is_loopback {
        return Err(SettingError::new(
            name,
            text,
            "an https address, such as https://calls.example.com; http only for this machine itself, as in http://127.0.0.1:8080",
        ));
    }
    Ok(url)
}

/// A text as it is, without the space around it.
pub(super) fn text() -> Read<String> {
    read(|_, text| Ok::<_, SettingError>(text.to_owned()))
}

/// A secret as it is, without the space around it.
pub(super) fn secret() -> Read<SecretString> {
    read(|_, text| Ok::<_, SettingError>(SecretString::from(text)))
}
