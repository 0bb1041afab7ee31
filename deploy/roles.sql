-- A database and its two roles: wss_owner owns the tables and migrates them, wss is the site's. The owner of a table can
-- switch off its triggers, those of the audit trail too, so the site must not be it. As a superuser, for each database:
--   psql -v database=wss -f deploy/roles.sql
\set ON_ERROR_STOP on
SELECT format('CREATE ROLE %I LOGIN', name) FROM unnest(ARRAY['wss_owner', 'wss']) name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
CREATE DATABASE :"database" OWNER wss_owner TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
-- Imports use temporary tables.
GRANT CONNECT, TEMPORARY ON DATABASE :"database" TO wss;
\connect :"database"
-- What migrations create later is the site's to use immediately.
ALTER DEFAULT PRIVILEGES FOR ROLE wss_owner IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO wss;
ALTER DEFAULT PRIVILEGES FOR ROLE wss_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO wss;
