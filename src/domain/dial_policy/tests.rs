use super::*;

fn checked(number: &str, allowed_countries: &[Country]) -> Result<(), Unreachable> {
    let phone = Phone::parse(number).unwrap_or_else(|problem| panic!("{number}: {problem}"));
    check(&phone, allowed_countries)
}

fn country(code: &str) -> Country {
    Country::parse(code).unwrap()
}

#[test]
fn numbers_of_the_united_states_and_canada_are_dialled_where_nothing_else_is_said() {
    for number in [
        "+13035550142", // 555-01XX is kept free for demonstrations
        "+12125550100",
        "+19305550100",
        "+14165550123", // Toronto
        "+15145550123", // Montreal
        "+18675550123", // Yukon
        "+12632345678", // Quebec, since 2022
        "+19835550100", // an area code that the library does not know yet
        "+13285550100",
        "+18005550100", // toll-free
        "+18335550100",
        "+18445550100",
        "+18555550100",
        "+18665550100",
        "+18775550100",
        "+18885550100",
        "+18885551212", // toll-free directory assistance
    ] {
        assert_eq!(checked(number, &USUAL), Ok(()), "{number}");
    }
}

#[test]
fn premium_numbers_are_never_dialled() {
    for number in [
        "+19005550100",
        "+19002345678",
        "+13039765550",
        "+18769765550",  // premium even where the country is foreign
        "+15005550100",  // a personal number
        "+15332345678",  // and another
        "+449098790123", // premium rate
        "+447012345678", // a personal number, the same by another name
        "+33899123456",
    ] {
        let everywhere = ["US", "CA", "JM", "GB", "FR"].map(country);
        assert_eq!(
            checked(number, &everywhere),
            Err(Unreachable::Premium),
            "{number}"
        );
    }
}

#[test]
fn area_codes_are_of_the_countries_that_the_library_knows() {
    for area in (200..1000).map(|area: u16| area.to_string()) {
        let Ok(phone) = Phone::parse(&format!("+1{area}2345678")) else {
            continue;
        };
        let area = area.as_str();
        if SERVICES.contains(&area) || TOLL_FREE.contains(&area) {
            continue;
        }
        let known = subscriber(&phone);
        for allowed_countries in [&USUAL[..1], &USUAL[1..]] {
            let by_library = known.and_then(|country| permit(country, allowed_countries));
            assert_eq!(check(&phone, allowed_countries), by_library, "{area}");
        }
    }
}

#[test]
fn numbers_of_other_countries_are_dialled_only_where_they_are_allowed() {
    for (number, code) in [
        ("+12425550100", "BS"),
        ("+12465550100", "BB"),
        ("+12645550100", "AI"),
        ("+12685550100", "AG"),
        ("+12845550100", "VG"),
        ("+13405550100", "VI"),
        ("+13455550100", "KY"),
        ("+14415550100", "BM"),
        ("+14735550100", "GD"),
        ("+16495550100", "TC"),
        ("+16585550100", "JM"),
        ("+16645550100", "MS"),
        ("+16705550100", "MP"),
        ("+16715550100", "GU"),
        ("+16845550100", "AS"),
        ("+17215550100", "SX"),
        ("+17585550100", "LC"),
        ("+17675550100", "DM"),
        ("+17845550100", "VC"),
        ("+17875550100", "PR"),
        ("+18095550100", "DO"),
        ("+18295550100", "DO"),
        ("+18495550100", "DO"),
        ("+18685550100", "TT"),
        ("+18695550100", "KN"),
        ("+18765550100", "JM"),
        ("+19395550100", "PR"),
        ("+525512345678", "MX"),
        ("+442079460000", "GB"),
        ("+390612345678", "IT"), // begins with a zero, which the library loses
        ("+4930123456", "DE"),
        ("+34912345678", "ES"),
    ] {
        assert_eq!(
            checked(number, &USUAL),
            Err(Unreachable::Foreign(country(code))),
            "{number}"
        );
        assert_eq!(
            checked(number, &[country("US"), country(code)]),
            Ok(()),
            "{number}"
        );
    }
    assert_eq!(
        checked("+14165550123", &[country("US")]),
        Err(Unreachable::Foreign(country("CA")))
    );
    assert_eq!(checked("+18005550100", &[country("MX")]), Ok(()));
}

#[test]
fn services_and_networks_of_no_country_are_not_dialled() {
    for number in [
        "+13045551212",  // directory assistance
        "+16005550100",  // satellite telephones
        "+16225550100",  // Canada's services
        "+17005550100",  // a carrier's services
        "+17105550100",  // the government
        "+14565550100",  // inbound international
        "+870776112345", // Inmarsat
        "+881612345678", // satellites
        "+80012345678",  // international freephone
    ] {
        assert_eq!(
            checked(number, &USUAL),
            Err(Unreachable::Special),
            "{number}"
        );
    }
}

#[test]
fn the_countries_of_a_setting_are_read_and_what_is_none_is_left_out() {
    assert_eq!(allowed([]), USUAL);
    assert_eq!(allowed(["MX", "US"]), [country("MX"), country("US")]);
    assert_eq!(allowed(["ZZ", "MX", "us", ""]), [country("MX")]);
    assert_eq!(allowed(["ZZ"]), USUAL);
}

#[test]
fn a_reason_says_why_and_no_number() {
    assert_eq!(
        Unreachable::Foreign(country("JM")).to_string(),
        "it is a number of JM, a country that is not allowed"
    );
    assert_eq!(
        format!("{:?}", Unreachable::Foreign(country("JM"))),
        "Foreign(JM)"
    );
}
