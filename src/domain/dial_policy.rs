//! Which telephone numbers may be dialled or sent messages, so that nobody can make an organization pay for calls to a premium line or
//! to the other end of the world.

use std::fmt;

use phonenumber::{Type, country, metadata::DATABASE};
use serde_json::Value;

use super::phone::{Phone, TOLL_FREE};

#[cfg(test)]
mod tests;

/// Area codes of the North American plan behind which no subscriber lives: Canada's services and satellite telephones, inbound
/// international traffic, services of the carriers, and the government's network (<https://www.nanpa.com>).
const SERVICES: [&str; 10] = [
    "456", "600", "622", "633", "644", "655", "677", "688", "700", "710",
];

/// Area codes of the North American plan whose numbers belong to persons, wherever they are (<https://www.nanpa.com>).
const PERSONAL: [&str; 16] = [
    "500", "521", "522", "523", "524", "525", "526", "527", "528", "529", "532", "533", "544",
    "566", "577", "588",
];

/// Canada's area codes (<https://www.nanpa.com>).
const CANADA: [&str; 55] = [
    "204", "226", "236", "249", "250", "257", "263", "289", "306", "343", "354", "365", "367",
    "368", "382", "403", "416", "418", "428", "431", "437", "438", "450", "468", "474", "506",
    "514", "519", "548", "579", "581", "584", "587", "604", "613", "639", "647", "672", "683",
    "705", "709", "742", "753", "778", "780", "782", "807", "819", "825", "867", "873", "879",
    "902", "905", "942",
];

/// Area codes of the countries and territories of the plan beside the United States and Canada, whose plans are the library's.
const ISLANDS: [&str; 27] = [
    "242", "246", "264", "268", "284", "340", "345", "441", "473", "649", "658", "664", "670",
    "671", "684", "721", "758", "767", "784", "787", "809", "829", "849", "868", "869", "876",
    "939",
];

/// A country by its ISO 3166 code of two letters.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Country(country::Id);

/// The countries whose numbers may be dialled where an organization says nothing else.
pub const USUAL: [Country; 2] = [Country(country::Id::US), Country(country::Id::CA)];

/// Why a number may not be dialled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreachable {
    /// Whoever calls it is charged more than for a call.
    #[error("it is a premium number, which charges whoever calls")]
    Premium,
    /// It is of a country that is not allowed.
    #[error("it is a number of {0}, a country that is not allowed")]
    Foreign(Country),
    /// It is a service's, or of a network that belongs to no country, such as a satellite telephone.
    #[error("it is no subscriber's number in any country")]
    Special,
}

impl Country {
    /// Reads a code in capital letters, such as `MX`; `None` when no country with telephones has it.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        code.parse().ok().map(Self)
    }

    /// The code.
    #[must_use]
    pub fn code(&self) -> &str {
        self.0.as_ref()
    }
}

impl fmt::Display for Country {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

/// The countries in `settings.dial_countries`; the usual ones when it names none.
///
/// A code that no country has is left out, so that a row from before a rule does not close the telephone.
pub fn allowed<'a>(codes: impl IntoIterator<Item = &'a str>) -> Vec<Country> {
    let named: Vec<Country> = codes.into_iter().filter_map(Country::parse).collect();
    if named.is_empty() {
        USUAL.to_vec()
    } else {
        named
    }
}

/// The same of the setting as the database has it.
#[must_use]
pub fn allowed_by(setting: Option<&Value>) -> Vec<Country> {
    let codes = setting.and_then(Value::as_array).into_iter().flatten();
    allowed(codes.filter_map(Value::as_str))
}

/// Whether a number may be dialled by an organization that allows these countries.
///
/// The kind of a number and its country come from the plans that the library knows; for North America the rules of its numbering plan come
/// first (<https://www.nanpa.com>), since the library takes the exchange 976 for any other, and takes a tenth of a second and five megabytes
/// to begin with. A toll-free number of North America is of no one country and may always be dialled.
///
/// # Errors
///
/// Why it may not. A premium number is one whatever its country.
pub fn check(phone: &Phone, allowed_countries: &[Country]) -> Result<(), Unreachable> {
    if let Some(national) = phone.as_str().strip_prefix("+1") {
        let area = national.get(..3).unwrap_or_default();
        let line = national.get(3..).unwrap_or_default();
        if TOLL_FREE.contains(&area) {
            return Ok(());
        }
        if area == "900" || line.starts_with("976") {
            return Err(Unreachable::Premium);
        }
        // 555-1212 is directory assistance in every area, at a price.
        if SERVICES.contains(&area) || line == "5551212" {
            return Err(Unreachable::Special);
        }
        if PERSONAL.contains(&area) {
            return Err(Unreachable::Premium);
        }
        if !ISLANDS.contains(&area) {
            // An area code that is not known yet is one of the United States, which open several every year.
            let country = if CANADA.contains(&area) {
                country::Id::CA
            } else {
                country::Id::US
            };
            return permit(Country(country), allowed_countries);
        }
    }
    permit(subscriber(phone)?, allowed_countries)
}

fn permit(country: Country, allowed_countries: &[Country]) -> Result<(), Unreachable> {
    if allowed_countries.contains(&country) {
        Ok(())
    } else {
        Err(Unreachable::Foreign(country))
    }
}

/// The country whose subscriber has a number, by the plans that the library knows.
fn subscriber(phone: &Phone) -> Result<Country, Unreachable> {
    let number =
        phonenumber::parse(None, phone.as_str()).map_err(|_unparsed| Unreachable::Special)?;
    match number.number_type(&DATABASE) {
        Type::PremiumRate | Type::SharedCost | Type::PersonalNumber => {
            return Err(Unreachable::Premium);
        }
        Type::Carrier
        | Type::Emergency
        | Type::NoInternational
        | Type::Pager
        | Type::ShortCode
        | Type::Voicemail => return Err(Unreachable::Special),
        _ => {}
    }
    country_of(&number).ok_or(Unreachable::Special)
}

/// The country of a number. One that the library places nowhere is of the first country of its code: some national plans (Italy's, whose
/// numbers begin with a zero) escape it. `None` for the codes that belong to no country.
fn country_of(number: &phonenumber::PhoneNumber) -> Option<Country> {
    let code = number.country().code();
    number.country().id().map(Country).or_else(|| {
        DATABASE
            .region(&code)
            .and_then(|regions| regions.first().copied().and_then(Country::parse))
    })
}
