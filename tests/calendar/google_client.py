"""Drives the Google of the tests with Google's own Python client. Arguments: where the API is, where tokens come from, the client's id and
secret, a refresh token.

    pip install google-api-python-client google-auth
"""

import os
import sys
import urllib.parse

# The client takes plain HTTP from nobody else.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

import googleapiclient.discovery
import googleapiclient.errors
import google.auth.transport.requests
import google.oauth2.credentials
import httplib2
from google_auth_httplib2 import AuthorizedHttp

api_url, token_url, client_id, client_secret, refresh_token = sys.argv[1:]
CALENDAR = "owner@example.test"
FIELDS = "items(id,etag,status,start,end,transparency),nextPageToken,nextSyncToken"

credentials = google.oauth2.credentials.Credentials(
    None, refresh_token=refresh_token, token_uri=token_url, client_id=client_id, client_secret=client_secret
)
service = googleapiclient.discovery.build(
    "calendar",
    "v3",
    http=AuthorizedHttp(credentials, http=httplib2.Http()),
    static_discovery=True,
    client_options={"api_endpoint": api_url},
)
events = service.events()


def refused(request):
    """The status and the reason of a refusal."""
    try:
        request.execute()
    except googleapiclient.errors.HttpError as error:
        return error.resp.status, error.error_details[0]["reason"]
    raise AssertionError("it is not refused")


def listed(**parameters):
    """All pages of a list, and the cursor."""
    found, request = [], events.list(calendarId=CALENDAR, singleEvents=True, showDeleted=True, **parameters)
    while request is not None:
        page = request.execute()
        found += page.get("items", [])
        cursor = page.get("nextSyncToken")
        assert (cursor is None) == ("nextPageToken" in page), page
        request = events.list_next(request, page)
    return found, cursor


def changed(event, body):
    request = events.patch(calendarId=CALENDAR, eventId=event["id"], sendUpdates="none", body=body)
    request.headers["If-Match"] = event["etag"]
    return request


# Calendars.
calendars = service.calendarList().list().execute()["items"]
assert [(known["id"], known["accessRole"], known["primary"]) for known in calendars] == [(CALENDAR, "owner", True)]

# Insert, and what may not be inserted.
at = {"dateTime": "2026-12-01T10:00:00-07:00", "timeZone": "America/Denver"}
until = {"dateTime": "2026-12-01T11:00:00-07:00", "timeZone": "America/Denver"}
body = {"id": "abcde01234", "summary": "One", "start": at, "end": until}
made = events.insert(calendarId=CALENDAR, sendUpdates="none", body=body).execute()
assert made["id"] == "abcde01234" and made["status"] == "confirmed" and made["etag"], made
assert refused(events.insert(calendarId="primary", body=body)) == (409, "duplicate")
assert refused(events.insert(calendarId=CALENDAR, body={**body, "id": "xyz"})) == (400, "invalid")
assert refused(events.insert(calendarId=CALENDAR, body={**body, "id": "abcde0", "start": until, "end": at})) == (400, "timeRangeEmpty")
assert refused(events.insert(calendarId="nobody", body=body)) == (404, "notFound")

# Pages and cursors.
for number in range(4):
    day = {"start": {"date": f"2026-12-0{number + 2}"}, "end": {"date": f"2026-12-0{number + 3}"}}
    events.insert(calendarId=CALENDAR, body={"summary": "Day", **day}).execute()
window = {"timeMin": "2026-12-01T00:00:00-07:00", "timeMax": "2026-12-05T00:00:00-07:00"}
found, cursor = listed(maxResults=2, **window)
assert len(found) == 4, found
found, _ = listed(maxResults=2, fields=FIELDS, **window)
assert all("summary" not in event for event in found), found
assert listed(syncToken=cursor)[0] == []
assert refused(events.list(calendarId=CALENDAR, singleEvents=True, showDeleted=True, syncToken=cursor, **window)) == (400, "invalid")

# Change, with and without the right version.
moved = changed(made, {"start": {"dateTime": "2026-12-01T10:30:00-07:00"}}).execute()
assert moved["etag"] != made["etag"] and moved["summary"] == "One", moved
assert moved["start"]["timeZone"] == "America/Denver", moved
assert refused(changed(made, {"summary": "Two"})) == (412, "conditionNotMet")
assert refused(changed(moved, {"start": {"date": "2026-12-01"}})) == (400, "required")
found, cursor = listed(syncToken=cursor)
assert [event["id"] for event in found] == ["abcde01234"], found

# Channels.
channel = {"id": "channel", "type": "web_hook", "address": "https://calls.example.test/push", "token": "known"}
opened = events.watch(calendarId=CALENDAR, body=channel).execute()
assert int(opened["expiration"]) > 0 and opened["resourceId"], opened
assert refused(events.watch(calendarId=CALENDAR, body=channel)) == (400, "channelIdNotUnique")
stopped = {"id": "channel", "resourceId": opened["resourceId"]}
service.channels().stop(body=stopped).execute()
assert refused(service.channels().stop(body=stopped)) == (404, "notFound")

# Delete: the id stays taken.
events.delete(calendarId=CALENDAR, eventId=made["id"], sendUpdates="none").execute()
assert refused(events.delete(calendarId=CALENDAR, eventId=made["id"])) == (410, "deleted")
assert events.get(calendarId=CALENDAR, eventId=made["id"]).execute()["status"] == "cancelled"
assert refused(events.insert(calendarId=CALENDAR, body=body)) == (409, "duplicate")
found, _ = listed(syncToken=cursor)
assert [(event["id"], event["status"]) for event in found] == [("abcde01234", "cancelled")], found

# Revoke: no refresh is taken any more.
form = urllib.parse.urlencode({"token": refresh_token})
answer, _ = httplib2.Http().request(
    token_url.rsplit("/", 1)[0] + "/revoke", "POST", form, {"content-type": "application/x-www-form-urlencoded"}
)
assert answer.status == 200, answer
try:
    credentials.refresh(google.auth.transport.requests.Request())
    raise AssertionError("it is refreshed")
except google.auth.exceptions.RefreshError as error:
    assert "invalid_grant" in str(error), error
print("passed")
