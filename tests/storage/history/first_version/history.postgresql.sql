


SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

SET default_tablespace = '';

SET default_table_access_method = heap;


CREATE TABLE public.rootsweep_accounts (
    id integer NOT NULL,
    scope_id integer NOT NULL,
    first_run integer NOT NULL,
    gone_in integer,
    account_id text NOT NULL,
    name text,
    partition text,
    state text,
    is_management_account boolean NOT NULL,
    path text,
    verdict text NOT NULL,
    severity text,
    reasons text NOT NULL,
    excepted boolean NOT NULL
);



CREATE SEQUENCE public.rootsweep_accounts_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;



ALTER SEQUENCE public.rootsweep_accounts_id_seq OWNED BY public.rootsweep_accounts.id;



CREATE TABLE public.rootsweep_keys (
    id integer NOT NULL,
    scope_id integer NOT NULL,
    first_run integer NOT NULL,
    gone_in integer,
    account_id text NOT NULL,
    key_id text,
    slot integer,
    status text NOT NULL,
    created_at timestamp with time zone,
    last_rotated_at timestamp with time zone,
    last_use text NOT NULL,
    last_used_at timestamp with time zone,
    last_used_region text,
    last_used_service text
);



CREATE SEQUENCE public.rootsweep_keys_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;



ALTER SEQUENCE public.rootsweep_keys_id_seq OWNED BY public.rootsweep_keys.id;



CREATE TABLE public.rootsweep_runs (
    number integer NOT NULL,
    scope_id integer NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone NOT NULL,
    tool_version text NOT NULL,
    complete boolean NOT NULL,
    incomplete_because text,
    accounts integer NOT NULL,
    applicable integer NOT NULL,
    proven integer NOT NULL,
    compliant integer NOT NULL,
    non_compliant integer NOT NULL,
    not_applicable integer NOT NULL,
    insufficient_data integer NOT NULL,
    excepted integer NOT NULL,
    rejected_inputs integer NOT NULL,
    new integer NOT NULL,
    reappeared integer NOT NULL,
    fixed integer NOT NULL,
    lost_sight_of integer NOT NULL
);



CREATE SEQUENCE public.rootsweep_runs_number_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;



ALTER SEQUENCE public.rootsweep_runs_number_seq OWNED BY public.rootsweep_runs.number;



CREATE TABLE public.rootsweep_scopes (
    id integer NOT NULL,
    kind text NOT NULL,
    partition text NOT NULL,
    organization_id text NOT NULL,
    asked text NOT NULL
);



CREATE SEQUENCE public.rootsweep_scopes_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;



ALTER SEQUENCE public.rootsweep_scopes_id_seq OWNED BY public.rootsweep_scopes.id;



CREATE TABLE public.rootsweep_version (
    version_num character varying(32) NOT NULL
);



ALTER TABLE ONLY public.rootsweep_accounts ALTER COLUMN id SET DEFAULT nextval('public.rootsweep_accounts_id_seq'::regclass);



ALTER TABLE ONLY public.rootsweep_keys ALTER COLUMN id SET DEFAULT nextval('public.rootsweep_keys_id_seq'::regclass);



ALTER TABLE ONLY public.rootsweep_runs ALTER COLUMN number SET DEFAULT nextval('public.rootsweep_runs_number_seq'::regclass);



ALTER TABLE ONLY public.rootsweep_scopes ALTER COLUMN id SET DEFAULT nextval('public.rootsweep_scopes_id_seq'::regclass);



