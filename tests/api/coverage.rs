//! `private.coverage`: who is on call when. The rule is asked at the instants at which its answer can change; here it is asked at
//! many others, and must say the same.

use std::fmt::Write as _;

use crate::support::TestDatabase;

const ID: &str = "0f0f0f0f-0000-4000-8000-000000000001";

/// The stretches between two instants, as `from..until: source names`, on the organization's clock with its offset to UTC.
async fn stretches(database: &TestDatabase, from: &str, until: &str) -> Vec<String> {
    database
        .column(&format!(
            "select format(
                 '%s..%s %s %s',
                 private_clock(c.starts_at), private_clock(c.ends_at), c.source,
                 (select string_agg(e.name, '+' order by n.turn)
                  from unnest(c.contact_ids) with ordinality as n (id, turn) join emergency_contacts as e on e.id = n.id)
             )
             from private.coverage('{ID}', '{from}', '{until}') as c"
        ))
        .await
}

/// An organization in this zone, with contacts as `(name, days, hours, others)`.
async fn organization(zone: &str, contacts: &[(&str, &str, &str, &str)]) -> TestDatabase {
    let database = TestDatabase::with_organization(zone, "{}").await;
    let mut entries = format!(
        "create function private_clock(at timestamptz) returns text language sql as $$
             select to_char(at at time zone '{zone}', 'DD HH24:MI')
                 || to_char((at at time zone '{zone}') - (at at time zone 'UTC'), 'HH24')
         $$;"
    );
    for (turn, (name, days, hours, primary)) in contacts.iter().enumerate() {
        let (start, end) = hours.split_once('-').map_or_else(
            || ("null".to_owned(), "null".to_owned()),
            |(start, end)| (format!("'{start}'"), format!("'{end}'")),
        );
        write!(
            entries,
            "insert into emergency_contacts
                 (organization_id, name, phone, priority, available_days, available_hours_start, available_hours_end, is_primary)
             values ('{ID}', '{name}', '+13035550103', {turn} + 1, {days}, {start}, {end}, {primary});"
        )
        .unwrap();
    }
    database.run(&entries).await;
    database
}

#[tokio::test]
async fn an_overnight_shift_of_one_day_is_one_stretch_over_midnight() {
    let database = organization(
        "America/Denver",
        &[
            ("Night", "'{friday}'", "18:00-08:00", "false"),
            ("Owner", "'{}'", "", "true"),
        ],
    )
    .await;

    // Friday, 27 November 2026, noon, to Monday.
    assert_eq!(
        stretches(&database, "2026-11-27T19:00Z", "2026-11-30T19:00Z").await,
        [
            "27 12:00-07..27 18:00-07 primary_contact Owner",
            "27 18:00-07..28 08:00-07 on_call Night",
            "28 08:00-07..30 12:00-07 primary_contact Owner",
        ]
    );
}

#[tokio::test]
async fn shifts_go_over_the_end_of_a_year_and_meet_in_order() {
    let database = organization(
        "America/Denver",
        &[
            ("Night", "null", "18:00-08:00", "false"),
            ("Early", "'{friday}'", "07:00-09:00", "false"),
        ],
    )
    .await;

    assert_eq!(
        stretches(&database, "2026-12-31T19:00Z", "2027-01-01T19:00Z").await,
        [
            "31 12:00-07..31 18:00-07 nobody ",
            "31 18:00-07..01 07:00-07 on_call Night",
            "01 07:00-07..01 08:00-07 on_call Night+Early",
            "01 08:00-07..01 09:00-07 on_call Early",
            "01 09:00-07..01 12:00-07 nobody ",
        ]
    );
}

#[tokio::test]
async fn the_night_when_the_clocks_go_forward_is_an_hour_shorter_and_has_no_gap() {
    let contacts = [
        ("Night", "null", "22:00-06:00", "false"),
        ("Day", "null", "06:00-22:00", "false"),
        // A shift that starts in the hour that the clocks skip.
        ("Second", "null", "02:30-03:30", "false"),
    ];
    let database = organization("America/New_York", &contacts).await;

    assert_eq!(
        stretches(&database, "2026-03-08T02:00Z", "2026-03-08T14:00Z").await,
        [
            "07 21:00-05..07 22:00-05 on_call Day",
            "07 22:00-05..08 03:00-04 on_call Night",
            "08 03:00-04..08 03:30-04 on_call Night+Second",
            "08 03:30-04..08 06:00-04 on_call Night",
            "08 06:00-04..08 10:00-04 on_call Day",
        ]
    );
}

#[tokio::test]
async fn the_hour_that_comes_twice_counts_twice() {
    let contacts = [
        ("Night", "null", "22:00-06:00", "false"),
        ("Second", "null", "01:30-02:00", "false"),
    ];
    let database = organization("America/New_York", &contacts).await;

    assert_eq!(
        stretches(&database, "2026-11-01T04:00Z", "2026-11-01T12:00Z").await,
        [
            "01 00:00-04..01 01:30-04 on_call Night",
            "01 01:30-04..01 01:00-05 on_call Night+Second",
            "01 01:00-05..01 01:30-05 on_call Night",
            "01 01:30-05..01 02:00-05 on_call Night+Second",
            "01 02:00-05..01 06:00-05 on_call Night",
            "01 06:00-05..01 07:00-05 nobody ",
        ]
    );
}

