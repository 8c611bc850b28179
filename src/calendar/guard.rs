//! Where requests may go. The address of a server is given by an organization, and what it redirects to by the server: neither may reach
//! into the network that the service runs in.
//!
//! A proxy, of which the HTTP client knows by its environment, connects to servers itself: what it is to connect to is looked up before, and
//! the proxy alone may be at a private address.

use std::{
    env,
    error::Error,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::LazyLock,
    time::Duration,
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::{net::lookup_host, time::timeout};
use url::{Host, Url};

use crate::domain::external_calendar::CalendarError;

/// How long looking a name up may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The hosts of the proxies that the HTTP client may use.
static PROXIES: LazyLock<Vec<String>> = LazyLock::new(|| proxies(|name| env::var(name).ok()));

/// Which hosts requests may go to.
#[derive(Clone, Copy, Debug)]
pub struct Guard {
    /// Whether without TLS, too.
    pub allow_http: bool,
    /// Whether an address is allowed; without it, all are.
    pub allows: Option<fn(IpAddr) -> bool>,
    /// The hosts of proxies.
    pub proxies: &'static [String],
}

/// A host that has none but forbidden addresses.
#[derive(Debug, thiserror::Error)]
#[error("a private address")]
struct Forbidden;

impl Guard {
    /// Servers on the internet, or any server.
    pub fn new(allow_private: bool) -> Self {
        Self {
            allow_http: allow_private,
            allows: (!allow_private).then_some(is_public),
            proxies: &PROXIES,
        }
    }

    /// Whether a request may be made there, as far as can be said before its name is resolved.
    pub fn check(&self, url: &Url) -> Result<(), CalendarError> {
        match url.scheme() {
            "https" => {}
            "http" if self.allow_http => {}
            _ => return Err(refused("not_https")),
        }
        let address = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            Some(Host::Domain(_)) => return Ok(()),
            None => return Err(refused("no_host")),
        };
        if self.is_allowed(address) {
            Ok(())
        } else {
            Err(refused("private_address"))
        }
    }

    /// The same, and where a proxy may make the connection, whether all addresses of the host are allowed.
    pub async fn check_name(&self, url: &Url) -> Result<(), CalendarError> {
        self.check(url)?;
        let Some(Host::Domain(name)) = url.host() else {
            return Ok(());
        };
        if self.proxies.is_empty() || self.allows.is_none() {
            return Ok(());
        }
        let Ok(Ok(mut found)) = timeout(TIMEOUT, lookup_host((name, 0))).await else {
            return Err(CalendarError::Unavailable("its name is not known"));
        };
        if found.all(|address| self.is_allowed(address.ip())) {
            Ok(())
        } else {
            Err(refused("private_address"))
        }
    }

    fn is_allowed(&self, address: IpAddr) -> bool {
        self.allows.is_none_or(|allows| allows(address))
    }

    /// Whether a request failed because the host's addresses are forbidden.
    pub fn explains(error: &reqwest::Error) -> Option<CalendarError> {
        let mut cause: Option<&(dyn Error + 'static)> = Some(error);
        while let Some(error) = cause {
            if error.is::<Forbidden>() {
                return Some(refused("private_address"));
            }
            cause = error.source();
        }
        None
    }
}

/// Resolves a name to the addresses that are allowed. The connection is made to one of these, so that a second look-up cannot name another.
impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = *self;
        Box::pin(async move {
            let found = lookup_host((name.as_str(), 0)).await?;
            let mut proxies = guard.proxies.iter();
            let is_proxy = proxies.any(|proxy| proxy.eq_ignore_ascii_case(name.as_str()));
            let allowed: Vec<SocketAddr> = found
                .filter(|address| is_proxy || guard.is_allowed(address.ip()))
                .collect();
            if allowed.is_empty() {
                return Err(Forbidden.into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// The hosts of proxies by the variables that name them.
fn proxies(variable: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let names = ["ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY"];
    let values = names
        .into_iter()
        .flat_map(|name| [variable(name), variable(&name.to_lowercase())]);
    let host = |value: String| {
        let url = Url::parse(&value).ok().filter(Url::has_host);
        let url = url.or_else(|| Url::parse(&format!("http://{value}")).ok());
        Some(url?.host_str()?.to_owned())
    };
    values.flatten().filter_map(host).collect()
}

fn refused(code: &str) -> CalendarError {
    CalendarError::Refused {
        status: 0,
        code: code.to_owned(),
    }
}

/// Whether an address is one of the internet (the registries of special-purpose addresses of RFC 6890).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let is_special = match address.octets() {
        [0 | 240.., ..] | [192, 0, 0, _] | [192, 88, 99, _] => true,
        [100, second, ..] => (64..128).contains(&second),
        [198, second, ..] => (18..20).contains(&second),
        _ => false,
    };
    !(is_special
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation())
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match address.segments() {
        // An address of version 4 in one of version 6: mapped, translated, 6to4.
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => v4(high, low),
        // Teredo, documentation, benchmarks.
        [0x2001, second, ..] => second >= 0x200 && second != 0xdb8,
        [0x3fff, second, ..] => second > 0xfff,
        // Nothing else is given out.
        [first, ..] => (0x2000..0x4000).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_known_in_every_form() {
        for address in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "192.0.2.1",
            "::",
            "::1",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in [
            "8.8.8.8",
            "17.1.2.3",
            "100.128.0.1",
            "2606:4700::1111",
            "::ffff:8.8.8.8",
            "2001:4860:4860::8888",
        ] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn only_https_to_the_internet_is_allowed() {
        let refuses = |url: &str| Guard::new(false).check(&url.parse().unwrap()).is_err();
        for url in [
            "http://example.com/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://2130706433/",
            "https://0x7f.1/",
            "ftp://example.com/",
        ] {
            assert!(refuses(url), "{url}");
        }
        assert!(!refuses("https://example.com/") && !refuses("https://8.8.8.8/"));
        assert_eq!(
            Guard::new(true).check(&"http://192.168.1.1/".parse().unwrap()),
            Ok(())
        );
    }

    #[tokio::test]
    async fn a_name_of_a_private_address_is_not_connected_to() {
        let (public, any) = (direct(), Guard::new(true));
        assert!(public.resolve(localhost()).await.is_err());
        assert!(any.resolve(localhost()).await.is_ok());
    }

    #[tokio::test]
    async fn a_proxy_is_at_any_address_and_what_it_is_asked_for_is_not() {
        let proxies = proxies(|name| match name {
            "ALL_PROXY" => Some("LocalHost:3128".to_owned()),
            "HTTP_PROXY" => Some(String::new()),
            "https_proxy" => Some("http://user:secret@10.0.0.1:8080".to_owned()),
            _ => None,
        });
        assert_eq!(proxies, ["localhost", "10.0.0.1"]);
        let guard = Guard {
            proxies: Vec::leak(proxies),
            ..direct()
        };
        assert!(guard.resolve(localhost()).await.is_ok());
        let url = "https://localhost/".parse().unwrap();
        let private = Err(refused("private_address"));
        assert_eq!(guard.check_name(&url).await, private);
        // Without a proxy it is told when it is connected to.
        assert_eq!(direct().check_name(&url).await, Ok(()));
        let any = Guard {
            allows: None,
            ..guard
        };
        assert_eq!(any.check_name(&url).await, Ok(()));
    }

    /// Whatever the environment of the tests names.
    fn direct() -> Guard {
        Guard {
            proxies: &[],
            ..Guard::new(false)
        }
    }

    fn localhost() -> Name {
        "localhost".parse().unwrap()
    }
}
