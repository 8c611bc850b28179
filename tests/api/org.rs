//! `frontdesk org`, as an operator uses it day to day.

mod contacts;
mod invitations;
mod members;
mod naming;
mod rules;
mod services;
mod settings;
mod show;
mod special_days;
