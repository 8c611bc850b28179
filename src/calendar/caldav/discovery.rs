//! Finds the calendars of an account, whatever address of the server was given (RFC 6764, RFC 4791).

use url::Url;

use super::{
    Client, address,
    http::Request,
    xml::{self, Element, Multistatus, Namespace, Response},
};
use crate::domain::external_calendar::{Calendar, CalendarError};
use Namespace::{CalDav, Dav};

/// What is asked of each resource on the way.
const PROPERTIES: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<d:propfind xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:prop>
<d:resourcetype/><d:displayname/><d:owner/><d:current-user-principal/><d:current-user-privilege-set/>
<c:calendar-home-set/><c:calendar-user-address-set/><c:supported-calendar-component-set/>
</d:prop></d:propfind>"#;

/// The privileges of which each allows to write events.
const WRITES: [&str; 3] = ["all", "write", "bind"];

/// What is found at an address.
struct Found {
    url: Url,
    answer: Multistatus,
}

impl Client {
    /// The calendars of the account that have events.
    ///
    /// # Errors
    ///
    /// Why they cannot be listed.
    pub async fn calendars(&self) -> Result<Vec<Calendar>, CalendarError> {
        let join = |path: &str| self.base.join(path).ok();
        let given = (self.base.path() != "/").then(|| self.base.clone());
        // Some servers know nothing without its last slash.
        let collection = given.clone().map(address::collection);
        let collection = collection.filter(|url| Some(url) != given.as_ref());
        let addresses = [given, collection, join("/.well-known/caldav"), join("/")];
        let mut problem = CalendarError::Gone;
        for url in addresses.into_iter().flatten() {
            match self.calendars_from(&url).await {
                Ok(calendars) if !calendars.is_empty() => return Ok(calendars),
                Ok(_) => problem = CalendarError::Unreadable("no calendar is found there"),
                // The next address may have more to say, but not to somebody who is not let in.
                Err(found @ (CalendarError::Revoked | CalendarError::Limited { .. })) => {
                    return Err(found);
                }
                Err(found) => problem = found,
            }
        }
        Err(problem)
    }

    async fn calendars_from(&self, url: &Url) -> Result<Vec<Calendar>, CalendarError> {
        let mut found = self.look(url, 0).await?;
        if let Some(calendar) = found.own().and_then(|own| self.calendar(&found.url, own)) {
            return Ok(vec![Calendar {
                is_primary: true,
                ..calendar
            }]);
        }
        if found.addresses("calendar-home-set", CalDav).is_empty() {
            let principals = found.addresses("current-user-principal", Dav);
            let Some(principal) = principals.first() else {
                // A home may know nothing but what lies in it.
                return Ok(self.calendars_in(&found.url).await.unwrap_or_default());
            };
            found = self.look(principal, 0).await?;
        }
        let (mut calendars, mut problem) = (Vec::new(), None);
        for home in found.addresses("calendar-home-set", CalDav) {
            match self.calendars_in(&home).await {
                Ok(found) => calendars.extend(found),
                Err(found) => problem = Some(found),
            }
        }
        // One of several may belong to somebody else.
        match problem {
            Some(problem) if calendars.is_empty() => Err(problem),
            _ => Ok(calendars),
        }
    }

    /// By which addresses the owner of a calendar is invited, as far as the server says.
    pub(super) async fn invited_as(&self, calendar: &Url) -> Result<Vec<String>, CalendarError> {
        match self.addresses_of_owner(calendar).await {
            Err(problem @ (CalendarError::Unavailable(_) | CalendarError::Limited { .. })) => {
                Err(problem)
            }
            found => Ok(found.unwrap_or_default()),
        }
    }

    async fn addresses_of_owner(&self, calendar: &Url) -> Result<Vec<String>, CalendarError> {
        let found = self.look(calendar, 0).await?;
        let owners = found.addresses("owner", Dav).into_iter();
        let mut owners = owners.chain(found.addresses("current-user-principal", Dav));
        let Some(owner) = owners.next() else {
            return Ok(Vec::new());
        };
        let found = self.look(&owner, 0).await?;
        let set = found
            .own()
            .and_then(|own| own.prop(CalDav, "calendar-user-address-set"));
        let addresses = set.into_iter().flat_map(Element::hrefs);
        Ok(addresses.map(str::to_owned).collect())
    }

    async fn calendars_in(&self, home: &Url) -> Result<Vec<Calendar>, CalendarError> {
        let found = self.look(&address::collection(home.clone()), 1).await?;
        let calendars = found.answer.responses.iter();
        let mut calendars: Vec<_> = calendars
            .filter_map(|response| self.calendar(&found.url, response))
            .collect();
        if let [only] = calendars.as_mut_slice() {
            only.is_primary = true;
        }
        Ok(calendars)
    }

    /// The calendar that a resource is, if it is one of events.
    fn calendar(&self, url: &Url, response: &Response) -> Option<Calendar> {
        response
            .prop(Dav, "resourcetype")?
            .child(CalDav, "calendar")?;
        let is_event = |component: &Element| {
            let name = component.name_attribute.as_deref();
            component.is(CalDav, "comp")
                && name.is_some_and(|name| name.eq_ignore_ascii_case("VEVENT"))
        };
        let components = response.prop(CalDav, "supported-calendar-component-set");
        if components.is_some_and(|components| {
            !components.children.is_empty() && !components.children.iter().any(is_event)
        }) {
            return None;
        }
        let url = address::collection(address::resolve(url, &response.href)?);
        let privileges = response.prop(Dav, "current-user-privilege-set");
        let writes = |privilege: &Element| {
            WRITES
                .iter()
                .any(|name| privilege.child(Dav, name).is_some())
        };
        Some(Calendar {
            id: address::id(&self.base, &url),
            name: response
                .text(Dav, "displayname")
                .unwrap_or_else(|| url.path().to_owned()),
            is_primary: false,
            is_writable: privileges.is_none_or(|set| set.children.iter().any(writes)),
        })
    }

    async fn look(&self, url: &Url, depth: u8) -> Result<Found, CalendarError> {
        let request = Request {
            may_leave: true,
            ..Request::xml("PROPFIND", url, depth, PROPERTIES.to_owned())
        };
        let answer = self.sender.send(&request).await?.ok()?;
        Ok(Found {
            answer: xml::multistatus(&answer.body)?,
            url: answer.url,
        })
    }
}

impl Found {
    /// What is said of the resource itself.
    fn own(&self) -> Option<&Response> {
        self.answer.responses.first()
    }

    /// The addresses that a property names. The password goes there: to another host only over TLS.
    fn addresses(&self, property: &str, namespace: Namespace) -> Vec<Url> {
        let hrefs = self.own().and_then(|own| own.prop(namespace, property));
        let hrefs = hrefs.into_iter().flat_map(Element::hrefs);
        hrefs
            .filter_map(|href| address::resolve(&self.url, href))
            .filter(|url| url.origin() == self.url.origin() || url.scheme() == "https")
            .collect()
    }
}
