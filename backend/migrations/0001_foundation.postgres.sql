-- One sequence of ids for all tables, handed out in blocks; every id fits a JSON number exactly.
CREATE SEQUENCE entity_id AS bigint START WITH 1000 INCREMENT BY 256 MINVALUE 1000 MAXVALUE 9007199254740991 CACHE 1;
