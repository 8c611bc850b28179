//! When an effect is tried again, and when it is given up.

use std::time::Duration;

/// How many attempts are made for a page: the next contact is waiting.
const PAGE_ATTEMPTS: i16 = 3;
/// How many attempts are made for anything else.
const ATTEMPTS: i16 = 8;

const FIRST_PAGE_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAGE_PAUSE: Duration = Duration::from_secs(5);
const FIRST_PAUSE: Duration = Duration::from_secs(10);
const LONGEST_PAUSE: Duration = Duration::from_hours(1);

/// How long the provider is given to show an attempt that had no answer, before it is looked for.
const PAGE_LOOK: Duration = Duration::from_secs(2);
const LOOK: Duration = Duration::from_secs(30);

/// How long to wait before the attempt after the `attempts`th, or `None` when there is none: twice as long each time, give or
/// take half of it by `chance` (0 to 255), so that many that failed together do not come back together.
///
/// What the provider asks for (`asked`) is kept to when it is longer; for a page no longer than its own longest pause.
#[must_use]
pub fn pause(
    is_page: bool,
    attempts: i16,
    asked: Option<Duration>,
    chance: u8,
) -> Option<Duration> {
    let (most, first, longest) = if is_page {
        (PAGE_ATTEMPTS, FIRST_PAGE_PAUSE, LONGEST_PAGE_PAUSE)
    } else {
        (ATTEMPTS, FIRST_PAUSE, LONGEST_PAUSE)
    };
    if attempts >= most {
        return None;
    }
    let doublings = u32::try_from(attempts.max(1) - 1).unwrap_or(0);
    let regular = first
        .saturating_mul(2_u32.saturating_pow(doublings))
        .min(longest);
    // 0.5 to 1.5 times as long.
    let spread = regular / 2 + regular * u32::from(chance) / 255;
    Some(spread.max(asked.unwrap_or_default()).min(longest))
}

/// How long to wait before an attempt without an answer is looked for.
#[must_use]
pub fn look_after(is_page: bool) -> Duration {
    if is_page { PAGE_LOOK } else { LOOK }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end_and_are_spread() {
        let regular: Vec<_> = (1..=8)
            .map(|attempts| pause(false, attempts, None, 127).map(|pause| pause.as_secs()))
            .collect();
        assert_eq!(
            regular,
            [
                Some(9),
                Some(19),
                Some(39),
                Some(79),
                Some(159),
                Some(319),
                Some(638),
                None
            ]
        );
        assert_eq!(pause(false, 1, None, 0), Some(Duration::from_secs(5)));
        assert_eq!(pause(false, 1, None, 255), Some(Duration::from_secs(15)));
    }

    #[test]
    fn a_page_is_tried_again_within_seconds_and_three_times_at_most() {
        let longest = (1..PAGE_ATTEMPTS)
            .filter_map(|attempts| pause(true, attempts, None, 255))
            .sum::<Duration>();
        assert!(longest < Duration::from_secs(4), "{longest:?}");
        assert_eq!(pause(true, 3, None, 0), None);
    }

    #[test]
    fn what_the_provider_asks_for_is_kept_to_within_bounds() {
        let asked = Some(Duration::from_mins(1));
        assert_eq!(pause(false, 1, asked, 0), asked);
        assert_eq!(pause(true, 1, asked, 0), Some(LONGEST_PAGE_PAUSE));
        assert_eq!(
            pause(false, 1, Some(Duration::from_hours(24)), 0),
            Some(LONGEST_PAUSE)
        );
    }
}
