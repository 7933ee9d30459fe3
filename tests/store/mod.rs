//! The store, and what intake and the jobs make of it: each story is told on both engines.

/// Makes a test of each story for SQLite and for PostgreSQL; a story is an `async fn(Engine)`.
macro_rules! on_both_engines {
    ($($story:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                super::$story($crate::store::database::Engine::Sqlite).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                super::$story($crate::store::database::Engine::Postgres).await;
            })+
        }
    };
}

mod backtest;
mod buyers;
mod concurrency;
mod customer_base;
pub(crate) mod database;
mod departures;
mod digests;
mod fairs;
mod follow_ups;
mod forwards;
mod identity;
mod leases;
mod ledger;
mod letters;
mod migrations;
mod newsletters;
mod outbox;
mod owners;
mod recording;
mod reminders;
mod reply_ledger;
mod reports;
mod sending;
mod shop;
mod staff_mail;
