-- One sequence of ids for all tables; every id fits a JSON number exactly.
CREATE SEQUENCE entity_id AS bigint START WITH 1000 MINVALUE 1000 MAXVALUE 9007199254740991 CACHE 1;
