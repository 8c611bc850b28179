"""Writes what recurring-ical-events makes of the calendars in fixtures/calendar, and of generated ones, for tests of the reader.

    python3 -m venv /tmp/oracle && /tmp/oracle/bin/pip install recurring-ical-events==3.8.2 icalendar==7.3.2 tzdata==2026.6
    /tmp/oracle/bin/python tests/calendar/oracle.py

The tests themselves run without it.
"""

import json
import random
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

FOLDER = Path(__file__).parents[2] / "fixtures/calendar"
ZONE = "America/Denver"
FIRST, LAST = date(2026, 10, 1), date(2026, 11, 30)


def written(moment):
    if isinstance(moment, datetime):
        return moment.astimezone(timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    return moment.strftime("%Y%m%d")


def busy(event):
    status = str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper()
    return str(event.get("TRANSP", "")).upper() != "TRANSPARENT" and status not in ("FREE", "WORKINGELSEWHERE")


def answer(text):
    calendar = icalendar.Calendar.from_ical(text)
    own = ZoneInfo(ZONE)
    window = str(calendar.get("X-WINDOW", f"{FIRST:%Y%m%d}/{LAST:%Y%m%d}")).split("/")
    first, last = (datetime.strptime(day, "%Y%m%d").date() for day in window)
    begin = datetime.combine(first, time(), own)
    end = datetime.combine(last + timedelta(days=1), time(), own)
    found = []
    for event in recurring_ical_events.of(calendar).between(first - timedelta(days=4), last + timedelta(days=5)):
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            continue
        start, stop = event.start, event.end
        if isinstance(start, datetime):
            start = (start if start.tzinfo else start.replace(tzinfo=own)).astimezone(timezone.utc)
            stop = (stop if stop.tzinfo else stop.replace(tzinfo=own)).astimezone(timezone.utc)
            inside = start < end and (stop > begin or start == stop >= begin)
        else:
            inside = start <= last and stop > first
        if inside:
            found.append([written(start), written(stop), busy(event) and start != stop])
    return {"first": f"{first}", "last": f"{last}", "zone": ZONE, "events": sorted(found)}


def generated(seed):
    """A calendar with one series and exceptions of it."""
    chance = random.Random(seed)
    all_day = chance.random() < 0.2
    tzid = chance.choice(["America/Denver", "Europe/Berlin", "Asia/Kolkata", "Australia/Sydney", "America/St_Johns", "UTC", ""])
    begins = datetime(2026, 7, 1, chance.choice([1, 2, 9, 14, 23]), chance.choice([0, 15, 30])) + timedelta(days=chance.randrange(110))
    length = timedelta(days=chance.choice([1, 2])) if all_day else timedelta(minutes=chance.choice([15, 60, 90, 600]))

    def point(name, moment):
        if all_day:
            return f"{name};VALUE=DATE:{moment:%Y%m%d}"
        if tzid == "UTC":
            return f"{name}:{moment:%Y%m%dT%H%M%S}Z"
        return f"{name}{';TZID=' + tzid if tzid else ''}:{moment:%Y%m%dT%H%M%S}"

    def event(*lines):
        return ["BEGIN:VEVENT", f"UID:{seed}", "DTSTAMP:20260901T000000Z", *lines, "END:VEVENT"]

    frequency = chance.choice(["DAILY", "DAILY", "WEEKLY", "WEEKLY", "WEEKLY", "MONTHLY", "MONTHLY", "YEARLY"])
    days = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
    own_day = days[begins.weekday()]
    rule = [f"FREQ={frequency}"]
    if chance.random() < 0.4 and frequency != "YEARLY":
        rule.append(f"INTERVAL={chance.choice([2, 3])}")
    if frequency in ("DAILY", "WEEKLY") and chance.random() < 0.6:
        rule.append("BYDAY=" + ",".join(sorted({own_day, *chance.sample(days, 2)}, key=days.index)))
    if frequency == "MONTHLY" and chance.random() < 0.7:
        rule.append(
            chance.choice(
                [
                    f"BYDAY={(begins.day - 1) // 7 + 1}{own_day}",
                    f"BYMONTHDAY={begins.day},28",
                    f"BYDAY={own_day},{days[(begins.weekday() + 2) % 7]};BYSETPOS={chance.choice([1, 2, -1])}",
                    "BYMONTHDAY=-1",
                ]
            )
        )
    if frequency == "YEARLY" and chance.random() < 0.7:
        rule.append(f"BYMONTH={begins.month},10,11")
    if chance.random() < 0.3:
        rule.append(f"WKST={chance.choice(['SU', 'MO'])}")
    end = chance.random()
    if end < 0.3:
        rule.append(f"COUNT={chance.randrange(2, 30)}")
    elif end < 0.6:
        last = begins + timedelta(days=chance.randrange(20, 120))
        if all_day:
            rule.append(f"UNTIL={last:%Y%m%d}")
        elif tzid:
            moment = last.replace(tzinfo=ZoneInfo(tzid)).astimezone(timezone.utc)
            rule.append(f"UNTIL={moment:%Y%m%dT%H%M%S}Z")
        else:
            rule.append(f"UNTIL={last:%Y%m%dT%H%M%S}")
    lines = [point("DTSTART", begins), point("DTEND", begins + length), "RRULE:" + ";".join(rule)]
    body = []
    # Exceptions are of times that the series has, as its own library says.
    plain = "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *event(*lines), "END:VCALENDAR"])
    times = [
        each.start if all_day else each.start.replace(tzinfo=None)
        for each in recurring_ical_events.of(icalendar.Calendar.from_ical(plain)).between(begins.date() - timedelta(days=2), date(2026, 12, 5))
    ]
    times = [each for each in times if isinstance(each, date)]
    chance.shuffle(times)
    for number, each in enumerate(times[: chance.randrange(4)]):
        moment = each if isinstance(each, datetime) else datetime.combine(each, time())
        if chance.random() < 0.5:
            lines.append(point("EXDATE", moment))
        else:
            moved = moment + timedelta(days=chance.randrange(-3, 9), hours=0 if all_day else chance.randrange(-1, 3))
            body += event(
                point("RECURRENCE-ID", moment),
                f"SEQUENCE:{chance.randrange(3)}",
                point("DTSTART", moved),
                point("DTEND", moved + length * chance.choice([1, 1, 2])),
                *chance.choice([[], [], ["STATUS:CANCELLED"], ["TRANSP:TRANSPARENT"]]),
            )
    body = event(*lines) + body
    return "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//frontdesk//{seed}//EN", *body, "END:VCALENDAR", ""])


def main():
    answers = {file.stem: answer(file.read_text()) for file in sorted(FOLDER.glob("*.ics"))}
    rows = [f"{json.dumps(name)}: {json.dumps(found)}" for name, found in answers.items()]
    (FOLDER / "answers.json").write_text("{\n" + ",\n".join(rows) + "\n}\n")
    calendars = [generated(seed) for seed in range(200)]
    lines = [json.dumps({"ics": text, **answer(text)}) for text in calendars]
    (FOLDER / "generated.json").write_text("[\n" + ",\n".join(lines) + "\n]\n")


main()
