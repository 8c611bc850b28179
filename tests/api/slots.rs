//! `get_available_time_slots`: the rules of booking, asked of the database as a dashboard would ask it.

use crate::support::TestDatabase;

const ID: &str = "0f0f0f0f-0000-4000-8000-000000000001";

/// The starts of a day's slots at an instant: all of them, or the free ones.
async fn starts(
    database: &TestDatabase,
    now: &str,
    date: &str,
    minutes: i32,
    free: bool,
) -> Vec<String> {
    database
        .column(&format!(
            "select to_char(s.start_time, 'HH24:MI')
             from (select set_config('frontdesk.now', '{now}', false)) as clock,
                  lateral get_available_time_slots('{ID}', '{date}', {minutes}) as s
             where s.is_available or not {free}"
        ))
        .await
}

async fn free(database: &TestDatabase, now: &str, date: &str) -> Vec<String> {
    starts(database, now, date, 60, true).await
}

async fn appointment(database: &TestDatabase, date: &str, time: &str, minutes: i32) {
    database
        .run(&format!(
            "insert into appointments (organization_id, customer_name, customer_phone, appointment_type,
                 scheduled_date, scheduled_time, duration_minutes)
             values ('{ID}', 'Someone', '+13035550199', 'repair', '{date}', '{time}', {minutes})"
        ))
        .await;
}

const EVERY_NIGHT: &str = r#"{"horizon_days": 730, "lead_minutes": 0, "hours": {
    "saturday": [{"open": "22:00", "close": "06:00"}],
    "sunday": [{"open": "22:00", "close": "06:00"}]
}}"#;

#[tokio::test]
async fn without_any_settings_weekdays_are_open_from_eight_to_eighteen_on_the_hour() {
    let database = TestDatabase::shared("America/Denver", "{}").await;
    let now = "2026-11-23T15:00:00Z";

    let tuesday = free(&database, now, "2026-12-01").await;
    assert_eq!(tuesday.len(), 10);
    assert_eq!(tuesday.first().unwrap(), "08:00");
    assert_eq!(tuesday.last().unwrap(), "17:00");
    for weekend in ["2026-12-05", "2026-12-06"] {
        assert!(starts(&database, now, weekend, 60, false).await.is_empty());
    }
}

#[tokio::test]
async fn several_windows_a_day_leave_the_break_out() {
    let database = TestDatabase::shared(
        "America/Denver",
        r#"{"hours": {"tuesday": [{"open": "08:00", "close": "10:00"}, {"open": "13:00", "close": "15:00"}]}}"#,
    )
    .await;

    let free = free(&database, "2026-11-23T15:00:00Z", "2026-12-01").await;

    assert_eq!(free, ["08:00", "09:00", "13:00", "14:00"]);
}

#[tokio::test]
async fn what_is_searched_by_follows_the_settings_and_the_zone_at_once() {
    let database = TestDatabase::shared("America/Denver", "{}").await;
    let now = "2026-11-23T15:00:00Z";
    assert_eq!(free(&database, now, "2026-11-23").await[0], "09:00");

    database
        .run(
            r#"update organizations set settings = '{"step_minutes": 30, "hours": {"tuesday": [{"open": "08:00", "close": "09:30"}]}}'"#,
        )
        .await;
    assert_eq!(free(&database, now, "2026-12-01").await, ["08:00", "08:30"]);

    // In Los Angeles it is an hour earlier.
    database
        .run("update organizations set settings = '{}', timezone = 'America/Los_Angeles'")
        .await;
    assert_eq!(free(&database, now, "2026-11-23").await[0], "08:00");
}

#[tokio::test]
async fn hours_over_midnight_leave_no_dead_time_and_belong_to_the_day_they_start() {
    let database = TestDatabase::shared(
        "America/Denver",
        r#"{"step_minutes": 30, "hours": {
            "thursday": [{"open": "20:00", "close": "03:00"}], "friday": [], "wednesday": []
        }}"#,
    )
    .await;
    let now = "2026-11-23T15:00:00Z";

    let thursday = free(&database, now, "2026-12-03").await;
    assert_eq!(thursday.first().unwrap(), "20:00");
    assert_eq!(thursday.last().unwrap(), "23:30");
    let friday = free(&database, now, "2026-12-04").await;
    assert_eq!(friday, ["00:00", "00:30", "01:00", "01:30", "02:00"]);
    // An appointment of four hours must end with the window.
    let long = starts(&database, now, "2026-12-03", 240, true).await;
    assert_eq!(long.last().unwrap(), "23:00");
}

