-- Course systems that this node reads, by the names that the configuration gives them. `crawl` counts crawls; `state`: how far the one is that is on its way, as JSON
-- (empty: none is); `report`: of the last one that ended, as JSON (empty: none has); `due_at`: when the next one begins (0: at once).
CREATE TABLE syncs (
    name    TEXT   PRIMARY KEY,
    address TEXT   NOT NULL,
    crawl   BIGINT NOT NULL DEFAULT 0,
    state   TEXT   NOT NULL DEFAULT '',
    report  TEXT   NOT NULL DEFAULT '',
    due_at  BIGINT NOT NULL DEFAULT 0
);

-- What such a system has. `seen`: the last crawl that found it; `missed`: how many whole crawls have not, since. `key`: of the training that it becomes, `hash`: of that
-- training as it was published last (empty: it is not; `?`: it may be); `document`: the object itself, where trainings refer to it.
CREATE TABLE sync_objects (
    sync     TEXT   NOT NULL,
    kind     TEXT   NOT NULL,
    id       TEXT   NOT NULL,
    seen     BIGINT NOT NULL,
    missed   BIGINT NOT NULL DEFAULT 0,
    key      TEXT   NOT NULL DEFAULT '',
    hash     TEXT   NOT NULL DEFAULT '',
    document TEXT   NOT NULL DEFAULT '',
    PRIMARY KEY (sync, kind, id)
);
CREATE INDEX sync_objects_by_key ON sync_objects (key);
