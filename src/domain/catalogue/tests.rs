use uuid::Uuid;

use super::{Service, meant};

fn service(name: &str, name_es: &str, keywords: &[&str]) -> Service {
    Service {
        id: Uuid::nil(),
        name: name.to_owned(),
        name_es: Some(name_es.to_owned()).filter(|name| !name.is_empty()),
        keywords: keywords.iter().map(ToString::to_string).collect(),
        ..Service::default()
    }
}

fn check(services: &[Service], table: &[(&str, &[&str])]) {
    for (said, expected) in table {
        let names: Vec<&str> = meant(services, said)
            .iter()
            .map(|service| service.name.as_str())
            .collect();
        assert_eq!(names, *expected, "{said}");
    }
}

#[test]
fn a_service_is_known_by_its_names_whole_or_in_part() {
    let services = [
        service("Drain cleaning", "Limpieza de drenaje", &["clogged drain"]),
        service("Boiler repair", "Reparación de caldera", &[]),
        service("Boiler installation", "Instalación de caldera", &[]),
        service("Repair", "Reparación", &[]),
    ];
    check(
        &services,
        &[
            ("drain cleaning", &["Drain cleaning"]),
            ("LIMPIEZA de drenaje", &["Drain cleaning"]),
            ("I have a clogged drain in the kitchen", &["Drain cleaning"]),
            ("drain", &["Drain cleaning"]),
            ("reparacion de caldera", &["Boiler repair"]),
            ("repair", &["Repair"]),
            ("a boiler repair, please", &["Boiler repair"]),
            ("boiler", &["Boiler repair", "Boiler installation"]),
            ("caldera", &["Boiler repair", "Boiler installation"]),
            ("painting", &[]),
            ("", &[]),
            ("  ?! ", &[]),
        ],
    );
}

#[test]
fn the_words_of_the_trade_mean_the_service() {
    let services = [
        service("Faucet repair", "Reparación de grifo", &[]),
        service("Drain cleaning", "Limpieza de drenaje", &[]),
        service("Toilet repair", "Reparación de inodoro", &[]),
        service("Toilet installation", "Instalación de inodoro", &[]),
        service("Water heater repair", "Reparación de calentador", &[]),
        service("AC repair", "Reparación de aire acondicionado", &[]),
        service("Furnace repair", "Reparación de calefacción", &[]),
        service("Panel upgrade", "", &[]),
    ];
    check(
        &services,
        &[
            ("leaky faucet", &["Faucet repair"]),
            ("a dripping tap", &["Faucet repair"]),
            ("my kitchen faucet is leaking", &["Faucet repair"]),
            ("fix the faucet", &["Faucet repair"]),
            ("I need the faucets repaired", &["Faucet repair"]),
            ("arreglar la llave del lavabo", &["Faucet repair"]),
            ("el grifo gotea", &["Faucet repair"]),
            ("fuga en la llave", &["Faucet repair"]),
            ("clean my drains", &["Drain cleaning"]),
            ("the drain is backed up", &["Drain cleaning"]),
            ("clogged sink", &["Drain cleaning"]),
            ("el desagüe está tapado", &["Drain cleaning"]),
            ("destapar el drenaje", &["Drain cleaning"]),
            ("my toilet keeps running", &["Toilet repair"]),
            ("the toilet won't flush", &["Toilet repair"]),
            ("clogged toilet", &["Toilet repair"]),
            ("se descompuso el excusado", &["Toilet repair"]),
            ("install a new toilet", &["Toilet installation"]),
            ("toilet", &["Toilet repair", "Toilet installation"]),
            ("instalar una taza", &["Toilet installation"]),
            ("no hot water", &["Water heater repair"]),
            (
                "we don't have hot water since yesterday",
                &["Water heater repair"],
            ),
            ("no hay agua caliente", &["Water heater repair"]),
            ("el calentador no prende", &["Water heater repair"]),
            ("AC not cooling", &["AC repair"]),
            ("the air conditioner is broken", &["AC repair"]),
            ("el aire no enfría", &["AC repair"]),
            ("el clima no sirve", &["AC repair"]),
            ("no heat in the house", &["Furnace repair"]),
            ("la calefacción no funciona", &["Furnace repair"]),
            ("upgrading the panel", &["Panel upgrade"]),
            // Nothing of the catalogue.
            ("install a faucet", &[]),
            ("paint the kitchen", &[]),
            ("water everywhere", &[]),
            ("something is wrong with the roof", &[]),
        ],
    );
}

