//! Tables change without a row being lost.
//!
//! A migration is tested on a store as the one before it left it: all before it are applied, rows are seeded as that
//! time's inquiryd wrote them, it is applied, and the rows are looked at. Each new migration adds its [`Step`].

use super::database::{Database, Engine};
use super::letters::Mail;
use super::shop::Shop;
use inquiryd::store::Store;
use sqlx::migrate::{Migration, Migrator};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What one migration must do with the rows it finds.
struct Step {
    version: i64,
    /// Rows of the time before, as SQL that both engines read.
    seed: &'static str,
    /// Questions to the tables after it, and their answers.
    then: &'static [(&'static str, i64)],
}

const STEPS: &[Step] = &[
    Step {
        version: 1,
        seed: "",
        then: &[
            ("SELECT COUNT(*) FROM sequence WHERE mail = 0 AND buyer = 0 AND inquiry = 0 AND digest = 0", 1),
            ("SELECT COUNT(*) FROM mail", 0),
        ],
    },
    Step {
        version: 2,
        seed: "INSERT INTO buyer (id, name, email, grade, source, first_contact, last_contact) \
               VALUES (1, 'Joan Pike', 'joan@kestrel.example', 'B', 'mail', 10, 20); \
               INSERT INTO mail (id, account, identity, folder, position, direction, subject, size, received_at, \
               recorded_at, kind, kind_reason, automatic, history) \
               SELECT 1, 'sales', 'id:a', 'INBOX', '1/1', 'in', 'chairs', 9, 20, 20, 'inquiry', '', 1 = 0, 1 = 0; \
               INSERT INTO inquiry (id, mail_id, buyer_id, known, text, facts, grade, score, reasons, risks, attachments) \
               SELECT 1, 1, 1, 1 = 1, '600 chairs', '{}', 'B', 30, '[]', '[]', '[]'",
        then: &[
            ("SELECT COUNT(*) FROM buyer WHERE stage = 'potential' AND grade = 'B' AND merged_into IS NULL", 1),
            (
                "SELECT COUNT(*) FROM inquiry WHERE grade = 'B' AND hand_grade IS NULL AND writer = '{}' AND past = ''",
                1,
            ),
        ],
    },
    Step {
        version: 3,
        seed: "INSERT INTO buyer (id, name, email, grade, source, first_contact, last_contact) \
               VALUES (1, 'Joan Pike', 'joan@kestrel.example', 'B', 'mail', 10, 20); \
               INSERT INTO mail (id, account, identity, folder, position, direction, subject, size, received_at, \
               recorded_at, kind, kind_reason, automatic, history) \
               SELECT 1, 'sales', 'id:a', 'INBOX', '1/1', 'in', 'chairs', 9, 20, 20, 'inquiry', '', 1 = 0, 1 = 0; \
               INSERT INTO inquiry (id, mail_id, buyer_id, known, text, facts, grade, score, reasons, risks, attachments, \
               told_at) SELECT 1, 1, 1, 1 = 1, '600 chairs', '{}', 'B', 30, '[]', '[]', '[]', 30; \
               INSERT INTO reminder (inquiry_id, level, planned_at) VALUES (1, 'target', 40)",
        then: &[
            ("SELECT COUNT(*) FROM inquiry WHERE due_at = 0 AND snoozed_until IS NULL AND worked IS NULL", 1),
            ("SELECT COUNT(*) FROM buyer WHERE follow_up_at = 0 AND bounced_at IS NULL AND paused_until IS NULL", 1),
            ("SELECT COUNT(*) FROM reminder WHERE level = 'target' AND planned_at = 40", 1),
            ("SELECT COUNT(*) FROM mail WHERE subject_key = ''", 1),
        ],
    },
    Step {
        version: 4,
        seed: "INSERT INTO mail (id, account, identity, folder, position, direction, subject, size, received_at, \
               recorded_at, kind, kind_reason, automatic, history) \
               SELECT 1, 'sales', 'id:a', 'INBOX', '7/1', 'in', 'chairs', 9, 20, 20, 'inquiry', '', 1 = 0, 1 = 0; \
               INSERT INTO folder_count (account, folder, uid_validity, taken, on_server, counted_at) \
               VALUES ('sales', 'INBOX', 7, 1, 1, 20)",
        then: &[
            // Where old mail lies by now nobody knows: it can't be missed.
            ("SELECT COUNT(*) FROM sighting", 0),
            ("SELECT COUNT(*) FROM folder_count WHERE taken = 1 AND unrecorded IS NULL", 1),
            ("SELECT COUNT(*) FROM forward", 0),
        ],
    },
    Step {
        version: 5,
        seed: "INSERT INTO buyer (id, name, email, grade, source, first_contact, last_contact) \
               VALUES (1, 'Joan Pike', 'joan@kestrel.example', 'A', 'mail', 10, 20); \
               INSERT INTO buyer_event (buyer_id, at, recorded_at, what) VALUES (1, 15, 15, 'quote')",
        then: &[
            ("SELECT COUNT(*) FROM buyer_event WHERE what = 'quote' AND at >= 10", 1),
            ("SELECT COUNT(*) FROM buyer WHERE grade = 'A' AND last_contact < 30 AND merged_into IS NULL", 1),
        ],
    },
    Step {
        version: 6,
        seed: "INSERT INTO buyer (id, name, email, grade, source, first_contact, last_contact) \
               VALUES (1, 'Joan Pike', 'joan@kestrel.example', 'B', 'mail', 10, 20); \
               INSERT INTO follow_up (buyer_id, day, way, asked_at) VALUES (1, '2026-11-23', 'call', 30)",
        then: &[("SELECT COUNT(*) FROM follow_up WHERE buyer_id = 1 AND asked_at > 20", 1)],
    },
    Step {
        version: 7,
        seed: "INSERT INTO outbox (key, what, recipient, message_id, subject, raw, state, created_at, not_before) \
               VALUES ('digest/1/amy', 'digest', 'amy@haiyue.example', '1@haiyue.example', 'Two inquiries', \
               CAST('Subject: Two inquiries' AS BLOB), 'planned', 30, 30)",
        then: &[(
            "SELECT COUNT(*) FROM outbox JOIN outbox_mail ON outbox_id = id \
             WHERE state = 'planned' AND raw = CAST('Subject: Two inquiries' AS BLOB)",
            1,
        )],
    },
    Step {
        version: 8,
        seed: "INSERT INTO buyer (id, name, email, grade, source, first_contact, last_contact) \
               VALUES (1, 'Joan Pike', 'joan@kestrel.example', 'B', 'mail', 10, 20); \
               INSERT INTO buyer_address (address, buyer_id) VALUES ('joan@kestrel.example', 1); \
               INSERT INTO outbox (key, what, recipient, message_id, subject, state, created_at, not_before) \
               VALUES ('newsletter/2026-spring/joan@kestrel.example', 'newsletter', 'joan@kestrel.example', \
               '1@haiyue.example', 'News', 'sent', 30, 30)",
        then: &[
            ("SELECT COUNT(*) FROM campaign_mail WHERE campaign = '2026-spring' AND buyer_id = 1", 1),
            ("SELECT COUNT(*) FROM campaign", 0),
        ],
    },
    Step {
        version: 9,
        seed: "INSERT INTO campaign (name, fingerprint, changed_at, begun_at) VALUES ('2026-spring', 'x', 10, 20)",
        then: &[("SELECT COUNT(*) FROM campaign WHERE begun_at = 20", 1), ("SELECT COUNT(*) FROM provider_refusal", 0)],
    },
    Step {
        version: 10,
        seed: "INSERT INTO buyer (id, name, email, grade, source, consent, first_contact, last_contact) \
               VALUES (1, 'Joan Pike', 'joan@kestrel.example', 'B', 'mail', 'fair form', 10, 20)",
        then: &[(
            "SELECT COUNT(*) FROM buyer WHERE tags = '[]' AND consent = 'fair form' AND consent_at IS NULL \
             AND consent_until IS NULL",
            1,
        )],
    },
    Step {
        version: 12,
        seed: "INSERT INTO outbox (key, what, recipient, message_id, subject, state, created_at, not_before) \
               VALUES ('digest/1/amy', 'digest', 'amy@haiyue.example', '1@haiyue.example', 'Two', 'planned', 30, 30)",
        then: &[("SELECT COUNT(*) FROM outbox WHERE state = 'planned' AND what <> 'newsletter'", 1)],
    },
    Step {
        version: 13,
        seed: "INSERT INTO outbox (key, what, recipient, message_id, subject, state, created_at, not_before, claimed_until) \
               VALUES ('k', 'digest', 'amy@haiyue.example', 'm@haiyue.example', 'chairs', 'sending', 30, 30, 90)",
        then: &[("SELECT COUNT(*) FROM outbox WHERE state = 'sending' AND claimed_until <= 90", 1)],
    },
];

