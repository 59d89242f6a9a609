#include <sqlite3.h>

/// Closing the last connection neither checkpoints nor deletes the write-ahead log: both happen
/// where their failure can be told. A function because sqlite3_db_config is variadic.
static inline int csqlite_keep_log_on_close(sqlite3 *database) {
  return sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}

/// A sync failed, of a file or of a folder. Here because the macros are expressions of others.
static const int csqlite_ioerr_fsync = SQLITE_IOERR_FSYNC;
static const int csqlite_ioerr_dir_fsync = SQLITE_IOERR_DIR_FSYNC;
