"""Drives the Microsoft of the tests with Microsoft's own Python client. Arguments: where the API is, an access token.

    pip install msgraph-sdk
"""

import asyncio
import datetime
import sys

from kiota_abstractions.authentication import AuthenticationProvider
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_abstractions.headers_collection import HeadersCollection
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone
from msgraph.generated.models.event import Event
from msgraph.generated.models.free_busy_status import FreeBusyStatus
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.single_value_legacy_extended_property import SingleValueLegacyExtendedProperty
from msgraph.generated.models.subscription import Subscription
from msgraph.generated.users.item.calendars.item.calendar_view.calendar_view_request_builder import (
    CalendarViewRequestBuilder,
)
from msgraph.generated.users.item.calendars.item.events.events_request_builder import EventsRequestBuilder

api_url, token = sys.argv[1:]
CALENDAR = "AQMkCalendar="
PROPERTY = "String {5f2b6b0e-6a0d-4d0f-9d5e-3c1f6f0b7a11} Name another"


class Token(AuthenticationProvider):
    async def authenticate_request(self, request, additional_authentication_context=None):
        request.headers.add("Authorization", f"Bearer {token}")


adapter = GraphRequestAdapter(Token())
adapter.base_url = api_url
me = GraphServiceClient(request_adapter=adapter).me


def preferring(parameters=None):
    headers = HeadersCollection()
    headers.add("Prefer", 'IdType="ImmutableId"')
    headers.add("Prefer", 'outlook.timezone="UTC"')
    return RequestConfiguration(headers=headers, query_parameters=parameters)


async def refused(request):
    """The status and the code of a refusal."""
    try:
        await request
    except ODataError as error:
        return error.response_status_code, error.error.code
    raise AssertionError("it is not refused")


def at(hour):
    return DateTimeTimeZone(date_time=f"2026-12-01T{hour:02}:00:00", time_zone="UTC")


async def main():
    calendars = (await me.calendars.get(preferring())).value
    assert [(known.id, known.is_default_calendar, known.can_edit) for known in calendars] == [(CALENDAR, True, True)]
    calendar = me.calendars.by_calendar_id(CALENDAR)

    # Create, and again with the same transaction id.
    body = Event(
        subject="One",
        start=at(10),
        end=at(11),
        show_as=FreeBusyStatus.Tentative,
        transaction_id="one",
        single_value_extended_properties=[SingleValueLegacyExtendedProperty(id=PROPERTY, value="1")],
    )
    made = await calendar.events.post(body, preferring())
    assert made.id and made.change_key and made.show_as == FreeBusyStatus.Tentative, made
    assert (await calendar.events.post(body, preferring())).id == made.id
    other = Event(subject="Two", start=at(12), end=at(11))
    assert await refused(calendar.events.post(other, preferring())) == (400, "ErrorPropertyValidationFailure")
    for hour in range(11, 23):
        await calendar.events.post(Event(subject="More", start=at(hour), end=at(hour + 1)), preferring())

    # Pages: ten entries unless more are asked for.
    View = CalendarViewRequestBuilder.CalendarViewRequestBuilderGetQueryParameters
    window = View(start_date_time="2026-12-01T00:00:00Z", end_date_time="2026-12-02T00:00:00Z", select=["id", "start", "showAs"])
    page = await calendar.calendar_view.get(preferring(window))
    assert len(page.value) == 10 and page.odata_next_link and page.value[0].subject is None, page
    rest = await calendar.calendar_view.with_url(page.odata_next_link).get(preferring())
    assert len(rest.value) == 3 and rest.odata_next_link is None, rest

    # Found by its property.
    Filter = EventsRequestBuilder.EventsRequestBuilderGetQueryParameters
    text = f"singleValueExtendedProperties/Any(ep: ep/id eq '{PROPERTY}' and ep/value eq '1')"
    found = await calendar.events.get(preferring(Filter(filter=text)))
    assert [event.id for event in found.value] == [made.id], found

    # Change and delete.
    event = calendar.events.by_event_id(made.id)
    changed = await event.patch(Event(start=at(9)), preferring())
    assert changed.change_key != made.change_key and changed.subject == "One", changed
    await event.delete(preferring())
    assert await refused(event.get(preferring())) == (404, "ErrorItemNotFound")

    # Subscriptions.
    until = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)
    asked = Subscription(
        change_type="created,updated,deleted",
        resource=f"/me/calendars/{CALENDAR}/events",
        notification_url="https://calls.example.test/push",
        lifecycle_notification_url="https://calls.example.test/lifecycle",
        client_state="known",
        expiration_date_time=until,
    )
    subscriptions = GraphServiceClient(request_adapter=adapter).subscriptions
    made = await subscriptions.post(asked, preferring())
    assert made.id and made.expiration_date_time <= until, made
    subscription = subscriptions.by_subscription_id(made.id)
    renewed = await subscription.patch(Subscription(expiration_date_time=until + datetime.timedelta(days=9)), preferring())
    assert renewed.expiration_date_time < until + datetime.timedelta(days=9), renewed
    await subscription.delete(preferring())
    assert await refused(subscription.delete(preferring())) == (404, "ResourceNotFound")


asyncio.run(main())
print("passed")
