-- Compose runs this at every start, as PostgreSQL's superuser on its local socket. It creates the plain role
-- that the services log in as, gives it what belongs to the product, and ends the superuser's login over the
-- network. Idempotent.
\set ON_ERROR_STOP on
\getenv password PLAIN_PASSWORD

SELECT 'CREATE ROLE storagex_app'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'storagex_app') \gexec
ALTER ROLE storagex_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'password';

ALTER DATABASE storagex OWNER TO storagex_app;
ALTER SCHEMA public OWNER TO storagex_app;
-- What an earlier release created as the superuser. A column's sequence follows its table.
SELECT format('ALTER SCHEMA %I OWNER TO storagex_app', nspname) FROM pg_namespace WHERE nspname = 'drizzle' \gexec
SELECT format('ALTER TABLE %I.%I OWNER TO storagex_app', nspname, relname)
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname IN ('public', 'drizzle') AND relkind IN ('r', 'p') AND relowner <> 'storagex_app'::regrole \gexec
SELECT format('ALTER FUNCTION %s OWNER TO storagex_app', pg_proc.oid::regprocedure)
FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace
WHERE nspname = 'public' AND proowner <> 'storagex_app'::regrole
  AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e') \gexec

-- Without a password the superuser can log in through the socket only, and no other container has that
-- socket.
ALTER ROLE storagex PASSWORD NULL;
