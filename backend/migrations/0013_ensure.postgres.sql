-- Ends the transaction when the condition is not met; the code is what the program reads. SQLite has the function from the
-- program.
CREATE FUNCTION ensure(holds boolean, code text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF holds IS NOT TRUE THEN
        RAISE EXCEPTION USING ERRCODE = 'AR001', MESSAGE = code;
    END IF;
END
$$;
