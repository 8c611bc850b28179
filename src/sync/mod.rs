//! Linked calendars: which there are, when they are busy, what of ours stands in them, and what somebody made of it there.
