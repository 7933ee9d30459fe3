//! The two engines, and a look into a store past inquiryd.

use crate::support::servers;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row, SqliteConnection};
use std::path::Path;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// The URL of a fresh, empty database; a SQLite file lies in `folder`.
    pub async fn fresh_url(self, folder: &Path) -> String {
        match self {
            Engine::Sqlite => format!("sqlite://{}", folder.join("store.db").display()),
            Engine::Postgres => servers::postgres_database().await,
        }
    }
}

/// A connection of the test's own.
pub enum Database {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Database {
    /// Connects; a SQLite file is made if it isn't there.
    pub async fn connect(url: &str) -> Database {
        if url.starts_with("sqlite:") {
            let url = format!("{url}?mode=rwc");
            Database::Sqlite(SqliteConnection::connect(&url).await.expect("a SQLite file"))
        } else {
            Database::Postgres(PgConnection::connect(url).await.expect("a PostgreSQL database"))
        }
    }

    /// Runs statements without values.
    pub async fn run(&mut self, sql: &str) {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match self {
            Database::Sqlite(connection) => drop(connection.execute(sql).await.expect("valid SQL")),
            Database::Postgres(connection) => drop(connection.execute(sql).await.expect("valid SQL")),
        }
    }

    /// The one number that a query asks for, a BIGINT.
    pub async fn number(&mut self, sql: &str) -> i64 {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match self {
            Database::Sqlite(connection) => connection.fetch_one(sql).await.expect("a row").get(0),
            Database::Postgres(connection) => connection.fetch_one(sql).await.expect("a row").get(0),
        }
    }

    /// The first column of every row, a TEXT.
    pub async fn texts(&mut self, sql: &str) -> Vec<String> {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match self {
            Database::Sqlite(connection) => {
                connection.fetch_all(sql).await.expect("rows").iter().map(|row| row.get(0)).collect()
            }
            Database::Postgres(connection) => {
                connection.fetch_all(sql).await.expect("rows").iter().map(|row| row.get(0)).collect()
            }
        }
    }
}
