//! All SQL and nothing else: one text for two engines.
//!
//! SQLite is the default; PostgreSQL serves when several daemons share the work. A body of sqlx calls is written once
//! and run on whichever engine it is by the macros [`on_pool`] and [`on_tx`]. Writers queue: on SQLite there is one
//! writing connection and every transaction begins IMMEDIATE, on PostgreSQL the row of `sequence` is locked first.

#![allow(clippy::disallowed_methods, reason = "this is the room that speaks SQL")]

pub mod backtest;
pub mod briefing;
pub mod buyers;
pub mod campaigns;
mod card;
pub mod customer_base;
pub mod departures;
pub mod digests;
mod fairs;
pub mod follow_ups;
pub mod forwards;
pub mod inquiries;
pub mod intake;
pub mod ledger;
mod lock;
pub mod mails;
mod marks;
pub mod merges;
pub mod newsletters;
pub mod outbox;
pub mod owners;
pub mod reply_ledger;
pub mod reports;
mod restored;
pub mod runs;
pub mod samples;
pub mod sightings;
pub mod staff;
pub mod suppression;

pub use lock::Hold;

use crate::grade::Grounds;
use crate::grading::{self, Reason};
use anyhow::{Context, Result, bail};
use sqlx::migrate::MigrateError;
use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Postgres, Sqlite, Transaction};
use std::str::FromStr;
use std::time::Duration;

/// The connections of one engine.
#[derive(Clone, Debug)]
pub(crate) enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// A transaction that may write.
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// Runs a body with `$c` as the pool of whichever engine it is.
macro_rules! on_pool {
    ($pool:expr, $c:ident => $body:expr) => {
        match &$pool {
            $crate::store::Pool::Sqlite($c) => $body,
            $crate::store::Pool::Postgres($c) => $body,
        }
    };
}

/// Runs a body with `$c` as the connection of whichever engine's transaction it is.
macro_rules! on_tx {
    ($tx:expr, $c:ident => $body:expr) => {
        match $tx {
            $crate::store::Tx::Sqlite(transaction) => {
                let $c = &mut **transaction;
                $body
            }
            $crate::store::Tx::Postgres(transaction) => {
                let $c = &mut **transaction;
                $body
            }
        }
    };
}

/// Inserts rows, many at a time: `insert_rows!(tx, "INSERT INTO t (a, b) ", rows, |b, row| b.push_bind(row.a)…)`.
macro_rules! insert_rows {
    ($tx:expr, $sql:expr, $rows:expr, |$b:ident, $row:ident| $push:expr) => {
        for rows in $rows.chunks($crate::store::ROWS_A_STATEMENT) {
            on_tx!($tx, c => {
                let mut query = sqlx::QueryBuilder::new($sql);
                query.push_values(rows, |mut $b, $row| {
                    $push;
                });
                query.build().execute(c).await?;
            });
        }
    };
}

/// Binds `$values` between parentheses: the right side of IN.
macro_rules! push_in {
    ($query:expr, $values:expr) => {{
        let mut list = $query.separated(", ");
        for value in $values {
            list.push_bind(value);
        }
        $query.push(")");
    }};
}

pub(crate) use {insert_rows, on_pool, on_tx, push_in};

/// Rows of one multi-row INSERT, and values of one IN: far from both engines' limits on bound values.
pub(crate) const ROWS_A_STATEMENT: usize = 100;

static SQLITE_MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES_MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/postgres");

/// The record of everything: mails, buyers, inquiries, planned mail.
#[derive(Clone, Debug)]
pub struct Store {
    reader: Pool,
    writer: Pool,
}