#[tokio::test]
async fn a_day_may_close_at_twenty_four_or_never() {
    let database = TestDatabase::shared(
        "America/Denver",
        r#"{"hours": {"tuesday": [{"open": "22:00", "close": "24:00"}], "wednesday": [{"open": "06:00", "close": "06:00"}],
            "thursday": []}}"#,
    )
    .await;
    let now = "2026-11-23T15:00:00Z";

    assert_eq!(free(&database, now, "2026-12-01").await, ["22:00", "23:00"]);
    assert_eq!(free(&database, now, "2026-12-02").await.len(), 18);
    assert_eq!(free(&database, now, "2026-12-03").await.len(), 6);
}

#[tokio::test]
async fn a_closed_friday_does_not_cut_what_began_on_thursday() {
    let database = TestDatabase::shared(
        "America/Denver",
        r#"{"hours": {"thursday": [{"open": "20:00", "close": "03:00"}]}}"#,
    )
    .await;
    database
        .run(&format!(
            "insert into special_days (organization_id, special_date, reason) values ('{ID}', '2026-12-04', 'Holiday')"
        ))
        .await;

    let friday = free(&database, "2026-11-23T15:00:00Z", "2026-12-04").await;

    assert_eq!(friday, ["00:00", "01:00", "02:00"]);
}

#[tokio::test]
async fn a_special_day_closes_opens_or_splits_a_day_of_the_organizations_calendar() {
    let database = TestDatabase::shared("Pacific/Auckland", "{}").await;
    database
        .run(&format!(
            r#"insert into special_days (organization_id, special_date, hours) values
               ('{ID}', '2026-12-01', '[]'),
               ('{ID}', '2026-12-05', '[{{"open": "10:00", "close": "12:00"}}]'),
               ('{ID}', '2026-12-02', '[{{"open": "08:00", "close": "10:00"}}, {{"open": "16:00", "close": "18:00"}}]')"#
        ))
        .await;
    let now = "2026-11-23T15:00:00Z";

    assert!(free(&database, now, "2026-12-01").await.is_empty());
    assert_eq!(free(&database, now, "2026-12-05").await, ["10:00", "11:00"]);
    assert_eq!(
        free(&database, now, "2026-12-02").await,
        ["08:00", "09:00", "16:00", "17:00"]
    );
    assert_eq!(free(&database, now, "2026-12-03").await.len(), 10);
}

#[tokio::test]
async fn pending_and_confirmed_appointments_block_and_others_do_not() {
    let database = TestDatabase::shared("America/Denver", "{}").await;
    let now = "2026-11-23T15:00:00Z";
    appointment(&database, "2026-12-01", "09:00", 120).await;
    assert_eq!(free(&database, now, "2026-12-01").await.len(), 8);

    for (status, count) in [
        ("confirmed", 8),
        ("cancelled", 10),
        ("completed", 10),
        ("no_show", 10),
        ("pending", 8),
    ] {
        database
            .run(&format!("update appointments set status = '{status}'"))
            .await;
        assert_eq!(
            free(&database, now, "2026-12-01").await.len(),
            count,
            "{status}"
        );
    }
}

#[tokio::test]
async fn an_appointment_of_the_day_before_blocks_into_the_morning() {
    let database = TestDatabase::shared(
        "America/Denver",
        r#"{"hours": {"tuesday": [{"open": "00:00", "close": "24:00"}]}}"#,
    )
    .await;
    appointment(&database, "2026-11-30", "20:00", 480).await;

    let tuesday = free(&database, "2026-11-23T15:00:00Z", "2026-12-01").await;

    assert_eq!(tuesday.first().unwrap(), "04:00");
}