INSERT INTO public.rootsweep_accounts VALUES (1, 1, 1, 2, '111122223333', 'prod ü', 'aws', NULL, false, NULL, 'NON_COMPLIANT', 'CRITICAL', 'active_root_key', false);
INSERT INTO public.rootsweep_accounts VALUES (2, 1, 1, 2, '222233334444', NULL, 'aws', NULL, false, NULL, 'COMPLIANT', NULL, 'no_root_key', false);
INSERT INTO public.rootsweep_accounts VALUES (3, 1, 1, 2, '333344445555', NULL, 'aws', NULL, false, NULL, 'INSUFFICIENT_DATA', NULL, 'access_denied', false);
INSERT INTO public.rootsweep_accounts VALUES (4, 1, 2, 3, '111122223333', 'prod ü', 'aws', NULL, false, NULL, 'NON_COMPLIANT', 'CRITICAL', 'active_root_key', true);
INSERT INTO public.rootsweep_accounts VALUES (5, 1, 2, 3, '222233334444', NULL, 'aws', NULL, false, NULL, 'NON_COMPLIANT', 'CRITICAL', 'active_root_key', false);
INSERT INTO public.rootsweep_accounts VALUES (6, 1, 2, 3, '333344445555', NULL, 'aws', NULL, false, NULL, 'COMPLIANT', NULL, 'no_root_key', false);
INSERT INTO public.rootsweep_accounts VALUES (9, 1, 3, NULL, '444455556666', NULL, 'aws', NULL, false, NULL, 'NOT_APPLICABLE', NULL, 'account_closed', false);
INSERT INTO public.rootsweep_accounts VALUES (10, 2, 4, NULL, '111122223333', NULL, 'aws', NULL, false, NULL, 'NON_COMPLIANT', 'CRITICAL', 'active_root_key', false);
INSERT INTO public.rootsweep_accounts VALUES (11, 2, 4, NULL, '222233334444', NULL, 'aws', NULL, false, NULL, 'COMPLIANT', NULL, 'no_root_key', false);
INSERT INTO public.rootsweep_accounts VALUES (7, 1, 3, 5, '111122223333', 'prod ü', 'aws', NULL, false, NULL, 'COMPLIANT', NULL, 'no_root_key', false);
INSERT INTO public.rootsweep_accounts VALUES (8, 1, 3, 5, '222233334444', NULL, 'aws', NULL, false, NULL, 'INSUFFICIENT_DATA', NULL, 'access_denied', false);
INSERT INTO public.rootsweep_accounts VALUES (12, 1, 5, NULL, '111122223333', NULL, 'aws', NULL, false, NULL, 'COMPLIANT', NULL, 'no_root_key', false);
INSERT INTO public.rootsweep_accounts VALUES (13, 1, 5, NULL, '222233334444', NULL, 'aws', NULL, false, NULL, 'COMPLIANT', NULL, 'no_root_key', false);
INSERT INTO public.rootsweep_accounts VALUES (14, 1, 5, NULL, '333344445555', NULL, 'aws', NULL, false, NULL, 'COMPLIANT', NULL, 'no_root_key', false);



INSERT INTO public.rootsweep_keys VALUES (1, 1, 1, 2, '111122223333', 'AKIAQNZGKIQY56JQ7WML', NULL, 'ACTIVE', '2021-05-17 14:03:27+00', NULL, 'unknown', NULL, NULL, NULL);
INSERT INTO public.rootsweep_keys VALUES (2, 1, 2, 3, '111122223333', 'AKIAQNZGKIQY56JQ7WML', NULL, 'ACTIVE', '2021-05-17 14:03:27+00', NULL, 'recorded', '2026-11-01 06:00:00+00', 'eu-west-1', 's3');
INSERT INTO public.rootsweep_keys VALUES (3, 1, 2, 3, '222233334444', NULL, 1, 'INACTIVE', NULL, '2021-05-17 14:03:27+00', 'never_recorded', NULL, NULL, NULL);
INSERT INTO public.rootsweep_keys VALUES (4, 2, 4, NULL, '111122223333', 'AKIAQNZGKIQY56JQ7WMM', NULL, 'ACTIVE', '2021-05-18 14:03:27+00', NULL, 'unknown', NULL, NULL, NULL);



