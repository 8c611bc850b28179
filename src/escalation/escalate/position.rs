//! Where an escalation is, and what comes next.

/// A step of the escalation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) round: i16,
    pub(super) step: Option<i16>,
}

impl Position {
    /// Whether it lies beyond the round of another place: in a later one, or at the end of all.
    pub(super) fn is_beyond(self, from: Self, last_resort: Option<i16>) -> bool {
        self.round != from.round || (last_resort.is_some() && self.step == last_resort)
    }
}

/// The place after `at`: the next contact of the round, the first of the next round, or once, at the end, the last resort.
pub(super) fn next_position(
    regular: &[i16],
    last_resort: Option<i16>,
    at: Position,
    rounds: i16,
) -> Option<Position> {
    if at.step.is_some() && at.step == last_resort {
        return None;
    }
    let round = at.round.max(1);
    let later = regular.iter().find(|step| Some(**step) > at.step);
    let (round, step) = match (later, regular.first()) {
        (Some(step), _) => (round, *step),
        (None, Some(first)) if round < rounds => (round + 1, *first),
        _ => (round, last_resort?),
    };
    Some(Position {
        round,
        step: Some(step),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(regular: &[i16], last_resort: Option<i16>, rounds: i16) -> Vec<(i16, i16)> {
        let mut place = Position {
            round: 0,
            step: None,
        };
        let mut places = Vec::new();
        while let Some(next) = next_position(regular, last_resort, place, rounds) {
            places.push((next.round, next.step.unwrap()));
            place = next;
            assert!(places.len() < 100, "the escalation does not end");
        }
        places
    }

    #[test]
    fn every_contact_comes_in_order_each_round_and_the_last_resort_once_at_the_end() {
        assert_eq!(
            all(&[0, 1], Some(2), 2),
            [(1, 0), (1, 1), (2, 0), (2, 1), (2, 2)]
        );
        assert_eq!(all(&[0], None, 3), [(1, 0), (2, 0), (3, 0)]);
        assert_eq!(all(&[], Some(0), 3), [(1, 0)]);
        assert_eq!(all(&[], None, 3), []);
    }

    #[test]
    fn a_chain_that_is_taken_up_again_begins_with_whoever_had_it() {
        let from = Position {
            round: 2,
            step: Some(0),
        };
        let next = next_position(&[0, 1, 2], None, from, 4);
        assert_eq!(
            next,
            Some(Position {
                round: 2,
                step: Some(1)
            })
        );
    }
}