#[tokio::test]
async fn a_slot_is_free_while_one_crew_is() {
    let database = TestDatabase::shared("America/Denver", r#"{"capacity": 2}"#).await;
    let now = "2026-11-23T15:00:00Z";
    appointment(&database, "2026-12-01", "09:00", 60).await;
    assert_eq!(free(&database, now, "2026-12-01").await.len(), 10);

    appointment(&database, "2026-12-01", "09:00", 60).await;
    assert_eq!(free(&database, now, "2026-12-01").await.len(), 9);
}

#[tokio::test]
async fn a_crew_that_is_half_taken_is_not_pieced_together_from_two() {
    let database =
        TestDatabase::shared("America/Denver", r#"{"capacity": 2, "step_minutes": 30}"#).await;
    appointment(&database, "2026-12-01", "09:00", 60).await;
    database
        .run(&format!(
            "insert into appointments (organization_id, customer_name, customer_phone, appointment_type,
                 scheduled_date, scheduled_time, crew)
             values ('{ID}', 'Someone', '+13035550199', 'repair', '2026-12-01', '10:00', 2)"
        ))
        .await;

    let free = free(&database, "2026-11-23T15:00:00Z", "2026-12-01").await;

    assert!(!free.contains(&"09:30".to_owned()), "{free:?}");
    assert!(free.contains(&"09:00".to_owned()) && free.contains(&"10:00".to_owned()));
}

#[tokio::test]
async fn lead_time_and_horizon_hold_in_the_organizations_zone() {
    let database = TestDatabase::shared(
        "America/Denver",
        r#"{"lead_minutes": 90, "horizon_days": 8}"#,
    )
    .await;

    // 10:30 in Denver: exactly 90 minutes before noon.
    assert_eq!(
        free(&database, "2026-11-24T17:30:00Z", "2026-11-24")
            .await
            .first()
            .unwrap(),
        "12:00"
    );
    assert_eq!(
        free(&database, "2026-11-24T17:30:01Z", "2026-11-24")
            .await
            .first()
            .unwrap(),
        "13:00"
    );
    // Still Monday in Denver, Tuesday in UTC: the eighth day ahead is the first of December.
    let late_on_monday = "2026-11-24T05:00:00Z";
    assert_eq!(
        free(&database, late_on_monday, "2026-12-01").await.len(),
        10
    );
    assert!(
        free(&database, late_on_monday, "2026-12-02")
            .await
            .is_empty()
    );
    assert!(
        free(&database, late_on_monday, "2026-11-20")
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn an_hour_that_the_clocks_skip_is_never_offered() {
    for (zone, saturday, sunday) in [
        ("America/New_York", "2026-03-07", "2026-03-08"),
        ("America/New_York", "2027-03-13", "2027-03-14"),
    ] {
        let database = TestDatabase::shared(zone, EVERY_NIGHT).await;
        let now = "2026-01-05T12:00:00Z";

        assert_eq!(
            free(&database, now, saturday).await,
            ["22:00", "23:00"],
            "{saturday}"
        );
        assert_eq!(
            free(&database, now, sunday).await,
            [
                "00:00", "01:00", "03:00", "04:00", "05:00", "22:00", "23:00"
            ],
            "{sunday}"
        );
    }
}

#[tokio::test]
async fn an_appointment_that_begins_before_the_skipped_hour_takes_an_hour_of_real_time() {
    let database = TestDatabase::shared(
        "America/New_York",
        r#"{"horizon_days": 730, "lead_minutes": 0, "step_minutes": 30,
            "hours": {"sunday": [{"open": "00:00", "close": "06:00"}]}}"#,
    )
    .await;
    appointment(&database, "2026-03-08", "01:30", 60).await;

    // 01:30 and an hour is 03:30 that night, so 03:00 is still taken.
    assert_eq!(
        free(&database, "2026-01-05T12:00:00Z", "2026-03-08").await,
        ["00:00", "00:30", "03:30", "04:00", "04:30", "05:00"]
    );
    let overlapping = database
        .try_run(&format!(
            "insert into appointments (organization_id, customer_name, customer_phone, appointment_type,
                 scheduled_date, scheduled_time)
             values ('{ID}', 'Someone', '+13035550199', 'repair', '2026-03-08', '03:00')"
        ))
        .await;
    assert_eq!(overlapping.unwrap_err().code, "23P01");
}

#[tokio::test]
async fn an_hour_that_comes_twice_is_offered_once_and_blocked_both_times() {
    for (zone, sunday) in [
        ("America/New_York", "2026-11-01"),
        ("America/New_York", "2027-11-07"),
    ] {
        let database = TestDatabase::shared(zone, EVERY_NIGHT).await;
        let now = "2026-01-05T12:00:00Z";
        let all = [
            "00:00", "01:00", "02:00", "03:00", "04:00", "05:00", "22:00", "23:00",
        ];
        assert_eq!(free(&database, now, sunday).await, all, "{sunday}");

        appointment(&database, sunday, "00:00", 120).await;
        assert_eq!(free(&database, now, sunday).await, all[2..], "{sunday}");
    }
}

#[tokio::test]
async fn the_first_of_the_two_hours_counts_for_the_lead_time() {
    let database = TestDatabase::shared("America/New_York", EVERY_NIGHT).await;

    // 05:00Z is the first 01:00 of that night, 06:00Z the second.
    assert!(
        free(&database, "2026-11-01T05:00:00Z", "2026-11-01")
            .await
            .contains(&"01:00".to_owned())
    );
    assert!(
        !free(&database, "2026-11-01T05:00:01Z", "2026-11-01")
            .await
            .contains(&"01:00".to_owned())
    );
}

#[tokio::test]
async fn a_lead_time_that_ends_on_the_day_of_the_change_is_not_off_by_an_hour() {
    let database = TestDatabase::shared(
        "America/New_York",
        r#"{"lead_minutes": 10080, "hours": {"sunday": [{"open": "08:00", "close": "18:00"}]}}"#,
    )
    .await;

    // Seven days of 24 hours before 09:00 Eastern Standard Time on 1 November.
    assert_eq!(
        free(&database, "2026-10-25T14:00:00Z", "2026-11-01")
            .await
            .first()
            .unwrap(),
        "09:00"
    );
}

#[tokio::test]
async fn zones_without_a_change_and_with_odd_minutes_are_right() {
    for (zone, now) in [
        ("America/Phoenix", "2026-11-24T17:00:00Z"),
        ("America/Puerto_Rico", "2026-11-24T14:00:00Z"),
        ("Asia/Kolkata", "2026-11-24T04:30:00Z"),
        ("Asia/Kathmandu", "2026-11-24T04:15:00Z"),
    ] {
        // It is 10:00 in each of them; with an hour of lead time the first slot is at 11:00.
        let database = TestDatabase::shared(zone, "{}").await;
        assert_eq!(
            free(&database, now, "2026-11-24").await.first().unwrap(),
            "11:00",
            "{zone}"
        );
    }
}

#[tokio::test]
async fn the_nights_when_new_york_changes_its_clocks_are_whole_where_the_clocks_stand() {
    for zone in [
        "America/Phoenix",
        "America/Puerto_Rico",
        "Asia/Kolkata",
        "Asia/Kathmandu",
    ] {
        let database = TestDatabase::shared(zone, EVERY_NIGHT).await;
        for sunday in ["2026-03-08", "2026-11-01", "2027-03-14", "2027-11-07"] {
            assert_eq!(
                free(&database, "2026-01-05T12:00:00Z", sunday).await,
                [
                    "00:00", "01:00", "02:00", "03:00", "04:00", "05:00", "22:00", "23:00"
                ],
                "{zone} {sunday}"
            );
        }
    }
}

#[tokio::test]
async fn an_impossible_length_is_a_clear_error() {
    let database = TestDatabase::shared("America/Denver", "{}").await;

    for minutes in ["0", "-5", "481", "null"] {
        let refused = database
            .try_run(&format!(
                "select get_available_time_slots('{ID}', '2026-12-01', {minutes})"
            ))
            .await
            .unwrap_err();
        assert_eq!(refused.code, "22023");
        assert!(
            refused.message.contains("between 1 and 480") && refused.message.contains(minutes),
            "{}",
            refused.message
        );
    }
    let unknown = database
        .try_run(
            "select get_available_time_slots('0f0f0f0f-0000-4000-8000-000000000009', '2026-12-01')",
        )
        .await
        .unwrap_err();
    assert_eq!(unknown.message, "organization not found");
}

#[tokio::test]
async fn an_appointment_longer_than_every_window_has_no_slot() {
    let database = TestDatabase::shared(
        "America/Denver",
        r#"{"hours": {"tuesday": [{"open": "08:00", "close": "10:00"}]}}"#,
    )
    .await;

    assert!(
        starts(&database, "2026-11-23T15:00:00Z", "2026-12-01", 180, false)
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn settings_that_were_never_checked_cannot_stop_the_search() {
    let database = TestDatabase::with_organization("America/Denver", "{}").await;
    database
        .run(
            r#"alter table organizations disable trigger check_organization;
               update organizations set settings = '{"hours": {"tuesday": "always", "wednesday": [{"open": 8}, 7, null]},
                   "capacity": "three", "lead_minutes": -1, "horizon_days": 1e9, "step_minutes": 0, "buffer_after_minutes": {}}'"#,
        )
        .await;
    assert_eq!(
        free(&database, "2026-11-23T15:00:00Z", "2026-12-01")
            .await
            .len(),
        10
    );

    for settings in ["null", "'[]'", "'7'", "'null'"] {
        database
            .run(&format!("update organizations set settings = {settings}"))
            .await;
        assert_eq!(
            free(&database, "2026-11-23T15:00:00Z", "2026-12-01")
                .await
                .len(),
            10,
            "{settings}"
        );
    }
}

#[tokio::test]
async fn a_transaction_bound_to_one_organization_sees_no_slots_of_another() {
    let database = TestDatabase::with_organization("America/Denver", "{}").await;

    let refused = database
        .try_run(&format!(
            "begin;
             select set_config('frontdesk.organization_id', '0f0f0f0f-0000-4000-8000-000000000002', true);
             select get_available_time_slots('{ID}', '2026-12-01');"
        ))
        .await
        .unwrap_err();

    assert_eq!(refused.code, "42501");
}

#[tokio::test]
async fn every_slot_that_is_free_can_be_booked_and_is_then_gone() {
    let database = TestDatabase::shared(
        "America/New_York",
        r#"{"capacity": 2, "step_minutes": 45, "buffer_after_minutes": 10, "lead_minutes": 0, "horizon_days": 730,
            "hours": {"saturday": [{"open": "20:00", "close": "07:00"}], "sunday": [{"open": "09:00", "close": "15:00"}]}}"#,
    )
    .await;
    let now = "2026-01-05T12:00:00Z";

    for (day, minutes) in [("2026-03-08", 50), ("2026-11-01", 45), ("2026-06-07", 90)] {
        let mut offered = 0;
        loop {
            let free = starts(&database, now, day, minutes, true).await;
            let Some(first) = free.first() else {
                break;
            };
            let outcome: String = database
                .value(&format!(
                    "select b.outcome
                     from (select set_config('frontdesk.now', '{now}', false)) as clock,
                          lateral private.book_appointment('{ID}', null, 'Someone', '+13035550199', '{day}', '{first}',
                              {minutes}, 'repair', null, null, 'en', null, null) as b"
                ))
                .await;
            assert_eq!(outcome, "booked", "{day} {first}");
            offered += 1;
            let left = starts(&database, now, day, minutes, true).await;
            assert!(left.len() <= free.len(), "booking frees nothing");
        }
        assert!(offered > 5, "{day}: {offered}");
    }
    let closer_than_the_gap: i64 = database
        .value(
            "select count(*) from appointments as a join appointments as b
             on a.crew = b.crew and a.id < b.id
             where tsrange(lower(a.busy) - interval '10 minutes', upper(a.busy) + interval '10 minutes') && b.busy",
        )
        .await;
    assert_eq!(closer_than_the_gap, 0);
}

#[tokio::test]
async fn the_gap_between_appointments_is_real_time_when_the_clocks_skip_an_hour_in_it() {
    let database = TestDatabase::shared(
        "America/New_York",
        r#"{"horizon_days": 730, "lead_minutes": 0, "step_minutes": 30, "buffer_after_minutes": 60,
            "hours": {"sunday": [{"open": "00:00", "close": "06:00"}]}}"#,
    )
    .await;
    appointment(&database, "2026-03-08", "00:30", 60).await;

    // The appointment ends at 01:30, half an hour before the clocks go from 02:00 to 03:00: the hour's gap ends at 03:30.
    assert_eq!(
        free(&database, "2026-01-05T12:00:00Z", "2026-03-08").await,
        ["03:30", "04:00", "04:30", "05:00"]
    );
}