on_both_engines![
    each_migration_keeps_the_rows_of_the_time_before_it,
    opening_a_store_again_changes_nothing,
    a_store_of_a_newer_inquiryd_is_refused,
    a_store_whose_tables_were_changed_by_hand_is_refused,
];

fn folder(engine: Engine) -> PathBuf {
    let name = match engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    };
    Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(name)
}

async fn migrations(engine: Engine) -> Vec<Migration> {
    Migrator::new(folder(engine)).await.expect("migrations").iter().cloned().collect()
}

#[test]
fn both_engines_have_the_same_migrations() {
    let names = |engine| {
        let entries = std::fs::read_dir(folder(engine)).expect("a folder");
        entries.map(|entry| entry.expect("an entry").file_name()).collect::<BTreeSet<_>>()
    };
    assert_eq!(names(Engine::Sqlite), names(Engine::Postgres));
    assert!(!names(Engine::Sqlite).is_empty());
}

#[tokio::test]
async fn both_engines_have_the_same_tables_and_columns() {
    let sqlite = Shop::open(Engine::Sqlite).await;
    let postgres = Shop::open(Engine::Postgres).await;
    let in_sqlite = "SELECT t.name || '.' || c.name || CASE WHEN c.\"notnull\" THEN '' ELSE '?' END \
                     FROM sqlite_master t JOIN pragma_table_info(t.name) c \
                     WHERE t.type = 'table' AND t.name NOT LIKE '\\_sqlx%' ESCAPE '\\' AND t.name NOT LIKE 'sqlite%'";
    let in_postgres = "SELECT table_name || '.' || column_name || CASE is_nullable WHEN 'NO' THEN '' ELSE '?' END \
                       FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations'";
    let columns = |texts: Vec<String>| texts.into_iter().collect::<BTreeSet<_>>();
    let in_sqlite = columns(sqlite.database().await.texts(in_sqlite).await);
    assert_eq!(in_sqlite, columns(postgres.database().await.texts(in_postgres).await));
    assert!(in_sqlite.contains("mail.subject") && in_sqlite.contains("mail.message_id?"), "{in_sqlite:?}");
}