#[tokio::test]
async fn where_nobody_is_on_call_it_is_said_whom_it_falls_to() {
    let database = organization(
        "America/Denver",
        &[
            ("Owner", "'{}'", "", "true"),
            ("Day", "null", "08:00-17:00", "false"),
        ],
    )
    .await;
    let night = async || {
        stretches(&database, "2026-11-24T01:00Z", "2026-11-24T02:00Z")
            .await
            .concat()
    };
    assert_eq!(
        night().await,
        "23 18:00-07..23 19:00-07 primary_contact Owner"
    );

    database
        .run("update emergency_contacts set is_primary = false")
        .await;
    assert_eq!(night().await, "23 18:00-07..23 19:00-07 nobody ");

    database
        .run("update organizations set emergency_contact_phone = '+13035550102'")
        .await;
    assert_eq!(
        night().await,
        "23 18:00-07..23 19:00-07 organization_phone "
    );
}

#[tokio::test]
async fn the_rules_clock_stands_as_it_stood() {
    let database = organization("America/Denver", &[("Day", "null", "08:00-17:00", "false")]).await;

    for now in ["2026-11-24T01:00:00Z", ""] {
        let after: String = database
            .value(&format!(
                "select (select count(*) from private.coverage('{ID}', '2026-11-24Z', '2026-12-24Z'))
                     || current_setting('frontdesk.now', true)
                 from (select set_config('frontdesk.now', '{now}', false)) as clock"
            ))
            .await;
        assert_eq!(after, format!("60{now}"));
    }
}

/// Eight contacts of every kind, at random.
const CONTACTS: &str = "
    insert into emergency_contacts (
        organization_id, name, phone, priority, is_primary, is_active, available_days, available_hours_start, available_hours_end
    )
    select
        id, 'Contact ' || n, '+13035550103', 1 + floor(random() * 3), random() < 0.2, random() < 0.8,
        case when random() < 0.7 then (
            select coalesce(array_agg(d), '{}')
            from unnest('{monday,tuesday,wednesday,thursday,friday,saturday,sunday}'::text[]) as d
            where random() < 0.4 and n > 0
        ) end,
        case when random() < 0.8 then time '00:00' + floor(random() * 96) * interval '15 minutes' end,
        case when random() < 0.8 then time '00:00' + floor(random() * 96) * interval '15 minutes' end
    from organizations, generate_series(1, 8) as n";

/// The instants at which a stretch does not say what the rule says: random ones, every other on a quarter of an hour, and the first
/// and the last of each stretch. Stretches that do not meet, or that are one, are found too.
const DIFFERING: &str = "
    create function differing(org_id uuid, from_at timestamptz, until_at timestamptz) returns setof text language plpgsql as $$
    declare
        tried timestamptz;
        covered record;
        asked text;
    begin
        create temporary table stretches on commit drop as
        select c.*, lag(c.ends_at) over w as ended_at, lag(c.source) over w as source_before, lag(c.contact_ids) over w as ids_before
        from private.coverage(org_id, from_at, until_at) as c window w as (order by c.starts_at);
        return query
        select format('%s follows %s', s.starts_at, s.ended_at) from stretches as s
        where coalesce(s.ended_at, from_at) <> s.starts_at or (s.source, s.contact_ids) = (s.source_before, s.ids_before);
        for tried in
            select case when n % 2 = 0 then r.instant else date_bin('15 minutes', r.instant, from_at) end
            from generate_series(1, 400) as n, lateral (select from_at + random() * (until_at - from_at) as instant where n > 0) as r
            union all
            select unnest(array[s.starts_at, s.ends_at - interval '1 microsecond']) from stretches as s
        loop
            perform set_config('frontdesk.now', tried::text, true);
            select coalesce(
                (select 'on_call' || array_agg(c.id order by c.ordinality)::text
                 from private.on_call_contacts(org_id) with ordinality as c),
                (select concat(c.metadata ->> 'on_call_source', array_remove(array[c.id], null))
                 from get_on_call_contact(org_id, 'high') as c)
            ) into asked;
            select count(*) as found, min(replace(s.source, 'nobody', '') || s.contact_ids::text) as said into covered
            from stretches as s where tried >= s.starts_at and tried < s.ends_at;
            if (covered.found, covered.said) is distinct from (1::bigint, asked) then
                return next format('%s: %s, not %s', tried, covered, asked);
            end if;
        end loop;
        drop table stretches;
    end
    $$";

#[tokio::test]
async fn at_random_instants_it_says_what_the_rule_says() {
    for (seed, zone) in [
        "America/New_York",
        "Australia/Lord_Howe", // changes by half an hour
        "Antarctica/Troll",    // changes by two hours
        "America/Santiago",    // changes at midnight
        "Asia/Kathmandu",      // never changes, and is off by a quarter of an hour
    ]
    .into_iter()
    .enumerate()
    {
        let database = TestDatabase::with_organization(zone, "{}").await;
        let client = database.connect().await;
        client
            .batch_execute(&format!(
                "select setseed(0.{seed}); {CONTACTS}; {DIFFERING}"
            ))
            .await
            .unwrap();
        // Each holds a change of the clocks in the zones that have any.
        for (from, until) in [("2026-02-20", "2026-04-20"), ("2026-09-01", "2026-11-10")] {
            let differing: Vec<String> = client
                .query(
                    &format!("select differing('{ID}', '{from} 12:34:56Z', '{until}Z')"),
                    &[],
                )
                .await
                .unwrap()
                .iter()
                .map(|row| row.get(0))
                .collect();
            assert_eq!(differing, Vec::<String>::new(), "{zone}");
        }
    }
}
