//! In which time zone an area code of North America lies.
//!
//! Source: the North American Numbering Plan Administrator's list of area codes and their zones (<https://www.nanpa.com>). Codes that lie in
//! two zones, are toll-free or were opened since are not listed: of them nothing is known.

use std::{collections::HashMap, sync::LazyLock};

use chrono_tz::{America, Pacific, Tz};

/// The area codes of one zone.
type Areas = (Tz, &'static str);

const AREAS: [Areas; 10] = [
    (
        America::New_York,
        "201 202 203 207 212 215 216 220 223 227 229 231 234 239 240 248 252 260 267 269 272 276 283 301 302 304 305 313 \
         315 317 321 324 326 329 330 332 336 339 347 351 352 363 380 386 401 404 407 410 412 413 419 423 434 436 440 443 445 463 470 \
         472 475 478 484 502 508 513 516 517 518 540 551 561 567 570 571 574 582 585 586 603 606 607 609 610 614 616 617 \
         624 631 640 645 646 656 667 678 679 680 681 686 689 703 704 706 716 717 718 724 727 728 732 734 740 743 754 757 762 765 770 771 772 \
         774 781 786 802 803 804 810 813 814 826 828 835 838 839 843 845 848 854 856 857 859 860 862 863 864 865 878 904 908 \
         910 912 914 917 919 929 934 937 941 943 947 948 954 959 973 978 980 984 989",
    ),
    (
        America::Chicago,
        "205 210 214 217 224 225 228 251 254 256 262 274 281 309 312 314 316 318 319 320 325 327 331 334 337 346 353 361 402 405 \
         409 414 417 430 432 447 464 469 479 501 504 507 512 515 531 534 539 557 563 572 573 580 601 612 615 618 620 629 \
         630 636 641 651 659 660 662 682 708 712 713 715 726 730 731 737 763 769 773 779 806 815 816 817 830 832 847 861 870 \
         872 901 903 913 918 920 936 938 940 945 952 956 972 975 979 985",
    ),
    (
        America::Denver,
        "303 307 385 406 435 505 575 719 720 801 915 970 983",
    ),
    (America::Phoenix, "480 520 602 623 928"),
    (
        America::Los_Angeles,
        "206 209 213 253 279 310 323 341 350 360 369 408 415 424 425 442 503 509 510 530 559 562 564 619 626 628 650 657 661 669 702 \
         707 714 725 747 760 775 805 818 820 831 840 858 909 916 925 949 951 971",
    ),
    (America::Anchorage, "907"),
    (Pacific::Honolulu, "808"),
    (
        America::Toronto,
        "226 249 263 289 343 354 365 367 416 418 437 438 450 468 514 519 548 579 581 613 647 683 705 742 819 873 905",
    ),
    (America::Winnipeg, "204 431 584"),
    (America::Vancouver, "236 604 672 778"),
];

/// The zones by area code: every answer about hours looks one up.
static ZONES: LazyLock<HashMap<&str, Tz>> = LazyLock::new(|| {
    let areas = AREAS.iter();
    let zones = areas.flat_map(|(zone, areas)| areas.split_whitespace().map(|area| (area, *zone)));
    zones.collect()
});

/// The zone of an area code; `None` where it has several or is not known.
#[must_use]
pub fn zone(area: &str) -> Option<Tz> {
    ZONES.get(area).copied()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use chrono_tz::America;

    use super::{AREAS, zone};

    #[test]
    fn every_area_code_is_listed_once() {
        let mut known = HashSet::new();
        for code in AREAS.iter().flat_map(|(_, areas)| areas.split_whitespace()) {
            assert!(
                code.len() == 3 && code.parse::<u16>().is_ok_and(|code| code > 200),
                "{code}"
            );
            assert!(known.insert(code), "{code}");
        }
        assert!(known.len() > 300);
    }

    #[test]
    fn codes_of_one_city_are_in_one_zone() {
        for (code, expected) in [
            ("312", Some(America::Chicago)),
            ("773", Some(America::Chicago)),
            ("303", Some(America::Denver)),
            ("720", Some(America::Denver)),
            ("212", Some(America::New_York)),
            ("213", Some(America::Los_Angeles)),
            ("602", Some(America::Phoenix)),
            // Idaho has two zones, and 800 none.
            ("208", None),
            ("800", None),
            ("", None),
        ] {
            assert_eq!(zone(code), expected, "{code}");
        }
    }
}