async fn each_migration_keeps_the_rows_of_the_time_before_it(engine: Engine) {
    let all = migrations(engine).await;
    let steps: Vec<i64> = STEPS.iter().map(|step| step.version).collect();
    let versions: Vec<i64> = all.iter().map(|migration| migration.version).collect();
    assert_eq!(steps, versions, "a migration has no step here");
    for step in STEPS {
        let folder = tempfile::tempdir().expect("a folder");
        let url = engine.fresh_url(folder.path()).await;
        let mut database = Database::connect(&url).await;
        migrate(&mut database, &all, |version| version < step.version).await;
        database.run(&written_for(engine, step.seed)).await;
        migrate(&mut database, &all, |version| version <= step.version).await;
        for (question, answer) in step.then {
            assert_eq!(
                database.number(&written_for(engine, question)).await,
                *answer,
                "after {}: {question}",
                step.version
            );
        }
        Store::open(&url).await.expect("the migrations since then");
    }
}

/// The type of bytes is the one name that the engines don't share.
fn written_for(engine: Engine, sql: &str) -> String {
    match engine {
        Engine::Sqlite => sql.to_owned(),
        Engine::Postgres => sql.replace("BLOB", "BYTEA"),
    }
}

async fn migrate(database: &mut Database, all: &[Migration], wanted: impl Fn(i64) -> bool) {
    let some = Migrator::with_migrations(all.iter().filter(|one| wanted(one.version)).cloned().collect());
    match database {
        Database::Sqlite(connection) => some.run(connection).await.expect("migrated"),
        Database::Postgres(connection) => some.run(connection).await.expect("migrated"),
    }
}

async fn opening_a_store_again_changes_nothing(engine: Engine) {
    let mut shop = Shop::open(engine).await;
    shop.deliver("sales", &Mail::from("ann@kestrel.example").id("1@kestrel.example"));
    shop.poll().await;
    shop.digest().await;
    let tables = match engine {
        Engine::Sqlite => "SELECT name || sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name",
        Engine::Postgres => {
            "SELECT table_name || column_name || data_type || ordinal_position FROM information_schema.columns \
             WHERE table_schema = 'public' ORDER BY table_name, ordinal_position"
        }
    };
    let applied = "SELECT CAST(installed_on AS TEXT) FROM _sqlx_migrations ORDER BY version";
    let rows = "SELECT subject || message_id FROM mail UNION ALL SELECT key || message_id FROM outbox ORDER BY 1";
    let mut database = shop.database().await;
    let before = [database.texts(tables).await, database.texts(applied).await, database.texts(rows).await];
    assert_eq!(before[2].len(), 3);
    shop.restart().await;
    let after = [database.texts(tables).await, database.texts(applied).await, database.texts(rows).await];
    assert_eq!(before, after);
}

async fn a_store_of_a_newer_inquiryd_is_refused(engine: Engine) {
    let shop = Shop::open(engine).await;
    let checksum = match engine {
        Engine::Sqlite => "X'00'",
        Engine::Postgres => "'\\x00'",
    };
    let newer = format!(
        "INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) \
         VALUES (9999, 'of the future', CURRENT_TIMESTAMP, TRUE, {checksum}, 1)"
    );
    shop.database().await.run(&newer).await;
    let error = format!("{:#}", Store::open(&shop.url).await.expect_err("refused"));
    assert!(error.contains("was written by a newer inquiryd"), "{error}");
    assert!(error.contains("9999"), "{error}");
}

async fn a_store_whose_tables_were_changed_by_hand_is_refused(engine: Engine) {
    let shop = Shop::open(engine).await;
    shop.database().await.run("DELETE FROM _sqlx_migrations").await;
    let error = format!("{:#}", Store::open(&shop.url).await.expect_err("refused"));
    assert!(error.contains("bringing the tables of") && error.contains("sequence"), "{error}");
}