#[test]
fn a_leak_is_repaired() {
    let services = [
        service("Leak repair", "Reparación de fuga", &[]),
        service("Installation", "Instalación", &[]),
    ];
    check(
        &services,
        &[
            ("leaky faucet", &["Leak repair"]),
            ("reparación de fuga", &["Leak repair"]),
            ("tengo fugas de agua", &["Leak repair"]),
            ("the pipe is dripping", &["Leak repair"]),
            ("hay una gotera", &["Leak repair"]),
            ("instalar un lavabo", &["Installation"]),
            ("installing a sink", &["Installation"]),
        ],
    );
    let both = [
        service("Leak repair", "", &[]),
        service("Faucet repair", "", &[]),
    ];
    check(
        &both,
        &[
            ("leaky faucet", &["Faucet repair"]),
            ("there is a leak", &["Leak repair"]),
        ],
    );
}

#[test]
fn of_two_services_in_one_sentence_neither_is_dropped() {
    let services = [
        service("Faucet repair", "Reparación de grifo", &[]),
        service("Drain cleaning", "Limpieza de drenaje", &["clogged drain"]),
        service("Drain repair", "Reparación de drenaje", &[]),
        service("Boiler repair", "Reparación de caldera", &[]),
    ];
    check(
        &services,
        &[
            (
                "fix my faucet and clean the drain",
                &["Faucet repair", "Drain cleaning"],
            ),
            (
                "clean the drain and fix the faucet",
                &["Faucet repair", "Drain cleaning"],
            ),
            (
                "drain cleaning, and the faucet leaks",
                &["Faucet repair", "Drain cleaning"],
            ),
            (
                "boiler repair and drain cleaning",
                &["Drain cleaning", "Boiler repair"],
            ),
            (
                "a clogged drain plus a dripping tap",
                &["Faucet repair", "Drain cleaning"],
            ),
            (
                "arreglar el grifo y limpiar el drenaje",
                &["Faucet repair", "Drain cleaning"],
            ),
            (
                "repair the boiler and the faucet",
                &["Faucet repair", "Boiler repair"],
            ),
            // One thing, said at length.
            (
                "clogged drain in the kitchen and bathroom",
                &["Drain cleaning"],
            ),
            ("drain cleaning, please, and thank you", &["Drain cleaning"]),
        ],
    );
    let covering = [
        service("Faucet repair", "", &[]),
        service("Toilet repair", "", &[]),
        service("Faucet and toilet repair", "", &[]),
    ];
    check(
        &covering,
        &[
            (
                "fix the faucet and the toilet",
                &["Faucet and toilet repair"],
            ),
            ("fix the faucet", &["Faucet repair"]),
        ],
    );
}

#[test]
fn names_and_keywords_of_the_organization_win() {
    let services = [
        service("Leak detection", "", &["leaky faucet"]),
        service("Faucet repair", "", &[]),
        service("Emergency plumbing", "", &["burst pipe"]),
    ];
    check(
        &services,
        &[
            ("I have a leaky faucet", &["Leak detection"]),
            ("leaky faucet", &["Leak detection"]),
            ("a burst pipe in the wall", &["Emergency plumbing"]),
            ("faucet repair", &["Faucet repair"]),
        ],
    );
}

#[test]
fn a_look_or_a_complaint_asks_for_nothing_new() {
    let services = [
        service("Boiler repair", "", &[]),
        service("Boiler installation", "", &[]),
        service("Water heater installation", "", &[]),
        service("Plumbing repair", "", &[]),
    ];
    check(
        &services,
        &[
            ("check the boiler", &["Boiler repair"]),
            ("the boiler makes a strange noise", &["Boiler repair"]),
            ("a new boiler", &["Boiler repair", "Boiler installation"]),
            ("install a boiler", &["Boiler installation"]),
            ("the water heater is leaking", &["Plumbing repair"]),
            ("I need a plumber", &["Plumbing repair"]),
            ("plomería", &["Plumbing repair"]),
        ],
    );
}

#[test]
fn whatever_is_said_is_read() {
    let services = [
        service(
            "Drain cleaning",
            "Limpieza de drenaje",
            &["s", "ing", "é", "   ", "李雷"],
        ),
        service("", "", &[]),
    ];
    for said in [
        "",
        "s",
        "ss",
        "ing",
        "ed",
        "aing",
        "ñs",
        "é",
        "李雷",
        "and and and",
        ",,;;",
        "\u{301}",
        "🚰 leak",
        "a b c d e f g",
    ] {
        let _ = meant(&services, said);
        let _ = meant(&services, &said.repeat(500));
        let _ = meant(&services, &format!("{said} drain {said} clean"));
    }
}