INSERT INTO public.rootsweep_runs VALUES (1, 1, '2026-11-01 06:00:00+00', '2026-11-01 06:04:00.000125+00', '0.1.0', true, NULL, 3, 3, 1, 1, 1, 0, 1, 0, 0, 1, 0, 0, 0);
INSERT INTO public.rootsweep_runs VALUES (2, 1, '2026-11-02 06:00:00+00', '2026-11-02 06:04:00.000125+00', '0.1.0', true, NULL, 3, 3, 1, 1, 2, 0, 0, 1, 0, 1, 0, 0, 0);
INSERT INTO public.rootsweep_runs VALUES (3, 1, '2026-11-03 06:00:00+00', '2026-11-03 06:04:00.000125+00', '0.1.0', false, 'interrupted', 3, 2, 1, 1, 0, 1, 1, 0, 0, 0, 0, 1, 2);
INSERT INTO public.rootsweep_runs VALUES (4, 2, '2026-11-04 06:00:00+00', '2026-11-04 06:04:00.000125+00', '0.1.0', true, NULL, 2, 2, 1, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0);
INSERT INTO public.rootsweep_runs VALUES (5, 1, '2026-11-05 06:00:00+00', '2026-11-05 06:04:00.000125+00', '0.1.0', true, NULL, 4, 3, 3, 3, 0, 1, 0, 0, 0, 0, 0, 2, 0);



INSERT INTO public.rootsweep_scopes VALUES (1, 'organization', 'aws', 'o-a1b2c3d4e5', '');
INSERT INTO public.rootsweep_scopes VALUES (2, 'organization', 'aws', 'o-a1b2c3d4e5', '--ou ou-ab12-11111111');



INSERT INTO public.rootsweep_version VALUES ('0001');



SELECT pg_catalog.setval('public.rootsweep_accounts_id_seq', 14, true);



SELECT pg_catalog.setval('public.rootsweep_keys_id_seq', 4, true);



SELECT pg_catalog.setval('public.rootsweep_runs_number_seq', 5, true);



SELECT pg_catalog.setval('public.rootsweep_scopes_id_seq', 2, true);



ALTER TABLE ONLY public.rootsweep_accounts
    ADD CONSTRAINT rootsweep_accounts_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.rootsweep_keys
    ADD CONSTRAINT rootsweep_keys_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.rootsweep_runs
    ADD CONSTRAINT rootsweep_runs_pkey PRIMARY KEY (number);



ALTER TABLE ONLY public.rootsweep_scopes
    ADD CONSTRAINT rootsweep_scopes_once UNIQUE (kind, partition, organization_id, asked);



ALTER TABLE ONLY public.rootsweep_scopes
    ADD CONSTRAINT rootsweep_scopes_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.rootsweep_version
    ADD CONSTRAINT rootsweep_version_pkc PRIMARY KEY (version_num);



CREATE INDEX rootsweep_accounts_in_force ON public.rootsweep_accounts USING btree (scope_id, gone_in, first_run);



CREATE INDEX rootsweep_accounts_of_account ON public.rootsweep_accounts USING btree (account_id);



CREATE INDEX rootsweep_keys_in_force ON public.rootsweep_keys USING btree (scope_id, gone_in, first_run);



CREATE INDEX rootsweep_keys_of_account ON public.rootsweep_keys USING btree (account_id);



CREATE INDEX rootsweep_runs_of_scope ON public.rootsweep_runs USING btree (scope_id, number);



ALTER TABLE ONLY public.rootsweep_accounts
    ADD CONSTRAINT rootsweep_accounts_scope FOREIGN KEY (scope_id) REFERENCES public.rootsweep_scopes(id);



ALTER TABLE ONLY public.rootsweep_keys
    ADD CONSTRAINT rootsweep_keys_scope FOREIGN KEY (scope_id) REFERENCES public.rootsweep_scopes(id);



ALTER TABLE ONLY public.rootsweep_runs
    ADD CONSTRAINT rootsweep_runs_scope FOREIGN KEY (scope_id) REFERENCES public.rootsweep_scopes(id);