impl Store {
    /// Opens `sqlite://PATH` (made if missing) or `postgres://…` and brings its tables up to date.
    ///
    /// # Errors
    /// The database can't be reached or made, or was written by a newer inquiryd.
    pub async fn open(url: &str) -> Result<Store> {
        let store = Self::connect(url).await?;
        let migrated = match &store.writer {
            Pool::Sqlite(pool) => {
                let _alone = lock::alone(pool.connect_options().get_filename())?;
                SQLITE_MIGRATIONS.run(pool).await
            }
            Pool::Postgres(pool) => POSTGRES_MIGRATIONS.run(pool).await,
        };
        let url = without_password(url);
        match migrated {
            Ok(()) => {
                marks::refresh(&store).await.with_context(|| format!("indexing the buyers of {url}"))?;
                Ok(store)
            }
            Err(MigrateError::VersionMissing(version)) => bail!(
                "the store {url} was written by a newer inquiryd (its tables have version {version}); install that one \
                 again, or restore the copy of the store from before it"
            ),
            Err(error) => Err(error).with_context(|| format!("bringing the tables of {url} up to date")),
        }
    }

    async fn connect(url: &str) -> Result<Store> {
        let what = || format!("opening the store {}", without_password(url));
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options = PgPoolOptions::new().max_connections(8).acquire_timeout(Duration::from_secs(30));
            let pool = Pool::Postgres(options.connect(url).await.with_context(what)?);
            Ok(Store { reader: pool.clone(), writer: pool })
        } else if url.starts_with("sqlite:") {
            connect_sqlite(url).await.with_context(what)
        } else {
            bail!("the store's URL {} is neither sqlite://… nor postgres://…", without_password(url))
        }
    }

    /// Whether there is something to open at all; a PostgreSQL is taken to be there.
    pub fn exists(url: &str) -> bool {
        match SqliteConnectOptions::from_str(url) {
            Ok(options) if url.starts_with("sqlite:") => options.get_filename().exists(),
            _ => true,
        }
    }

    /// Begins a transaction that may write.
    pub(crate) async fn begin(&self) -> Result<Tx> {
        Ok(match &self.writer {
            Pool::Sqlite(pool) => Tx::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await?),
            Pool::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Begins a transaction that reads.
    pub(crate) async fn begin_reading(&self) -> Result<Tx> {
        Ok(match self.reader() {
            Pool::Sqlite(pool) => Tx::Sqlite(pool.begin().await?),
            Pool::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Prepares for writing much to a file that may be small as yet.
    pub(crate) async fn expect_much(&self) -> Result<()> {
        if let Pool::Sqlite(pool) = &self.writer {
            let sql = sqlx::AssertSqlSafe(format!("PRAGMA cache_size = {WIDE_CACHE}"));
            sqlx::query(sql).execute(pool).await?;
        }
        Ok(())
    }

    pub(crate) fn reader(&self) -> &Pool {
        &self.reader
    }

    /// Waits for running statements and closes all connections.
    pub async fn close(&self) {
        on_pool!(self.reader, c => c.close().await);
        on_pool!(self.writer, c => c.close().await);
    }

    /// The value kept under `name`; the first caller's `first` is kept for ever.
    pub async fn setting(&self, name: &str, first: &str) -> Result<String> {
        let mut tx = self.begin().await?;
        on_tx!(&mut tx, c => sqlx::query("INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
            .bind(name).bind(first).execute(c).await?.rows_affected());
        let value: String = on_tx!(&mut tx, c => sqlx::query_scalar("SELECT value FROM setting WHERE name = $1")
            .bind(name).fetch_one(c).await?);
        tx.commit().await?;
        Ok(value)
    }
}

/// Bytes of an SQLite file from which on it is large.
const LARGE: u64 = 256 << 20;

/// In KiB, with SQLite's sign: the inner pages of the indices of a million buyers, so that what a mail asks for costs a page
/// each.
const WIDE_CACHE: &str = "-16000";

async fn connect_sqlite(url: &str) -> Result<Store> {
    let options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(30))
        .pragma("wal_autocheckpoint", "4000");
    // What a statement may have to take back is kept in memory, not in a file made for it.
    let is_large = options.get_filename().metadata().is_ok_and(|file| file.len() > LARGE);
    let cache = if is_large { WIDE_CACHE } else { "-3000" };
    let writing = options.clone().pragma("cache_size", cache).pragma("temp_store", "MEMORY");
    // Two who make one file a WAL at the same time lock each other out, whatever the busy timeout. Where the folder can't be
    // locked, it can't be opened either, and that says why.
    let _alone = lock::alone(options.get_filename()).ok();
    // A file does not hang up: nothing is won by a ping before each statement.
    let pool = || SqlitePoolOptions::new().test_before_acquire(false);
    let writer = pool().max_connections(1).connect_with(writing).await?;
    // Whatever is written empties their caches.
    let reader = pool().max_connections(3).connect_with(options.pragma("cache_size", "-1000")).await?;
    Ok(Store { reader: Pool::Sqlite(reader), writer: Pool::Sqlite(writer) })
}

/// The URL as logs may show it.
pub fn without_password(url: &str) -> String {
    if let Some((base, query)) = url.split_once('?') {
        let shown = query.split('&').map(|part| if part.starts_with("password=") { "password=…" } else { part });
        return format!("{}?{}", without_password(base), shown.collect::<Vec<_>>().join("&"));
    }
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => match url[scheme + 3..at].split_once(':') {
            Some((user, _)) => format!("{}://{user}:…{}", &url[..scheme], &url[at..]),
            None => url.to_owned(),
        },
        _ => url.to_owned(),
    }
}

impl Tx {
    /// Makes everything of this transaction last.
    pub(crate) async fn commit(self) -> Result<()> {
        match self {
            Tx::Sqlite(transaction) => transaction.commit().await?,
            Tx::Postgres(transaction) => transaction.commit().await?,
        }
        Ok(())
    }

    /// The last numbers given out; other writers wait until this transaction ends.
    pub(crate) async fn numbers(&mut self) -> Result<Numbers> {
        let sql = "UPDATE sequence SET mail = mail WHERE id = 1 RETURNING mail, buyer, inquiry, digest";
        Ok(on_tx!(self, c => sqlx::query_as(sql).fetch_one(c).await?))
    }

    /// Records the last numbers given out.
    pub(crate) async fn set_numbers(&mut self, numbers: &Numbers) -> Result<()> {
        let sql = "UPDATE sequence SET mail = $1, buyer = $2, inquiry = $3, digest = $4 WHERE id = 1";
        on_tx!(self, c => sqlx::query(sql).bind(numbers.mail).bind(numbers.buyer).bind(numbers.inquiry)
            .bind(numbers.digest).execute(c).await?.rows_affected());
        Ok(())
    }
}

/// Why an inquiry `i` is graded as it is, as [`grounds`] reads it.
const WHY: &str = "CASE WHEN i.hand_grade IS NULL THEN i.reasons ELSE '' END";

/// Reads what [`WHY`] says.
fn grounds(reasons: &str) -> Grounds {
    if reasons.is_empty() {
        return Grounds::ByHand;
    }
    serde_json::from_str::<Vec<Reason>>(reasons).map(|reasons| grading::grounds(&reasons)).unwrap_or_default()
}

/// The last number given out in each table.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Numbers {
    pub mail: i64,
    pub buyer: i64,
    pub inquiry: i64,
    pub digest: i64,
}

impl Numbers {
    pub(crate) fn next_mail(&mut self) -> i64 {
        self.mail += 1;
        self.mail
    }

    pub(crate) fn next_buyer(&mut self) -> i64 {
        self.buyer += 1;
        self.buyer
    }

    pub(crate) fn next_inquiry(&mut self) -> i64 {
        self.inquiry += 1;
        self.inquiry
    }

    pub(crate) fn next_digest(&mut self) -> i64 {
        self.digest += 1;
        self.digest
    }
}

/// PostgreSQL has no NUL in text, and no person wants one.
pub(crate) fn clean(text: &str) -> String {
    if text.contains('\0') { text.replace('\0', "") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn a_store_url_is_shown_without_its_password() {
        assert_eq!(without_password("postgres://u:s3cr:et@h/db"), "postgres://u:…@h/db");
        assert_eq!(without_password("postgres://u@h/db"), "postgres://u@h/db");
        assert_eq!(without_password("postgres://h/db?password=s3cret&ssl=on"), "postgres://h/db?password=…&ssl=on");
        assert_eq!(without_password("sqlite:///var/lib/x.db"), "sqlite:///var/lib/x.db");
    }
}
