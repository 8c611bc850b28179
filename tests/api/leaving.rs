//! Data that leaves: an organization that is exported, imported and deleted, and a customer who is forgotten.

mod delete;
mod export;
mod forget;
mod forget_reach;
mod story;
