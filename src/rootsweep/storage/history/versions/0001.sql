-- Runs, and the accounts and keys that they found. $identity, $number and $time stand for what SQLite and PostgreSQL call them.
--
-- A row of rootsweep_accounts and of rootsweep_keys holds for every run of its scope from first_run on, up to but not including
-- gone_in; NULL there means until now. Names begin with rootsweep_, so that a database can be shared.

CREATE TABLE rootsweep_scopes (
    id $identity,
    kind TEXT NOT NULL,
    partition TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    asked TEXT NOT NULL,
    CONSTRAINT rootsweep_scopes_once UNIQUE (kind, partition, organization_id, asked)
);

CREATE TABLE rootsweep_runs (
    number $number,
    scope_id INTEGER NOT NULL,
    started_at $time NOT NULL,
    finished_at $time NOT NULL,
    tool_version TEXT NOT NULL,
    complete BOOLEAN NOT NULL,
    incomplete_because TEXT,
    accounts INTEGER NOT NULL,
    applicable INTEGER NOT NULL,
    proven INTEGER NOT NULL,
    compliant INTEGER NOT NULL,
    non_compliant INTEGER NOT NULL,
    not_applicable INTEGER NOT NULL,
    insufficient_data INTEGER NOT NULL,
    excepted INTEGER NOT NULL,
    rejected_inputs INTEGER NOT NULL,
    new INTEGER NOT NULL,
    reappeared INTEGER NOT NULL,
    fixed INTEGER NOT NULL,
    lost_sight_of INTEGER NOT NULL,
    CONSTRAINT rootsweep_runs_scope FOREIGN KEY (scope_id) REFERENCES rootsweep_scopes (id)
);

CREATE INDEX rootsweep_runs_of_scope ON rootsweep_runs (scope_id, number);

CREATE TABLE rootsweep_accounts (
    id $identity,
    scope_id INTEGER NOT NULL,
    first_run INTEGER NOT NULL,
    gone_in INTEGER,
    account_id TEXT NOT NULL,
    name TEXT,
    partition TEXT,
    state TEXT,
    is_management_account BOOLEAN NOT NULL,
    path TEXT,
    verdict TEXT NOT NULL,
    severity TEXT,
    reasons TEXT NOT NULL,
    excepted BOOLEAN NOT NULL,
    CONSTRAINT rootsweep_accounts_scope FOREIGN KEY (scope_id) REFERENCES rootsweep_scopes (id)
);

CREATE INDEX rootsweep_accounts_in_force ON rootsweep_accounts (scope_id, gone_in, first_run);

CREATE INDEX rootsweep_accounts_of_account ON rootsweep_accounts (account_id);

CREATE TABLE rootsweep_keys (
    id $identity,
    scope_id INTEGER NOT NULL,
    first_run INTEGER NOT NULL,
    gone_in INTEGER,
    account_id TEXT NOT NULL,
    key_id TEXT,
    slot INTEGER,
    status TEXT NOT NULL,
    created_at $time,
    last_rotated_at $time,
    last_use TEXT NOT NULL,
    last_used_at $time,
    last_used_region TEXT,
    last_used_service TEXT,
    CONSTRAINT rootsweep_keys_scope FOREIGN KEY (scope_id) REFERENCES rootsweep_scopes (id)
);

CREATE INDEX rootsweep_keys_in_force ON rootsweep_keys (scope_id, gone_in, first_run);

CREATE INDEX rootsweep_keys_of_account ON rootsweep_keys (account_id);
