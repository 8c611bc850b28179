//! Calendars that are kept elsewhere: what is busy there is not offered, and appointments appear, move and vanish there. The provider is a real
//! CalDAV server, or the Google of the tests.

mod away;
mod crews;
mod follows;
mod google;
mod hostile;
mod kinds;
mod outlook;
mod outward;
mod privacy;
mod reads;
mod sync;
mod tenants;
mod writes;
mod zones;
