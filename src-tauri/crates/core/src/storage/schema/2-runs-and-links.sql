-- Workflow runs and links beside tokens, saved workflows and presets.
ALTER TABLE entries ADD COLUMN kind TEXT NOT NULL DEFAULT 'token';
ALTER TABLE entries ADD COLUMN parameters TEXT;
ALTER TABLE entries ADD COLUMN minutes INTEGER;
ALTER TABLE entries ADD COLUMN link TEXT;
ALTER TABLE entries ADD COLUMN link_masked TEXT;
ALTER TABLE entries ADD COLUMN link_sent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE entries ADD COLUMN superseded_at INTEGER;
ALTER TABLE entries ADD COLUMN run_id TEXT;
ALTER TABLE entries ADD COLUMN run_state TEXT;
ALTER TABLE entries ADD COLUMN run_status TEXT;
ALTER TABLE entries ADD COLUMN run_seen TEXT NOT NULL DEFAULT '[]';
ALTER TABLE entries ADD COLUMN run_checked_at INTEGER;
ALTER TABLE entries ADD COLUMN run_ends_at INTEGER;
ALTER TABLE entries ADD COLUMN run_result TEXT;
ALTER TABLE entries ADD COLUMN run_result_at INTEGER;

-- Lists and counts are answered from this index alone.
DROP INDEX entries_listed;
CREATE INDEX entries_listed ON entries (requested_at DESC, number DESC, workspace_id, state,
    used_at, expires_at, purpose, kind, run_state, superseded_at, forgotten_at)
    WHERE forgotten_at IS NULL;
CREATE INDEX entries_with_link ON entries (expires_at) WHERE link IS NOT NULL;
CREATE INDEX entries_open_runs ON entries (run_state) WHERE run_state = 'open';
CREATE INDEX entries_links_of ON entries (workspace_id, subject) WHERE kind = 'link';
CREATE INDEX entries_workflows ON entries (workspace_id, workflow_id, number, workflow_name,
    forgotten_at);
CREATE INDEX entries_by_run ON entries (run_id) WHERE run_id IS NOT NULL;

DROP TRIGGER entries_text_in;
DROP TRIGGER entries_text_out;
DROP TRIGGER entries_text_new;
DROP TABLE entries_text;
CREATE VIRTUAL TABLE entries_text USING fts5 (
    label, workflow_id, workflow_name, subject, token_fingerprint, workspace_name, run_id,
    content = 'entries', content_rowid = 'number', tokenize = 'trigram'
);
INSERT INTO entries_text (entries_text) VALUES ('rebuild');
CREATE TRIGGER entries_text_in AFTER INSERT ON entries BEGIN
    INSERT INTO entries_text
        (rowid, label, workflow_id, workflow_name, subject, token_fingerprint, workspace_name,
        run_id)
    VALUES (new.number, new.label, new.workflow_id, new.workflow_name, new.subject,
        new.token_fingerprint, new.workspace_name, new.run_id);
END;
CREATE TRIGGER entries_text_out AFTER DELETE ON entries BEGIN
    INSERT INTO entries_text (entries_text, rowid, label, workflow_id, workflow_name, subject,
        token_fingerprint, workspace_name, run_id)
    VALUES ('delete', old.number, old.label, old.workflow_id, old.workflow_name, old.subject,
        old.token_fingerprint, old.workspace_name, old.run_id);
END;
CREATE TRIGGER entries_text_new
AFTER UPDATE OF label, token_fingerprint, run_id ON entries BEGIN
    INSERT INTO entries_text (entries_text, rowid, label, workflow_id, workflow_name, subject,
        token_fingerprint, workspace_name, run_id)
    VALUES ('delete', old.number, old.label, old.workflow_id, old.workflow_name, old.subject,
        old.token_fingerprint, old.workspace_name, old.run_id);
    INSERT INTO entries_text
        (rowid, label, workflow_id, workflow_name, subject, token_fingerprint, workspace_name,
        run_id)
    VALUES (new.number, new.label, new.workflow_id, new.workflow_name, new.subject,
        new.token_fingerprint, new.workspace_name, new.run_id);
END;

CREATE TABLE saved_workflows (
    workspace_id TEXT NOT NULL,
    workflow_id TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (workspace_id, workflow_id)
) STRICT;

CREATE TABLE presets (
    id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    name TEXT NOT NULL COLLATE NOCASE,
    body TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (workspace_id, name)
) STRICT;
