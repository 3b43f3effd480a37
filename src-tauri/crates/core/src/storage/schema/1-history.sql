CREATE TABLE workspaces (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    api_host TEXT NOT NULL,
    widget_host TEXT NOT NULL,
    auth_kind TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_test_at INTEGER,
    last_test_ok INTEGER,
    last_four TEXT NOT NULL DEFAULT '',
    credential_since INTEGER,
    allowed_hosts TEXT NOT NULL DEFAULT '[]'
) STRICT;
CREATE UNIQUE INDEX workspaces_by_name ON workspaces (name COLLATE NOCASE);

CREATE TABLE entries (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    workspace_id TEXT NOT NULL,
    workspace_name TEXT NOT NULL,
    workspace_kind TEXT NOT NULL,
    api TEXT NOT NULL,
    workflow_id TEXT NOT NULL,
    workflow_name TEXT,
    subject TEXT,
    parameters_id TEXT,
    lang TEXT,
    label TEXT,
    purpose TEXT NOT NULL,
    state TEXT NOT NULL,
    requested_at INTEGER NOT NULL,
    issued_at INTEGER,
    expires_at INTEGER,
    lifetime INTEGER,
    expiry_source TEXT,
    used_at INTEGER,
    copied_at INTEGER,
    http_status INTEGER,
    authorized_ms INTEGER,
    authorized_from_cache INTEGER NOT NULL DEFAULT 0,
    request_ms INTEGER,
    token TEXT,
    token_masked TEXT,
    token_length INTEGER,
    token_fingerprint TEXT,
    claims TEXT NOT NULL DEFAULT '[]',
    error TEXT,
    forgotten_at INTEGER
) STRICT;
CREATE INDEX entries_listed ON entries (requested_at DESC, number DESC, workspace_id, state,
    used_at, expires_at, purpose, forgotten_at) WHERE forgotten_at IS NULL;
CREATE INDEX entries_forgotten ON entries (forgotten_at) WHERE forgotten_at IS NOT NULL;
CREATE INDEX entries_with_token ON entries (expires_at) WHERE token IS NOT NULL;
CREATE INDEX entries_pending ON entries (state) WHERE state = 'pending';

CREATE VIRTUAL TABLE entries_text USING fts5 (
    label, workflow_id, workflow_name, subject, token_fingerprint, workspace_name,
    content = 'entries', content_rowid = 'number', tokenize = 'trigram'
);
CREATE TRIGGER entries_text_in AFTER INSERT ON entries BEGIN
    INSERT INTO entries_text
        (rowid, label, workflow_id, workflow_name, subject, token_fingerprint, workspace_name)
    VALUES (new.number, new.label, new.workflow_id, new.workflow_name, new.subject,
        new.token_fingerprint, new.workspace_name);
END;
CREATE TRIGGER entries_text_out AFTER DELETE ON entries BEGIN
    INSERT INTO entries_text (entries_text, rowid, label, workflow_id, workflow_name, subject,
        token_fingerprint, workspace_name)
    VALUES ('delete', old.number, old.label, old.workflow_id, old.workflow_name, old.subject,
        old.token_fingerprint, old.workspace_name);
END;
CREATE TRIGGER entries_text_new AFTER UPDATE OF label, token_fingerprint ON entries BEGIN
    INSERT INTO entries_text (entries_text, rowid, label, workflow_id, workflow_name, subject,
        token_fingerprint, workspace_name)
    VALUES ('delete', old.number, old.label, old.workflow_id, old.workflow_name, old.subject,
        old.token_fingerprint, old.workspace_name);
    INSERT INTO entries_text
        (rowid, label, workflow_id, workflow_name, subject, token_fingerprint, workspace_name)
    VALUES (new.number, new.label, new.workflow_id, new.workflow_name, new.subject,
        new.token_fingerprint, new.workspace_name);
END;

CREATE TABLE settings (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    body TEXT NOT NULL
) STRICT;
